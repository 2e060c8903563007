import assert from "node:assert/strict";
import fixture from "../fixtures/stats/t_tests.json" with { type: "json" };
import { toSummary } from "../../src/stats/describe.ts";
import { welch } from "../../src/stats/welch.ts";
import { assertAssayError, assertClose } from "./close.ts";

// Accuracies near 67 with spreads near 0.1 lose about three digits in the differences, on both sides.
const RELATIVE = 1e-10;

Deno.test("welch agrees with scipy, from values and from their summaries", () => {
  for (const { a, b, t, p, pLess } of fixture.welch) {
    for (const r of [welch(a, b), welch(toSummary("", "", a), toSummary("", "", b))]) {
      assertClose(r.t, t, RELATIVE, 1e-12);
      assertClose(r.p, p, RELATIVE);
      assertClose(r.pLess, pLess, RELATIVE);
      assertClose(r.pLess + r.pGreater, 1, 1e-12);
    }
  }
});

Deno.test("welch keeps its degrees of freedom for spreads whose squares almost underflow", () => {
  const small = welch([1e-150, 2e-150, 4e-150], [3e-150, 5e-150]);
  const same = welch([1, 2, 4], [3, 5]);
  assertClose(small.df, same.df, 1e-12);
  assertClose(small.p, same.p, 1e-12);
});

Deno.test("welch refuses what has no t statistic", () => {
  assertAssayError(() => welch([1, 1], [2, 2]), /standard deviation of 0/);
  assertAssayError(() => welch([1], [2, 3]), /first sample.*found 1/);
  assert.ok(welch([1, 1], [2, 2.5]).df === 1);
});
