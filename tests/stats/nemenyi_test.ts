import fixture from "../fixtures/stats/ranks.json" with { type: "json" };
import { nemenyiCriticalDifference } from "../../src/stats/nemenyi.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("nemenyiCriticalDifference agrees with scipy's studentized range", () => {
  // scipy inverts its integral to about 1e-8.
  for (const { k, n, alpha, cd } of fixture.nemenyi) {
    assertClose(nemenyiCriticalDifference(k, n, alpha), cd, 1e-7);
  }
});

Deno.test("nemenyiCriticalDifference refuses one method, no data set and an alpha in percent", () => {
  assertAssayError(() => nemenyiCriticalDifference(1, 5, 0.05), /at least 2, found 1/);
  assertAssayError(() => nemenyiCriticalDifference(3, 0, 0.05), /at least 1, found 0/);
  assertAssayError(() => nemenyiCriticalDifference(3, 5, 5), /between 0 and 1, found 5/);
});
