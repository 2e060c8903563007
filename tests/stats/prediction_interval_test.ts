import assert from "node:assert/strict";
import fixture from "../fixtures/stats/t_tests.json" with { type: "json" };
import { predictionInterval } from "../../src/stats/prediction_interval.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("predictionInterval agrees with scipy", () => {
  for (const { values, level, prediction } of fixture.intervals) {
    const r = predictionInterval(values, level);
    // scipy's t quantile is off by up to 2e-9 of itself, and so of the half width.
    assertClose(r.lower, prediction[0]!, 0, 1e-8 * r.halfWidth);
    assertClose(r.upper, prediction[1]!, 0, 1e-8 * r.halfWidth);
  }
});

Deno.test("predictionInterval of MoCo v2's runs is 67.52 ± 0.50: mmselfsup's run is inside, VISSL's is not", () => {
  const pi = predictionInterval([67.7, 67.6, 67.4, 67.6, 67.3], 0.95);
  assert.equal(pi.centre.toFixed(2), "67.52");
  assert.equal(pi.halfWidth.toFixed(2), "0.50");
  assert.ok(pi.lower < 67.5 && 67.5 < pi.upper);
  assert.ok(66.4 < pi.lower);
});

Deno.test("predictionInterval of a constant sample has width 0, and one value has no interval", () => {
  assert.equal(predictionInterval([3, 3, 3], 0.95).halfWidth, 0);
  assertAssayError(() => predictionInterval([3], 0.95), /at least 2 values/);
});
