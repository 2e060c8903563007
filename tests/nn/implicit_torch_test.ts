/** Hessian-vector products of the whole tiny ResNet, along its gradient, against PyTorch in f64. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { gradients, pinGradients } from "../../src/nn/grad.ts";
import { HessianVector } from "../../src/nn/implicit.ts";
import { toTorch } from "../../src/nn/torch_layout.ts";
import { Trace } from "../../src/nn/trace.ts";
import { testDevice } from "./check_op.ts";
import { type EncoderFixture, feed, readFixture, supervised } from "./encoders/check_encoder.ts";
import { distance, type Summary } from "./hashed.ts";

interface Fixture extends EncoderFixture {
  /** Double backward in f64. */
  readonly exact: readonly Summary[];
  /** Central differences in f64. */
  readonly differences: readonly {
    readonly radius: number;
    /** Relative distance from the exact product. */
    readonly fromExact: number;
    /** Relative error of PyTorch's own f32 at this radius. */
    readonly torchError: number;
    readonly products: readonly Summary[];
  }[];
}

type Product = ReadonlyMap<string, Float32Array>;

/** |got - expected| / |expected| over all parameters. */
function relativeError(got: Product, expected: readonly Summary[]): number {
  return Math.hypot(...expected.map((e) => distance(got.get(e.name)!, e))) /
    Math.hypot(...expected.map((e) => e.norm));
}

/** Runs the training step once, then takes the product along its gradient at each radius; PyTorch's layout. */
async function productsAt(f: Fixture, radii: readonly number[]): Promise<Product[]> {
  const device = await testDevice();
  const t = new Trace({ target: device.target });
  const { s, loss } = supervised(t, "tiny", f, {});
  const grads = gradients(t, [{ loss, wrt: s.parameters() }]);
  const trained = { params: s.arena, grads: pinGradients(t, s.arena, grads) };
  t.recordLater();
  const session = await Session.bind(device, plan(t.program));
  try {
    feed(session, t, f);
    const products: Product[] = [];
    for (const radius of radii) {
      const hv = await HessianVector.bind(session, trained, { radius });
      try {
        session.replay({ freeze: true });
        hv.aimAtGradient();
        hv.run(() => session.replay({ freeze: true }));
        const product = new Map<string, Float32Array>();
        for (const parameter of t.parameters.values()) {
          const data = await hv.session.read(hv.product.get(parameter.name)!);
          product.set(parameter.name, toTorch(parameter, data));
        }
        products.push(product);
      } finally {
        hv.close();
      }
    }
    return products;
  } finally {
    session.close();
  }
}

Deno.test("HessianVector on the tiny ResNet gives the central differences of f64, and the exact product where no ReLU changes sides", async () => {
  const f = await readFixture<Fixture>("hvp/tiny.json");
  const products = await productsAt(f, f.differences.map((d) => d.radius));
  for (const [i, d] of f.differences.entries()) {
    // Rounding of the gradients divided by the step, which PyTorch's f32 suffers alike.
    const tolerance = 5 * d.torchError;
    const error = relativeError(products[i]!, d.products);
    assert.ok(error <= tolerance, `radius ${d.radius}: off by ${error}, tolerance ${tolerance}`);
  }
  const nearest = f.differences.at(-1)!;
  assert.ok(nearest.fromExact < 1e-4, "at the smallest radius the differences of f64 are the exact product");
  const error = relativeError(products.at(-1)!, f.exact);
  const tolerance = nearest.fromExact + 5 * nearest.torchError;
  assert.ok(error <= tolerance, `off by ${error} from the exact product, tolerance ${tolerance}`);
});
