import assert from "node:assert/strict";
import { editDistance, nearest } from "../../src/base/nearest.ts";

Deno.test("editDistance counts insertions, deletions and replacements", () => {
  assert.equal(editDistance("kitten", "sitting"), 3);
  assert.equal(editDistance("", "abc"), 3);
  assert.equal(editDistance("same", "same"), 0);
  assert.equal(editDistance("nkn", "knn"), 1, "a swap of neighbours");
});

Deno.test("nearest finds a typo and a prefix, and nothing for another word", () => {
  const known = ["compress", "gessl", "lightly"];
  assert.equal(nearest("comprss", known), "compress");
  assert.equal(nearest("light", known), "lightly");
  assert.equal(nearest("tensorboard", known), undefined);
});
