import assert from "node:assert/strict";
import fixture from "../fixtures/stats/counts.json" with { type: "json" };
import { binomialSe, wilson } from "../../src/stats/wilson.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("wilson agrees with scipy, at 0 and n successes too", () => {
  for (const { successes, n, level, lower, upper } of fixture.wilson) {
    const r = wilson(successes, n, level);
    assertClose(r.lower, lower, 1e-12, 1e-15);
    assertClose(r.upper, upper, 1e-12);
    if (successes === 0) assert.equal(r.lower, 0);
    if (successes === n) assert.equal(r.upper, 1);
  }
});

Deno.test("binomialSe gives the published test-set errors", () => {
  const half = (percent: number, n: number) => (1.959964 * 100 * binomialSe(percent / 100, n)).toFixed(2);
  assert.equal((100 * binomialSe(0.9074, 10_000)).toFixed(2), "0.29");
  assert.equal(half(90.74, 10_000), "0.57");
  assert.equal(half(65.78, 10_000), "0.93");
  assert.equal(half(80, 5_000), "1.11");
  assert.equal(half(67.5, 50_000), "0.41");
});

Deno.test("wilson and binomialSe refuse counts and proportions that cannot be", () => {
  assertAssayError(() => wilson(11, 10, 0.95), /must not exceed the 10 trials/);
  assertAssayError(() => wilson(0.5, 10, 0.95), /integer/);
  assertAssayError(() => wilson(0, 0, 0.95), /at least 1/);
  assertAssayError(() => binomialSe(90, 100), /divide a percentage by 100/);
});
