import assert from "node:assert/strict";
import { UNLABELLED } from "../../../src/data/hashes.ts";
import { checkCounts, firstPerClass, splitError, type SplitPlan } from "../../../src/data/layout/plan.ts";
import { parseManifest } from "../../../src/data/manifest.ts";
import { manifestJson } from "../synthetic.ts";

const manifest = parseManifest(JSON.stringify(manifestJson()), "pets.json");

const plan = (names: string[], labels: number[], classes: string[] = ["cat", "dog"]): SplitPlan => ({
  ...{ names, labels: Uint32Array.from(labels), classes, decoder: "none" },
  decode: () => Promise.resolve(),
});

Deno.test("firstPerClass takes the first by name and keeps the split's order", () => {
  const mixed = plan(["b", "d", "a", "c", "e", "f"], [0, 1, 0, 1, 0, 1]);
  assert.deepEqual([...firstPerClass(manifest, "train", mixed, 2)], [0, 1, 2, 3]);
  assert.deepEqual([...firstPerClass(manifest, "train", mixed, 1)], [2, 3]);
});

Deno.test("firstPerClass says which class has too few images", () => {
  assert.throws(
    () => firstPerClass(manifest, "train", plan(["a", "b", "c"], [0, 0, 1]), 2),
    /found 1 of class "dog"/,
  );
  assert.throws(() => firstPerClass(manifest, "train", plan(["a"], [UNLABELLED]), 1), /must have labels/);
});

Deno.test("checkCounts insists on the manifest's images and classes", () => {
  const names = ["a", "b", "c", "d"];
  checkCounts(manifest, "train", plan(names, [0, 0, 1, 1]), "x.tar");
  assert.throws(
    () => checkCounts(manifest, "train", plan(["a"], [0]), "x.tar"),
    /must have 4 images, found 1 in "x.tar"/,
  );
  assert.throws(
    () => checkCounts(manifest, "train", plan(names, [0, 0, 1, 1], ["cat"]), "x.tar"),
    /must have 2 classes/,
  );
  assert.throws(
    () => checkCounts(manifest, "train", plan(names, [0, 0, 0, 0]), "x.tar"),
    /every one of its 2 classes/,
  );
});

Deno.test("splitError names split and dataset", () => {
  assert.match(
    splitError(manifest, "train", "r", "f", "w").message,
    /split "train" of dataset "pets": r, found f; w\./,
  );
});
