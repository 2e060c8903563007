import assert from "node:assert/strict";
import { blurRadius } from "../../../src/data/augment/recipe.ts";

Deno.test("blurRadius is half a tenth of the view, at least 1", () => {
  assert.deepEqual([8, 32, 64, 96, 224].map(blurRadius), [1, 1, 3, 4, 11]);
});
