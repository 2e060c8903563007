import assert from "node:assert/strict";
import {
  HEAD_WIDTH,
  headPlans,
  headPlots,
  headTables,
  onDisk,
  residentHead,
  SIZES,
} from "../../src/repro/head_bytes.ts";
import { planImagenet } from "../../src/repro/memory.ts";

Deno.test("S-DIET's head on the GPU is the batch's rows at every size; its store holds head and moments of every image", async () => {
  const known = await planImagenet("sdiet");
  const heads = await headPlans(new Map([["sdiet", known]]), ["sdiet", "simclr"]);
  assert.deepEqual(Object.keys(heads), ["sdiet"]);
  assert.equal(heads.sdiet!.at(-1), known, "a plan that is there is not made again");
  assert.deepEqual(new Set(heads.sdiet!.map(residentHead)), new Set([16 * 256 * HEAD_WIDTH]));
  for (const n of SIZES) {
    const perRow = onDisk(n) / n - 12 * HEAD_WIDTH;
    assert.ok(perRow > 8 && perRow < 9, `${perRow} bytes beside head and moments`); // last visit, checksum; a header
  }
  const [table] = headTables(heads);
  assert.deepEqual(table!.rows.map((row) => row.length), [5, 5, 5]);
  assert.equal(headPlots(heads).length, 1);
});

Deno.test("without such methods there is no table of heads and no plot", () => {
  assert.deepEqual(headTables({}), []);
  assert.deepEqual(headPlots({}), []);
});
