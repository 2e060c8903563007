/** Runs a whole encoder on the adapter and compares loss and every parameter gradient with PyTorch's f64. */
import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { recompute } from "../../../src/gpu/recompute.ts";
import { Session } from "../../../src/gpu/session.ts";
import type { Encoder } from "../../../src/nn/encoder.ts";
import type { EncoderOptions } from "../../../src/nn/encoders/encoder.ts";
import { encoderByName } from "../../../src/nn/encoders/table.ts";
import { grad } from "../../../src/nn/grad.ts";
import { classifier } from "./classifier.ts";
import { softmaxCrossEntropy } from "../../../src/nn/ops/loss.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { fromTorch, torchShape, toTorch } from "../../../src/nn/torch_layout.ts";
import { type Parameter, Trace, type Value } from "../../../src/nn/trace.ts";
import { testDevice } from "../check_op.ts";
import { distance, sampleDistance, signed, type Summary, words } from "../hashed.ts";

export interface EncoderFixture {
  readonly batch: number;
  readonly image: number;
  readonly classes: number;
  /** Of the images. */
  readonly seed: number;
  readonly loss: number;
  readonly torchLossError: number;
  readonly features: Summary;
  readonly gradients: readonly Summary[];
}

export async function readFixture<T>(name: string): Promise<T> {
  return JSON.parse(await Deno.readTextFile(new URL(`../../fixtures/${name}`, import.meta.url)));
}

const LAST_NORMS = /(bn2|bn3|conv\.2|conv\.3)\.weight$/;

/** A parameter's value by its name, as fill_from_names in tests/oracles/nets.py makes it. */
export function hashedWeights(t: Trace, parameter: Parameter): Float32Array<ArrayBuffer> {
  const { name, value } = parameter;
  const u = signed(name, value.size);
  const vector = (name: string) => t.parameters.get(name)?.kind === "vector";
  const weight = name.replace("bias", "weight");
  const last = LAST_NORMS.test(weight);
  if (!vector(name)) {
    const bound = Math.sqrt(6 / (value.size / torchShape(parameter)[0]!));
    return fromTorch(parameter, Float32Array.from(u, (v) => v * bound));
  }
  if (name === weight) return Float32Array.from(u, (v) => (1 + 0.25 * v) * (last ? 0.25 : 1));
  const offset = vector(weight) && !last ? 1.5 : 0;
  return Float32Array.from(u, (v) => 0.1 * v + offset);
}

export interface Supervised {
  readonly t: Trace;
  readonly s: Scope;
  readonly encoder: Encoder;
  readonly features: Value;
  readonly loss: Value;
}

/** Encoder, classifier, cross-entropy. Inputs are `images` and `labels`. */
export function supervised(t: Trace, name: string, f: EncoderFixture, options: EncoderOptions): Supervised {
  const s = Scope.root(t);
  const encoder = encoderByName(name, s, { image: f.image, ...options });
  const head = classifier(s, encoder, f.classes);
  const features = encoder.apply(t.input("images", [f.batch, f.image, f.image, 3]));
  const loss = softmaxCrossEntropy(t, head(features), t.input("labels", [f.batch], "u32"));
  return { t, s, encoder, features, loss };
}

/** Writes the fixture's weights, images and labels. */
export function feed(
  session: Session,
  t: Trace,
  f: Pick<EncoderFixture, "batch" | "classes" | "seed">,
): void {
  for (const parameter of t.parameters.values()) session.write(parameter.value, hashedWeights(t, parameter));
  const images = t.inputs.get("images")!;
  session.write(images, Float32Array.from(signed(`images ${f.seed}`, images.size)));
  session.write(t.inputs.get("labels")!, words("labels", f.batch).map((w) => w % f.classes));
}

/**
 * Each gradient tensor, in norm, to 1e-4 or five times the error of PyTorch's own f32, whichever is larger. A tensor
 * whose exact gradient is zero (an offset that the next norm takes away) has no relative error: its rounding noise is
 * held to 1e-5 of the whole gradient.
 */
export async function checkEncoder(
  name: string,
  options: EncoderOptions = {},
  portable = false,
): Promise<void> {
  const f = await readFixture<EncoderFixture>(`encoders/${name}.json`);
  const device = await testDevice();
  const t = new Trace({ target: portable ? PORTABLE : device.target });
  const { features, loss } = supervised(t, name, f, options);
  const parameters = [...t.parameters.values()];
  const gradients = grad(t, loss, parameters.map((p) => p.value));
  [loss, features, ...gradients].forEach((v) => t.program.output(v));
  const planned = plan(recompute(t.program));
  const session = await Session.bind(device, planned);
  try {
    assert.equal(device.allocatedBytes, planned.peakBytes, "allocated bytes equal planned bytes");
    feed(session, t, f);
    session.replay();
    const [value] = await session.read(loss);
    assert.ok(
      Math.abs(value! - f.loss) <= Math.max(1e-5, 5 * f.torchLossError) * f.loss,
      `${name}: loss ${value}, PyTorch has ${f.loss}`,
    );
    check(`${name}: features`, await session.read(features), f.features, 0);
    const whole = Math.hypot(...f.gradients.map((g) => g.norm));
    assert.deepEqual(parameters.map((p) => p.name).sort(), f.gradients.map((g) => g.name).sort());
    for (const [i, parameter] of parameters.entries()) {
      const expected = f.gradients.find((g) => g.name === parameter.name)!;
      assert.deepEqual(torchShape(parameter), expected.shape, `${parameter.name}: shape`);
      const got = toTorch(parameter, await session.read(gradients[i]!));
      check(`${name}: gradient of ${parameter.name}`, got, expected, whole);
    }
  } finally {
    session.close();
  }
}

function check(what: string, got: ArrayLike<number>, expected: Summary, whole: number): void {
  const zero = expected.norm <= 1e-10 * whole;
  const tolerance = zero ? 1e-5 * whole : Math.max(1e-4, 5 * expected.torchError!) * expected.norm;
  const error = distance(got, expected);
  assert.ok(
    error <= tolerance,
    `${what}: off by ${error} in norm, norm ${expected.norm}, tolerance ${tolerance}`,
  );
  const single = sampleDistance(got, expected);
  assert.ok(single <= tolerance, `${what}: an element is off by ${single}, tolerance ${tolerance}`);
}
