/** Runs a loss on the adapter over the cases of tests/oracles/losses_cases.py and compares value and gradients with PyTorch's f64. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { PORTABLE } from "../../src/gpu/program.ts";
import { Session } from "../../src/gpu/session.ts";
import { grad } from "../../src/nn/grad.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { testDevice } from "./check_op.ts";
import { readFixture } from "./encoders/check_encoder.ts";
import { signed } from "./hashed.ts";

interface LossCase {
  readonly kind: string;
  readonly rows: number;
  readonly columns: number;
  /** Shapes of the tensors behind the first two. */
  readonly more: readonly (readonly [number, number])[];
  readonly options: Readonly<Record<string, number>>;
  readonly loss: number;
  /** Errors of PyTorch's own f32, absolute; those of gradients in norm. */
  readonly torchLossError: number;
  readonly gradients: readonly (readonly number[])[];
  readonly torchErrors: readonly number[];
}

interface LossFixture {
  readonly name: string;
  readonly cases: readonly LossCase[];
}

export type Loss = (
  t: Trace,
  inputs: readonly Value[],
  options: Readonly<Record<string, number>>,
) => Value;

/** The twin of `embeddings` in losses_cases.py. */
function embeddings(kind: string, name: string, rows: number, columns: number, first?: Float32Array) {
  const factor = kind === "tiny" ? 2 ** -10 : kind === "large" ? 2 ** 10 : 1;
  const offset = kind === "offset" ? 4 : 0;
  return Float32Array.from(signed(name, rows * columns), (u, i) => {
    if (kind === "alike" && first) return first[i]! + u / 1024;
    if (kind === "spread") return u * 4 ** (Math.floor(i / columns) - (rows >> 1));
    return u * factor + offset;
  });
}

/**
 * Tolerance: ten times the error of PyTorch's own f32 on the case, and at least 64 unit roundoffs of the tensor (in norm)
 * or of the loss and the terms it is made of: both arithmetics round every term once or twice, in other places.
 */
export async function checkLoss(name: string, loss: Loss): Promise<void> {
  const fixture = await readFixture<LossFixture>(`losses/${name}.json`);
  assert.ok(fixture.cases.length > 0);
  for (const c of fixture.cases) {
    for (const target of [(await testDevice()).target, PORTABLE]) await checkCase(name, c, loss, target);
  }
}

async function checkCase(name: string, c: LossCase, loss: Loss, target: Trace["program"]["target"]) {
  const what = `${name}, ${c.kind}, ${c.rows} rows, lanes ${target.lanes}`;
  const t = new Trace({ target });
  const label = (i: number) => `${name} ${c.kind} ${c.rows} ${i}`;
  const first = embeddings(c.kind, label(0), c.rows, c.columns);
  const data = [
    first,
    embeddings(c.kind, label(1), c.rows, c.columns, first),
    ...c.more.map((shape, i) => embeddings("plain", label(2 + i), ...shape)),
  ];
  const shapes = [[c.rows, c.columns], [c.rows, c.columns], ...c.more];
  const inputs = shapes.map((shape, i) => t.input(`z${i}`, shape));
  const value = loss(t, inputs, c.options);
  assert.deepEqual(value.shape, [1]);
  const gradients = grad(t, value, inputs.slice(0, c.gradients.length));
  [value, ...gradients].forEach((v) => t.program.output(v));
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    inputs.forEach((x, i) => session.write(x, data[i]!));
    session.replay();
    const [got] = await session.read(value);
    const error = Math.abs(got! - c.loss);
    const allowed = Math.max(10 * c.torchLossError, 64 * 2 ** -24 * Math.max(1, Math.abs(c.loss)));
    assert.ok(error <= allowed, `${what}: loss ${got}, PyTorch has ${c.loss}, allowed is ${allowed}`);
    for (const [i, expected] of c.gradients.entries()) {
      const dz = await session.read(gradients[i]!);
      const off = Math.hypot(...expected.map((v, j) => v - dz[j]!));
      const most = Math.max(10 * c.torchErrors[i]!, 64 * 2 ** -24 * Math.hypot(...expected));
      assert.ok(off <= most, `${what}: gradient ${i} is off by ${off}, allowed is ${most}`);
    }
  } finally {
    session.close();
  }
}
