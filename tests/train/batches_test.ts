import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { Batches } from "../../src/train/batches.ts";
import { viewsOf } from "./small_run.ts";

const data = await load("shapes", { split: "train", size: 16, perClass: 3 });
const views = viewsOf("simclr", 2);

Deno.test("an epoch visits images once, in an order that seed and epoch decide", () => {
  const batches = new Batches(data, 7, views, 5);
  assert.equal(batches.stepsPerEpoch, 4);
  const epoch = (b: Batches, e: number) => [0, 1, 2, 3].flatMap((k) => [...b.indices(4 * e + k)]);
  const first = epoch(batches, 0);
  assert.equal(new Set(first).size, 28);
  assert.notDeepEqual(epoch(batches, 1), first);
  assert.deepEqual(epoch(new Batches(data, 7, views, 5), 0), first);
  assert.notDeepEqual(epoch(new Batches(data, 7, views, 6), 0), first);
});

Deno.test("the initial pass sees every image in index order, the last batch filled from before its first image", () => {
  const batches = new Batches(data, 7, views, 5);
  const seen = Array.from({ length: batches.initialBatches }, (_, k) => [...batches.initialIndices(k)]);
  assert.deepEqual(seen.map((b) => [b[0], b.at(-1)]), [[0, 6], [7, 13], [14, 20], [21, 27], [23, 29]]);
  assert.ok(seen.every((b) => b.length === 7));
});

Deno.test("a batch larger than the dataset is refused", () => {
  assert.throws(
    () => new Batches(data, 31, views, 5),
    /an epoch must have at least one batch of 31 images, found 30 images/,
  );
});
