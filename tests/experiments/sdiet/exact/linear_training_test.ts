import assert from "node:assert/strict";
import { differences, largest } from "../../../../experiments/exact/differences.ts";
import { drawSources, momentsOf } from "../../../../experiments/sdiet/exact/linear_theorem.ts";
import {
  descend,
  dietObjective,
  indexObjective,
  spectralObjective,
  startingPoint,
  unpack,
} from "../../../../experiments/sdiet/exact/linear_training.ts";
import type { Smooth } from "../../../../src/eval/lbfgs.ts";

const N = 4, D = 3, RANK = 2;
const sources = drawSources(N, D, 3, 0.5, 2);
const moments = momentsOf(sources);
const start = startingPoint(RANK * (N + D), 0.5, 1);

function evaluate(objective: Smooth, at: Float64Array): { value: number; gradient: Float64Array } {
  const gradient = new Float64Array(at.length).fill(NaN); // an objective writes every element
  return { value: objective(at, gradient), gradient };
}

/** Gradients of order 1, central differences of fourth order with step 1e-3. */
function assertGradient(objective: Smooth, at: Float64Array, name: string): void {
  const numeric = differences((x) => evaluate(objective, Float64Array.from(x)).value, [...at]);
  assert.ok(largest(evaluate(objective, at).gradient, numeric) < 1e-8, name);
}

Deno.test("gradients of every objective agree with central differences", () => {
  for (const loss of ["mse", "cross-entropy", "normalised cross-entropy"] as const) {
    const objective = indexObjective(loss, sources, RANK, { smoothing: 0.2, temperature: 0.7 });
    assertGradient(objective, start, loss);
  }
  assertGradient(dietObjective(moments, RANK), start, "from moments");
  assertGradient(spectralObjective(moments, RANK), start.slice(0, RANK * D), "spectral");
});

Deno.test("dietObjective is the squared error over all views", () => {
  const a = evaluate(dietObjective(moments, RANK), start);
  const b = evaluate(indexObjective("mse", sources, RANK), start);
  assert.ok(Math.abs(a.value - b.value) < 1e-13 && largest(a.gradient, b.gradient) < 1e-13);
});

Deno.test("normalised cross-entropy does not see the encoder's scale", () => {
  const objective = indexObjective("normalised cross-entropy", sources, RANK);
  const scaled = start.map((v, i) => i < RANK * D ? 3 * v : v);
  assert.ok(Math.abs(evaluate(objective, start).value - evaluate(objective, scaled).value) < 1e-14);
});

Deno.test("descend lowers the loss, starts are repeatable, and unpack splits where they were joined", () => {
  const objective = dietObjective(moments, RANK);
  const end = descend(objective, start, { rate: 0.02, steps: 50 });
  assert.ok(evaluate(objective, end).value < evaluate(objective, start).value);
  assert.deepEqual(startingPoint(5, 1, 3), startingPoint(5, 1, 3));
  const { w, head } = unpack(start, N, D, RANK);
  assert.deepEqual([...w.to1DArray(), ...head.to1DArray()], [...start]);
  assert.deepEqual([w.rows, w.columns, head.rows, head.columns], [RANK, D, N, RANK]);
});
