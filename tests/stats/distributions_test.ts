import assert from "node:assert/strict";
import chisquareCdf from "@stdlib/stats-base-dists-chisquare-cdf";
import fixture from "../fixtures/stats/distributions.json" with { type: "json" };
import {
  chisquareUpperTail,
  fUpperTail,
  logGamma,
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
  // A second implementation, where its cancellation is harmless.
  for (const df of [1, 4, 9]) assertClose(chisquareUpperTail(3, df), 1 - chisquareCdf(3, df), SAME);
});

Deno.test("logGamma gives factorials and the reflection value at one half", () => {
  let factorial = 1;
  for (let n = 1; n < 30; n++) {
    assertClose(logGamma(n), Math.log(factorial), 1e-14, 1e-13);
    factorial *= n;
  }
  assertClose(logGamma(0.5), 0.5 * Math.log(Math.PI), 1e-14, 1e-13);
});
