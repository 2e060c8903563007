import assert from "node:assert/strict";
import fixture from "../fixtures/stats/distributions.json" with { type: "json" };
import {
  binomialCdf,
  chisquareUpperTail,
  fUpperTail,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
  tUpperTail,
} from "../../src/stats/distributions.ts";
import { assertClose } from "./close.ts";

// Both sides evaluate the same function by different series in doubles: a few hundred rounding errors at most.
const SAME = 1e-12;

Deno.test("tCdf and tUpperTail agree with scipy over both tails and fractional df", () => {
  for (const [t, df, p] of fixture.t) {
    assertClose(tCdf(t!, df!), p!, SAME, 0, `t ${t} df ${df}`);
    assertClose(tUpperTail(-t!, df!), p!, SAME, 0, `t ${t} df ${df}`);
  }
});

Deno.test("tQuantile agrees with scipy and is inverted by tCdf", () => {
  for (const [p, df, t] of fixture.tQuantile) {
    // scipy's own inversion stops near 2e-9 relative (its cdf at its quantile is off by that much), so it bounds this
    // comparison; the round trip through the cdf is tighter.
    assertClose(tQuantile(p!, df!), t!, 1e-8, 1e-9, `p ${p} df ${df}`);
    assertClose(tCdf(tQuantile(p!, df!), df!), p!, 1e-11, 0, `round trip p ${p} df ${df}`);
  }
  assert.equal(tQuantile(0.5, 3), 0);
});

Deno.test("normalQuantile agrees with scipy and is infinite at 0 and 1", () => {
  for (const [p, z] of fixture.normalQuantile) assertClose(normalQuantile(p!), z!, SAME, SAME, `p ${p}`);
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
});

Deno.test("fUpperTail agrees with scipy and has its limits", () => {
  for (const [f, a, b, p] of fixture.fUpperTail) assertClose(fUpperTail(f!, a!, b!), p!, 1e-11, 0, `f ${f}`);
  assert.equal(fUpperTail(0, 2, 3), 1);
  assert.equal(fUpperTail(Infinity, 2, 3), 0);
});

Deno.test("chisquareUpperTail keeps its relative precision where one minus a cdf is 0", () => {
  for (const [x, df, p] of fixture.chisquareUpperTail) {
    assertClose(chisquareUpperTail(x!, df!), p!, 1e-11, 0, `x ${x}`);
  }
  // With an even df it is the chance of fewer than df / 2 events of a Poisson variable with mean x / 2, a finite sum.
  assertClose(chisquareUpperTail(3, 6), Math.exp(-1.5) * (1 + 1.5 + 1.5 ** 2 / 2), SAME);
});

Deno.test("normalCdf keeps its relative precision far out and is symmetric", () => {
  // Golden values from mpmath with 60 digits; the exponent z^2 / 2 is rounded once.
  for (
    const [z, p] of [[-38, 2.885428360068614e-316], [-20, 2.753624118606233e-89], [
      -1e-9,
      0.49999999960105773,
    ]]
  ) {
    // The first is a subnormal double of eight digits.
    assertClose(normalCdf(z!), p!, z! < -37 ? 1e-7 : 1e-12, 0, `z ${z}`);
    assertClose(normalCdf(-z!), 1 - p!, SAME, 0, `z ${-z!}`);
  }
  assert.equal(normalCdf(0), 0.5);
  assert.equal(normalCdf(-Infinity), 0);
});

Deno.test("quantiles far out are inverted by the cdf", () => {
  for (const p of [1e-300, 1e-17, 0.4999999]) {
    // The far tail's exponent, up to 690, is rounded once.
    assertClose(normalCdf(normalQuantile(p)), p, 1e-12, 0, `normal p ${p}`);
    for (const df of [2.3, 3, 40]) assertClose(tCdf(tQuantile(p, df), df), p, 1e-11, 0, `p ${p} df ${df}`);
  }
});

Deno.test("binomialCdf sums the probabilities", () => {
  const choose = [1, 6, 15, 20, 15, 6, 1];
  let sum = 0;
  for (let k = 0; k <= 6; k++) {
    sum += choose[k]! * 0.3 ** k * 0.7 ** (6 - k);
    assertClose(binomialCdf(k, 6, 0.3), sum, SAME, 0, `k ${k}`);
  }
});
