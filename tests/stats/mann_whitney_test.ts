import assert from "node:assert/strict";
import fixture from "../fixtures/stats/ranks.json" with { type: "json" };
import { mannWhitneyExact } from "../../src/stats/mann_whitney.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("mannWhitneyExact agrees with scipy without ties, and with its permutation test with ties", () => {
  let tied = 0;
  for (const { a, b, u, p, pLess, pGreater } of fixture.mannWhitney) {
    const r = mannWhitneyExact(a, b);
    assert.equal(r.u, u);
    assertClose(r.p, p, 1e-12);
    assertClose(r.pLess, pLess, 1e-12);
    assertClose(r.pGreater, pGreater, 1e-12);
    if (r.tied) tied++;
  }
  assert.equal(tied, 4);
});

Deno.test("mannWhitneyExact says how small p can get at all: three against three never reach 0.05", () => {
  const r = mannWhitneyExact([4, 5, 6], [1, 2, 3]);
  assertClose(r.p, 2 / 20, 1e-15);
  assert.equal(r.p, r.smallestP);
  assert.equal(r.superiority, 1);
});

Deno.test("mannWhitneyExact gives p = 1 when every value is tied", () => {
  assert.equal(mannWhitneyExact([1, 1], [1, 1, 1]).p, 1);
  assert.equal(mannWhitneyExact([1, 1], [1, 1, 1]).superiority, 0.5);
});

Deno.test("mannWhitneyExact counts 100 against 100 without losing digits, and refuses more", () => {
  const low = Array.from({ length: 100 }, (_, i) => i);
  const r = mannWhitneyExact(low, low.map((v) => v + 0.5));
  assertClose(r.pLess + r.pGreater, 1, 0, 0.01); // the two tails share one atom, which is small here
  assertAssayError(
    () => mannWhitneyExact([...low, 1000], low.map((v) => v + 0.5)),
    /at most 200 values, found 201/,
  );
  assertAssayError(() => mannWhitneyExact([], [1]), /found 0/);
});
