import assert from "node:assert/strict";
import { scaleBoth } from "../../src/eval/scaling.ts";
import { features } from "./toy_features.ts";

const TRAIN = features([[3, 4], [6, 8], [0, 1]]), TEST = features([[0, 2]]);
const near = (got: Float32Array, wanted: readonly number[]) =>
  wanted.forEach((v, i) =>
    assert.ok(Math.abs(got[i]! - v) < 1e-6 * Math.max(1, Math.abs(v)), `${i}: ${got[i]} ${v}`)
  );

Deno.test("scaleBoth leaves features, gives rows length one, or standardises by the training rows alone", () => {
  const [train, test] = scaleBoth(TRAIN, TEST, "none");
  assert.deepEqual([train, test], [TRAIN, TEST]);
  near(scaleBoth(TRAIN, TEST, "l2")[0].values, [0.6, 0.8, 0.6, 0.8, 0, 1]);
  // Column means 3 and 13/3; variances 6 and 74/9.
  const [sx, sy] = [Math.sqrt(6 + 1e-5), Math.sqrt(74 / 9 + 1e-5)];
  near(scaleBoth(TRAIN, TEST, "standardise")[1].values, [-3 / sx, (2 - 13 / 3) / sy]);
  // Of the unit rows: means 0.4 and 2.6/3; variances 0.08 and 0.08/9.
  const [ux, uy] = [Math.sqrt(0.08 + 1e-5), Math.sqrt(0.08 / 9 + 1e-5)];
  near(scaleBoth(TRAIN, TEST, "l2-standardise")[1].values, [-0.4 / ux, (1 - 2.6 / 3) / uy]);
});

Deno.test("scaleBoth keeps a feature that never changes finite", () => {
  const [train] = scaleBoth(features([[5, 1], [5, 2]]), TEST, "standardise");
  assert.deepEqual([train.values[0], train.values[2]], [0, 0]);
});
