/**
 * Error of Hessian-vector products by central differences in f32 over the length of the perturbation, against f64.
 * Prints the tables of decisions/0010-difference-step.md. Run: deno run --allow-read --allow-env bench/difference_step.ts
 */
import { plan } from "../src/gpu/planner.ts";
import { Session } from "../src/gpu/session.ts";
import { gradients, pinGradients } from "../src/nn/grad.ts";
import { HessianVector } from "../src/nn/implicit.ts";
import { toTorch } from "../src/nn/torch_layout.ts";
import { Trace } from "../src/nn/trace.ts";
import { testDevice } from "../tests/nn/check_op.ts";
import * as curved from "../tests/nn/curved_net.ts";
import { type EncoderFixture, feed, readFixture, supervised } from "../tests/nn/encoders/check_encoder.ts";
import { distance, type Summary } from "../tests/nn/hashed.ts";

const EXPONENTS = [-6, -5.5, -5, -4.5, -4, -3.5, -3, -2.5, -2, -1.5, -1];

interface Fixture extends EncoderFixture {
  /** Double backward in f64. */
  readonly exact: readonly Summary[];
}

/** A few hundred parameters, where f64 differences of every parameter are affordable. */
async function smallNet(relu: boolean): Promise<void> {
  console.log(`\nSmall network ${relu ? "with" : "without"} ReLU:\n`);
  console.log("| radius | f32 against f64, same step | f64 step against its limit | f32 against the limit |");
  console.log("| --- | --- | --- | --- |");
  await curved.withCurvedNet(relu, async (net, session) => {
    const feeds = await curved.feedsOf(net, session);
    const limit = curved.referenceProduct(net, feeds, 1e-6);
    for (const exponent of EXPONENTS) {
      const { product, eps } = await curved.adapterProduct(net, session, 10 ** exponent);
      const same = curved.referenceProduct(net, feeds, eps);
      const errors = [[product, same], [same, limit], [product, limit]] as const;
      const columns = errors.map(([got, expected]) => curved.relativeError(got, expected).toExponential(1));
      console.log(`| 1e${exponent} | ${columns.join(" | ")} |`);
    }
  });
}

async function tinyResnet(): Promise<void> {
  console.log("\nTiny ResNet, along its gradient, against PyTorch's double backward in f64:\n");
  console.log("| radius | f32 against the exact product |\n| --- | --- |");
  const fixture = await readFixture<Fixture>("hvp/tiny.json");
  const device = await testDevice();
  const t = new Trace({ target: device.target });
  const { s, loss } = supervised(t, "tiny", fixture, {});
  const params = s.arena;
  const trained = { params, grads: pinGradients(t, params, gradients(t, [{ loss, wrt: s.parameters() }])) };
  const session = await Session.bind(device, plan(t.program));
  feed(session, t, fixture);
  for (const exponent of EXPONENTS) {
    const hv = await HessianVector.bind(session, trained, { radius: 10 ** exponent });
    session.replay({ freeze: true });
    hv.aimAtGradient();
    hv.run(() => session.replay({ freeze: true }));
    let error = 0, norm = 0;
    for (const e of fixture.exact) {
      const got = toTorch(t.parameters.get(e.name)!, await hv.session.read(hv.product.get(e.name)!));
      error += distance(got, e) ** 2;
      norm += e.norm ** 2;
    }
    hv.close();
    console.log(`| 1e${exponent} | ${Math.sqrt(error / norm).toExponential(1)} |`);
  }
}

await smallNet(false);
await smallNet(true);
await tinyResnet();
Deno.exit(0);
