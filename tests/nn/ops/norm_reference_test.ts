import assert from "node:assert/strict";
import { moments, normReference } from "../../../src/nn/ops/norm_reference.ts";

Deno.test("moments gives mean and biased variance of every channel", () => {
  const { mean, variance } = moments(Float64Array.of(1, 10, 3, 10, 5, 16), 2);
  assert.deepEqual([...mean].map((v) => Math.round(v * 1e9) / 1e9), [3, 12]);
  assert.deepEqual(
    [...variance].map((v) => Math.round(v * 1e9) / 1e9),
    [8 / 3, 8].map((v) => Math.round(v * 1e9) / 1e9),
  );
});

Deno.test("normReference normalises, scales, shifts, adds the residual and clips, in that order", () => {
  const o = { channels: 1, eps: 0, relu: false, residual: true, stored: false };
  const inputs = [[-1, 1], [2], [0.5], [0, -3]].map((v) => Float64Array.from(v));
  assert.deepEqual([...normReference(inputs, o)], [-1.5, -0.5]);
  assert.deepEqual([...normReference(inputs, { ...o, relu: true })], [0, 0]);
  const stored = [[4, 8], [1], [1], [2], [9]].map((v) => Float64Array.from(v));
  assert.deepEqual([...normReference(stored, { ...o, residual: false, stored: true, eps: -5 })], [2, 4]);
});
