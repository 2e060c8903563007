import assert from "node:assert/strict";
import fixture from "../../fixtures/stats/t_tests.json" with { type: "json" };
import { predictionInterval } from "../../../src/repro/stats/prediction_interval.ts";
import { tInterval } from "../../../src/repro/stats/t_interval.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("tInterval and predictionInterval agree with scipy", () => {
  for (const { values, level, t, prediction } of fixture.intervals) {
    const a = tInterval(values, level);
    const b = predictionInterval(values, level);
    // scipy's t quantile is off by up to 2e-9 of itself, and so of the half width.
    [[a.lower, t[0]], [a.upper, t[1]], [b.lower, prediction[0]], [b.upper, prediction[1]]].forEach(([x, y]) =>
      assertClose(x!, y!, 0, 1e-8 * b.halfWidth)
    );
  }
});

Deno.test("predictionInterval of MoCo v2's runs is 67.52 ± 0.50: mmselfsup's run is inside, VISSL's is not", () => {
  const pi = predictionInterval([67.7, 67.6, 67.4, 67.6, 67.3], 0.95);
  assert.equal(pi.centre.toFixed(2), "67.52");
  assert.equal(pi.halfWidth.toFixed(2), "0.50");
  assert.ok(pi.lower < 67.5 && 67.5 < pi.upper);
  assert.ok(66.4 < pi.lower);
});

Deno.test("tInterval of a constant sample has width 0, and one value has no interval", () => {
  assert.equal(tInterval([3, 3, 3], 0.95).halfWidth, 0);
  assertAssayError(() => tInterval([3], 0.95), /at least 2 values/);
  assertAssayError(() => predictionInterval([3], 0.95), /at least 2 values/);
  assertAssayError(() => tInterval([3, 4], 95), /write 95 % as 0.95/);
});
