import assert from "node:assert/strict";
import { incompleteBeta, logGamma, lowerGamma, upperGamma } from "../../src/stats/special.ts";
import { assertClose } from "./close.ts";

// Golden values from mpmath 1.3 with 40 digits. A few hundred terms of a continued fraction round a few hundred times.
const SAME = 1e-13;

Deno.test("logGamma gives factorials and the reflection value at one half", () => {
  let factorial = 1;
  for (let n = 1; n < 30; n++) {
    assertClose(logGamma(n), Math.log(factorial), 1e-14, 1e-13);
    factorial *= n;
  }
  assertClose(logGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14, 1e-13);
});

Deno.test("incompleteBeta agrees with mpmath and with its closed forms", () => {
  assertClose(incompleteBeta(0.3, 0.7, 2.5, 4), 0.352197585906767236, SAME);
  assertClose(incompleteBeta(0.999, 0.001, 5000, 3), 0.124357374037413594, SAME);
  for (const x of [1e-9, 0.2, 0.6, 0.97]) {
    assertClose(incompleteBeta(x, 1 - x, 1, 1), x, SAME);
    assertClose(incompleteBeta(x, 1 - x, 7, 1), x ** 7, SAME);
    assertClose(incompleteBeta(x, 1 - x, 1, 7), -Math.expm1(7 * Math.log1p(-x)), SAME);
    assertClose(incompleteBeta(x, 1 - x, 0.5, 0.5), 2 / Math.PI * Math.asin(Math.sqrt(x)), SAME);
  }
  assert.equal(incompleteBeta(0, 1, 2, 3), 0);
  assert.equal(incompleteBeta(1, 0, 2, 3), 1);
});

Deno.test("incompleteBeta keeps an argument that 1 - x would round away", () => {
  // 1 - I_x(3, 1) for x = 1 - 1e-20 is I_y(1, 3) = 1 - (1 - y)^3 with y = 1e-20.
  assertClose(incompleteBeta(1e-20, 1, 1, 3), 3e-20, SAME);
});

Deno.test("upperGamma and lowerGamma agree with mpmath and add up to 1", () => {
  for (
    const [a, x, upper] of [
      [0.5, 0.1, 0.65472084601857702],
      [0.5, 30, 9.48573757107384839e-15],
      [7.25, 7, 0.487795353608054672],
      [400, 500, 1.64721926440871976e-6],
    ] as const
  ) {
    // The factor x^a e^-x is as exact as its exponent, here up to 2,500 times the rounding of a double.
    assertClose(upperGamma(a, x), upper, 1e-12);
    assertClose(lowerGamma(a, x), 1 - upper, SAME);
  }
  assert.equal(lowerGamma(2, 0), 0);
  assert.equal(upperGamma(2, 0), 1);
});
