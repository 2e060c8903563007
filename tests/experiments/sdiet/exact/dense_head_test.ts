import assert from "node:assert/strict";
import { drift, sideTable } from "../../../../experiments/sdiet/exact/dense_head.ts";

Deno.test("drift is rounding where every row gets the decay of every step, and large where rows wait", () => {
  assert.ok(drift("cyclic", {}) < 1e-12);
  assert.ok(drift("reshuffled", { mode: "lazy" }) < 1e-12);
  assert.ok(drift("reshuffled", { mode: "none" }) > 1e-2);
});

Deno.test("sideTable gives the first visit's length, which is one over sqrt(1 - beta2) at most", () => {
  const moved = sideTable().rows.slice(-2).map((row) => Number(row[1]));
  // Without correction each of t steps moves m / sqrt(v) = 0.1 * 0.9^k / sqrt(0.001 * 0.999^k), in sum.
  let sum = 0;
  for (let k = 0; k < 5004; k++) sum += 0.1 * 0.9 ** k / Math.sqrt(0.001 * 0.999 ** k);
  assert.equal(moved[0], +sum.toFixed(2));
  assert.ok(moved[1]! < moved[0]!);
});
