import assert from "node:assert/strict";
import fixture from "../fixtures/stats/distributions.json" with { type: "json" };
import { chisquareUpperTail } from "../../src/stats/distributions.ts";
import { rangeCdf, rangeQuantile } from "../../src/stats/studentized_range.ts";
import { assertClose } from "./close.ts";

Deno.test("rangeQuantile agrees with scipy's studentized range at infinite df", () => {
  // scipy integrates adaptively to about 1e-9 and inverts to about 1e-8.
  for (const [p, k, q] of fixture.rangeQuantile) {
    assertClose(rangeQuantile(p!, k!), q!, 1e-7, 0, `p ${p} k ${k}`);
  }
});

Deno.test("rangeCdf for two groups is the distribution of |z1 - z2|", () => {
  // P(|z1 - z2| <= q) = erf(q / 2) = P(chi-square(1) <= q^2 / 2)
  for (const q of [0.1, 1, 2.77, 5]) {
    assertClose(rangeCdf(q, 2), 1 - chisquareUpperTail(q * q / 2, 1), 1e-13, 1e-14);
  }
  assert.equal(rangeCdf(0, 4), 0);
});
