import assert from "node:assert/strict";
import { differences, largest, logSlope, relative } from "../../../experiments/exact/differences.ts";

Deno.test("differences is exact on cubics up to rounding", () => {
  const g = differences(([x, y]) => x! ** 3 - 2 * x! * y!, [1.5, -0.5]);
  assert.ok(largest(g, [3 * 1.5 ** 2 + 1, -3]) < 1e-11, `${g}`); // values of order 1, 2^-53 / 1e-3
});

Deno.test("largest keeps NaN and notices missing entries", () => {
  assert.equal(largest([1, 2], [1, 4]), 2);
  assert.ok(Number.isNaN(largest([NaN, 2], [1, 4])));
  assert.ok(Number.isNaN(largest([1], [1, 4])));
});

Deno.test("relative and logSlope", () => {
  assert.equal(relative([3, 0], [0, 4]), 5 / 4);
  assert.ok(Math.abs(logSlope([1, 10, 100], [2, 200, 20000]) - 2) < 1e-14);
});
