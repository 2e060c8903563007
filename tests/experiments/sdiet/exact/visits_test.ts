import assert from "node:assert/strict";
import { holds } from "../../../../experiments/exact/check.ts";
import { enumeratedGaps, gaps, visitGaps } from "../../../../experiments/sdiet/exact/visits.ts";

Deno.test("visitGaps is constant in cyclic order and t on average when reshuffled", () => {
  assert.deepEqual(visitGaps("cyclic", 7, 3, 4, 0), { count: 63, mean: 7, deviation: 0 });
  const gaps = visitGaps("reshuffled", 7, 3, 4, 0);
  assert.equal(gaps.count, 63);
  assert.equal(gaps.mean, 7); // gaps of all images together telescope to epochs - 1 times t
  assert.ok(gaps.deviation > 1);
});

Deno.test("visitGaps with replacement waits geometrically: deviation near t, not 0.41 t", () => {
  const { deviation } = visitGaps("replacement", 20, 4, 60, 1);
  // About 4700 gaps cut off at 1200 steps: 15 % covers sampling and the cut.
  assert.ok(Math.abs(deviation / 20 - 1) < 0.15, String(deviation));
});

Deno.test("enumeratedGaps of two positions in two epochs", () => {
  // t = 2: gaps 2, 3, 1, 2.
  assert.deepEqual(enumeratedGaps(2), { count: 4, mean: 2, deviation: Math.sqrt(0.5) });
});

Deno.test("gaps: the formula's mean and deviation hold, and batches of another drawing break them", () => {
  for (const { what, error, relation = "at-most", tolerance, controls } of gaps()) {
    assert.ok(holds(error, relation, tolerance), `${what}: ${error}`);
    for (const c of controls) assert.ok(!holds(c.error, relation, tolerance), `${c.what}: ${c.error}`);
  }
});
