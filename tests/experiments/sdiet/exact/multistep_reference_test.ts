import assert from "node:assert/strict";
import { type AdamWNumbers, MultistepPlan } from "../../../../src/nn/multistep.ts";
import { largest, relative } from "../../../../experiments/exact/differences.ts";
import {
  adamwStep,
  batchOrder,
  cloneRow,
  type LinearTask,
  misreadVisit,
  rowInTraining,
  sequentialVisit,
  trainLinearHead,
  WRONG_UPDATES,
} from "../../../../experiments/sdiet/exact/multistep_reference.ts";

const NUMBERS: AdamWNumbers = { lr: 0.1, weightDecay: 0.5, beta1: 0.9, beta2: 0.99, eps: 0.25 };

Deno.test("adamwStep gives the numbers worked out by hand, with and without bias correction", () => {
  const row = { h: Float64Array.of(1), m: Float64Array.of(0), v: Float64Array.of(0) };
  const corrected = cloneRow(row);
  adamwStep(row, [2], NUMBERS);
  // h 0.95 - 0.1 * 0.2 / (sqrt(0.04) + 0.25)
  assert.ok(Math.abs(row.h[0]! - (0.95 - 0.02 / 0.45)) < 1e-15);
  adamwStep(corrected, [2], NUMBERS, 0);
  // first step: m / 0.1 = 2, v / 0.01 = 4
  assert.ok(Math.abs(corrected.h[0]! - (0.95 - 0.2 / 2.25)) < 1e-15);
  assert.ok(Math.abs(corrected.m[0]! - 0.2) < 1e-16 && Math.abs(corrected.v[0]! - 0.04) < 1e-16);
});

Deno.test("misreadVisit without a misreading is the sequential visit, each misreading is not", () => {
  const numbers = { ...NUMBERS, weightDecay: 0.05, beta2: 0.999, eps: 0 };
  const { row, g } = rowInTraining(64, 1);
  const truth = cloneRow(row);
  sequentialVisit(truth, g, 12, numbers);
  const error = (change: Parameters<typeof misreadVisit>[4]) => {
    const other = cloneRow(row);
    misreadVisit(other, g, 12, numbers, change);
    return largest(other.h, truth.h);
  };
  assert.ok(error({}) < 1e-13);
  for (const [name, change] of Object.entries(WRONG_UPDATES)) assert.ok(error(change) > 1e-5, name);
});

const TASK: LinearTask = { images: 12, batch: 4, inputs: 5, features: 3, epochs: 4, smoothing: 0.1 };

Deno.test("batchOrder visits every image once an epoch, always alike or never", () => {
  for (const order of ["cyclic", "reshuffled"] as const) {
    const epochs = batchOrder(TASK, order);
    assert.equal(epochs.length, 12);
    assert.deepEqual(epochs.slice(0, 3).flat().sort((a, b) => a - b), [...Array(12).keys()]);
    assert.equal(`${epochs.slice(0, 3)}` === `${epochs.slice(3, 6)}`, order === "cyclic");
  }
});

Deno.test("trainLinearHead gives one encoder for a dense head and lazy rows, another for rows that wait", () => {
  const numbers = { lr: 1e-2, weightDecay: 0.05, beta1: 0.9, beta2: 0.999, eps: 0 };
  const order = batchOrder(TASK, "reshuffled");
  const dense = trainLinearHead(TASK, order, numbers, { kind: "dense" });
  const rows = (mode: "lazy" | "none") =>
    trainLinearHead(TASK, order, numbers, {
      kind: "rows",
      plan: new MultistepPlan({ mode, period: 3, ...numbers }),
    });
  assert.ok(relative(rows("lazy"), dense) < 1e-13);
  assert.ok(relative(rows("none"), dense) > 1e-2);
});
