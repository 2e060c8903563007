import assert from "node:assert/strict";
import fixture from "../fixtures/stats/ranks.json" with { type: "json" };
import { friedman, friedmanFromRanks, imanDavenport } from "../../src/stats/friedman.ts";
import { assertAssayError, assertClose } from "./close.ts";

Deno.test("friedman and imanDavenport agree with scipy, with ties too", () => {
  for (const { table, meanRanks, statistic, p, f, fP } of fixture.friedman) {
    const r = friedman(table);
    r.meanRanks.forEach((rank, j) => assertClose(rank, meanRanks[j]!, 1e-14));
    assertClose(r.statistic, statistic, 1e-12);
    assertClose(r.p, p, 1e-11);
    const i = imanDavenport(r);
    assertClose(i.statistic, f, 1e-11);
    assertClose(i.p, fP, 1e-10);
  }
});

Deno.test("friedmanFromRanks recomputes the statistic from printed ranks without ties", () => {
  const table = fixture.friedman[0]!.table;
  const full = friedman(table);
  const recomputed = friedmanFromRanks(full.meanRanks, table.length, 1e-9);
  assertClose(recomputed.statistic, full.statistic, 1e-12);
  assertAssayError(() => friedmanFromRanks([1, 2, 4], 5, 0.01), /average to 2 within 0.01/);
});

Deno.test("friedman with the lowest value best mirrors the ranks and keeps the statistic", () => {
  const table = fixture.friedman[0]!.table;
  const high = friedman(table);
  const low = friedman(table, "lowest");
  assertClose(low.statistic, high.statistic, 1e-12);
  low.meanRanks.forEach((r, j) => assertClose(r, high.k + 1 - high.meanRanks[j]!, 1e-12));
});

Deno.test("imanDavenport of perfect agreement is Infinity with p 0", () => {
  const r = imanDavenport(friedman([[1, 2, 3], [2, 4, 9], [0, 1, 2]]));
  assert.deepEqual([r.statistic, r.p], [Infinity, 0]);
});

Deno.test("friedman refuses ragged, tiny and fully tied tables", () => {
  assertAssayError(() => friedman([[1, 2], [1, 2, 3]]), /row 2.*found 3/);
  assertAssayError(() => friedman([]), /data sets.*at least 2, found 0/);
  assertAssayError(() => friedman([[1, 1], [2, 2]]), /found only ties/);
  assertAssayError(() => friedman([[1, NaN], [2, 2]]), /found NaN/);
});
