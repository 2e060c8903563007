import assert from "node:assert/strict";
import fc from "fast-check";
import { benjaminiHochberg, holm } from "../../src/stats/multiplicity.ts";
import { assertAssayError, assertClose } from "./close.ts";

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 });

Deno.test("holm and benjaminiHochberg adjust a worked list by hand", () => {
  const p = [0.01, 0.04, 0.03, 0.005];
  [0.03, 0.06, 0.06, 0.02].forEach((x, i) => assertClose(holm(p)[i]!, x, 1e-15));
  [0.02, 0.04, 0.04, 0.02].forEach((x, i) => assertClose(benjaminiHochberg(p)[i]!, x, 1e-15));
  assert.deepEqual(holm([]), []);
  assert.deepEqual(benjaminiHochberg([]), []);
});

Deno.test("holm rejects exactly what its step-down procedure rejects", () => {
  fc.assert(fc.property(pValues, fc.constantFrom(0.01, 0.05, 0.2, 0.5), (p, alpha) => {
    const adjusted = holm(p);
    const sorted = [...p].sort((a, b) => a - b);
    let count = 0;
    while (count < p.length && (p.length - count) * sorted[count]! <= alpha) count++;
    assert.equal(adjusted.filter((x) => x <= alpha).length, count);
    adjusted.forEach((x, i) => assert.ok(x >= p[i]!));
  }));
});

Deno.test("benjaminiHochberg rejects exactly what its step-up procedure rejects, never fewer than holm", () => {
  fc.assert(fc.property(pValues, fc.constantFrom(0.01, 0.05, 0.2, 0.5), (p, alpha) => {
    const adjusted = benjaminiHochberg(p);
    const sorted = [...p].sort((a, b) => a - b);
    let count = 0;
    sorted.forEach((x, i) => (p.length / (i + 1)) * x <= alpha && (count = i + 1));
    assert.equal(adjusted.filter((x) => x <= alpha).length, count);
    holm(p).forEach((x, i) => assert.ok(adjusted[i]! <= x));
  }));
});

Deno.test("holm refuses a value that is no probability, naming its place", () => {
  assertAssayError(() => holm([0.1, 1.2]), /p-value 2 of 2.*found 1.2/);
  assertAssayError(() => benjaminiHochberg([NaN]), /found NaN/);
});
