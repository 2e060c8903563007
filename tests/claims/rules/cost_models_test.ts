import assert from "node:assert/strict";
import { localSaving, reshuffledGap, stageOutputs, stepCost } from "../../../src/claims/rules/cost_models.ts";

Deno.test("stageOutputs counts the convolutions of ResNet-50 one by one", () => {
  // Independent count: every convolution of the first two stages written out at 224 pixels.
  const first = 112 ** 2 * 64 + 3 * 56 ** 2 * (64 + 64 + 256) + 56 ** 2 * 256;
  const second = 56 ** 2 * 128 + 28 ** 2 * (128 + 512) + 28 ** 2 * 512 + 3 * 28 ** 2 * (128 + 128 + 512);
  const stages = stageOutputs([3, 4, 6, 3], 64, 224);
  assert.equal(stages[0], first);
  assert.equal(stages[1], second);
  assert.deepEqual(stages.map((x) => (x / 1e6).toFixed(2)), ["5.22", "3.11", "2.16", "0.63"]);
});

Deno.test("localSaving divides everything by the largest unit", () => {
  assert.equal(localSaving([4, 2, 1, 1], 1), 2);
  assert.equal(localSaving([4, 2, 1, 1], 2), 8 / 6);
  assert.equal(localSaving([4, 2, 1, 1], 4), 1);
});

Deno.test("stepCost counts a trained view three times and a forward view once", () => {
  assert.equal(stepCost({ trained_views: 1, forward_views: 1 }), 4);
  assert.equal(stepCost({ trained_views: 2, forward_views: 0 }), 6);
});

Deno.test("reshuffledGap has the mean and deviation of simulated visits", () => {
  // Two independent uniform positions in consecutive epochs of t batches: gap t + b - a, all pairs enumerated.
  const t = 50;
  const gaps = Array.from({ length: t * t }, (_, i) => t + (i % t) - Math.floor(i / t));
  const mean = gaps.reduce((s, g) => s + g, 0) / gaps.length;
  const sd = Math.sqrt(gaps.reduce((s, g) => s + (g - mean) ** 2, 0) / gaps.length);
  const gap = reshuffledGap(500, 10);
  assert.equal(gap.mean, mean);
  assert.ok(Math.abs(gap.sd - sd) < 1e-9);
});
