import assert from "node:assert/strict";
import { recipeSchema } from "../../../src/data/augment/recipe_schema.ts";
import { recipeNames, recipeViews } from "../../../src/data/augment/recipes.ts";

const views = recipeNames().flatMap((name) => recipeViews(name, 2));

Deno.test("recipeSchema takes every named recipe and gives it back as it is, through JSON too", () => {
  for (const recipe of views) {
    assert.deepEqual(recipeSchema.parse(recipe), recipe);
    assert.deepEqual(recipeSchema.parse(JSON.parse(JSON.stringify(recipe))), recipe);
  }
});

const whole = recipeViews("diet-3", 1)[0]!;
const box = { scale: [0.08, 1], ratio: [3 / 4, 4 / 3] };

for (
  const [what, part] of [
    ["an unknown field", { sharpen: 0.5 }],
    ["an unknown field of a stage", { blur: { ...whole.blur!, radius: 3 } }],
    ["a field set to undefined", { flip: undefined }],
    ["a probability above 1", { flip: 1.1 }],
    ["a crop larger than the image", { crop: { ...box, scale: [0.5, 1.5] } }],
    ["a range from high to low", { crop: { ...box, scale: [0.5, 0.2] } }],
    ["ratios that leave out the square, which a crop falls back to", {
      crop: { ...box, ratio: [1.5, 2] },
    }],
    ["a sigma of 0", { blur: { p: 0.5, sigma: [0, 1] } }],
    ["a hue of more than half a turn", { jitter: { ...whole.jitter!, hue: 0.6 } }],
    ["a word for what happens without an option", { jitter: { ...whole.jitter!, order: "fixed" } }],
    ["an unknown crop", { crop: "full" }],
    ["an unknown name of statistics", { normalise: "mnist" }],
    ["a deviation of 0", { normalise: { mean: [0, 0, 0], std: [1, 1, 0] } }],
  ] as const
) {
  Deno.test(`recipeSchema refuses ${what}`, () => {
    assert.equal(recipeSchema.safeParse({ ...whole, ...part }).success, false);
  });
}
