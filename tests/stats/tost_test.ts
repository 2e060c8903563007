import assert from "node:assert/strict";
import fc from "fast-check";
import fixture from "../fixtures/stats/t_tests.json" with { type: "json" };
import { tostOneSample, tostTwoSample } from "../../src/stats/tost.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("tostOneSample and tostTwoSample give both one-sided p-values of scipy", () => {
  for (const { a, b, reference, margin, pLower, pUpper } of fixture.tost) {
    const r = b === undefined ? tostOneSample(a, reference!, margin) : tostTwoSample(a, b, margin);
    // The oracle adds the margin to every value before it subtracts, which costs it digits; tails reach 1e-9.
    assertClose(r.pLower, pLower, 1e-8, 1e-15);
    assertClose(r.pUpper, pUpper, 1e-8, 1e-15);
  }
});

Deno.test("tostOneSample is equivalent exactly when its 1 - 2 alpha interval lies inside the margin", () => {
  // A grid of hundredths: spreads of 1e-300 are not what the property is about.
  const value = fc.integer({ min: -200, max: 200 }).map((v) => v / 100);
  let both = 0;
  fc.assert(fc.property(
    fc.array(value, { minLength: 3, maxLength: 10 }),
    fc.double({ min: 0.01, max: 3, noNaN: true }),
    fc.constantFrom(0.01, 0.05, 0.1),
    (values, margin, alpha) => {
      fc.pre(new Set(values).size > 1);
      const r = tostOneSample(values, 0, margin, { alpha });
      // On the boundary itself the two computations may round apart.
      fc.pre(Math.abs(r.p - alpha) > 1e-9);
      if (r.equivalent) both++;
      assert.equal(r.equivalent, r.lower > -margin && r.upper < margin);
    },
  ));
  assert.ok(both > 5, "the generated cases must include equivalent ones");
});

Deno.test("tostOneSample shrinks its margin by half the reference's rounding step", () => {
  const values = [1, 1.1, 0.9, 1.02];
  const plain = tostOneSample(values, 1, 0.12);
  const rounded = tostOneSample(values, 1, 0.12, { referenceHalfStep: 0.05 });
  assert.ok(plain.equivalent);
  assert.ok(!rounded.equivalent);
  assertClose(rounded.p, tostOneSample(values, 1, 0.07).p, 1e-12);
});

Deno.test("tostOneSample refuses one value, no variation and a negative margin", () => {
  assertAssayError(() => tostOneSample([1], 1, 1), /at least 2 values/);
  assertAssayError(() => tostOneSample([1, 1], 1, 1), /standard deviation of 0/);
  assertAssayError(() => tostTwoSample([1, 1], [2, 2], 1), /standard deviation of 0/);
  assertAssayError(() => tostOneSample([1, 2], 1, -1), /margin.*not negative, found -1/);
});
