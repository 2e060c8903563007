import assert from "node:assert/strict";
import { midranks } from "../../src/stats/ranks.ts";

Deno.test("midranks share the average rank among ties and count every group", () => {
  const r = midranks([30, 10, 20, 10, 10]);
  assert.deepEqual(r.ranks, [5, 2, 4, 2, 2]);
  assert.deepEqual(r.tieSizes, [3, 1, 1]);
  assert.deepEqual(midranks([]), { ranks: [], tieSizes: [] });
});
