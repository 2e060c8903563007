import fixture from "../fixtures/stats/t_tests.json" with { type: "json" };
import { pairedT } from "../../src/stats/paired_t.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("pairedT agrees with scipy", () => {
  for (const { a, b, t, p } of fixture.paired) {
    const r = pairedT(a, b);
    // Differences of values near 67 lose about three digits, on both sides.
    assertClose(r.t, t, 1e-10, 1e-12);
    assertClose(r.p, p, 1e-10);
  }
});

Deno.test("pairedT refuses unequal lengths and constant differences", () => {
  assertAssayError(() => pairedT([1, 2], [2, 3]), /constant differences/);
  assertAssayError(() => pairedT([1, 2, 3], [2, 3]), /3 and 2 values/);
});
