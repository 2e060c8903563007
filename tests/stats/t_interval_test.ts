import assert from "node:assert/strict";
import fixture from "../fixtures/stats/t_tests.json" with { type: "json" };
import { tInterval } from "../../src/stats/t_interval.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("tInterval of a constant sample has width 0, and one value has no interval", () => {
  assert.equal(tInterval([3, 3, 3], 0.95).halfWidth, 0);
  assertAssayError(() => tInterval([3], 0.95), /at least 2 values/);
  assertAssayError(() => tInterval([3, 4], 95), /write 95 % as 0.95/);
});

Deno.test("tInterval agrees with scipy", () => {
  for (const { values, level, t } of fixture.intervals) {
    const r = tInterval(values, level);
    // scipy's t quantile is off by up to 2e-9 of itself, and so of the half width.
    assertClose(r.lower, t[0]!, 0, 1e-8 * r.halfWidth);
    assertClose(r.upper, t[1]!, 0, 1e-8 * r.halfWidth);
  }
});
