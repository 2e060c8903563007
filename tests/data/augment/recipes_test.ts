import assert from "node:assert/strict";
import { recipeNames, recipeViews } from "../../../src/data/augment/recipes.ts";

Deno.test("recipeViews gives BYOL and Barlow Twins their two different views and others the same twice", () => {
  for (const name of ["byol", "barlow"]) {
    const [a, b] = recipeViews(name, 2);
    assert.deepEqual([a!.blur!.p, a!.solarize, b!.blur!.p, b!.solarize], [1, 0, 0.1, 0.2]);
  }
  const [a, b] = recipeViews("simclr", 2);
  assert.deepEqual(a, b);
});

Deno.test("recipeViews puts the dataset's statistics into every view", () => {
  const normalise = { mean: [0.1, 0.2, 0.3], std: [0.4, 0.5, 0.6] } as const;
  for (const name of recipeNames()) {
    for (const recipe of recipeViews(name, 2, normalise)) assert.deepEqual(recipe.normalise, normalise);
  }
});

Deno.test("recipeViews names the known recipes when asked for another", () => {
  assert.throws(() => recipeViews("simclr2", 1), /recipe "simclr2".*one of simclr, moco-v2/);
  assert.throws(() => recipeViews("constructor", 1), /must be a known recipe/);
});
