import assert from "node:assert/strict";
import { beyondPower, seedsNeeded, tostPower } from "../../src/stats/tost_power.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("seedsNeeded gives the published planning table for 80 % power at alpha 0.05", () => {
  const table = [[0.2, 0.5, 4], [0.3, 0.5, 5], [0.5, 0.5, 11], [0.2, 1, 3], [0.3, 1, 3], [
    0.5,
    1,
    4,
  ]] as const;
  for (const [sd, margin, seeds] of table) {
    assert.equal(seedsNeeded({ sd, margin }), seeds, `sd ${sd} margin ${margin}`);
  }
  assert.equal(seedsNeeded({ sd: 0.2, margin: 0.5, claim: { n: 5, sd: 0.2 } }), 4);
});

Deno.test("seedsNeeded is the smallest number whose power is enough", () => {
  for (const difference of [0, 0.2, 0.9]) {
    const plan = { sd: 0.4, margin: 0.5, difference };
    const n = seedsNeeded(plan)!;
    const power = difference < plan.margin ? tostPower : beyondPower;
    assert.ok(power({ ...plan, n }) >= 0.8);
    assert.ok(power({ ...plan, n: n - 1 }) < 0.8);
  }
});

Deno.test("seedsNeeded is null on the margin itself and when the published side is too imprecise", () => {
  assert.equal(seedsNeeded({ sd: 0.4, margin: 0.5, difference: -0.5 }), null);
  assert.equal(seedsNeeded({ sd: 0.1, margin: 0.5, claim: { n: 3, sd: 2 } }), null);
  assert.equal(seedsNeeded({ sd: 1, margin: 0.01, most: 100 }), null);
});

Deno.test("tostPower tends to 0 and to 1 and does not depend on the unit or the side", () => {
  assertClose(tostPower({ sd: 0.1, margin: 1, n: 50 }), 1, 0, 1e-12);
  assertClose(tostPower({ sd: 1, margin: 0.01, n: 3 }), 0, 0, 1e-3);
  const power = tostPower({ sd: 0.3, margin: 0.5, difference: 0.1, n: 6 });
  assertClose(tostPower({ sd: 30, margin: 50, difference: -10, n: 6 }), power, 1e-12);
});

Deno.test("tostPower at the margin itself does not exceed alpha", () => {
  for (const n of [2, 5, 40]) {
    const power = tostPower({ sd: 0.3, margin: 0.5, difference: 0.5, n });
    assert.ok(power <= 0.05 + 1e-6, `n ${n}: ${power}`);
  }
});

Deno.test("tostPower refuses a spread of 0 and a single seed", () => {
  assertAssayError(() => tostPower({ sd: 0, margin: 1, n: 3 }), /sd must be positive/);
  assertAssayError(() => tostPower({ sd: 1, margin: 1, n: 1 }), /at least 2, found 1/);
});
