import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { loadSplit } from "../../src/train/load_split.ts";

Deno.test("loadSplit loads what a specification names, and is silent when that is quick", async () => {
  const said: string[] = [];
  const spec = { name: "shapes", split: "test", size: 8, perClass: 2, geometry: "square" as const };
  const data = await loadSplit(spec, (line) => said.push(line));
  assert.deepEqual(data.hashes, (await load("shapes", { split: "test", size: 8, perClass: 2 })).hashes);
  assert.equal(data.labels.length, 20);
  assert.deepEqual(said, []);
  await assert.rejects(loadSplit({ ...spec, split: "none" }), /the split must be one of/);
});
