import assert from "node:assert/strict";
import { type Recipe, recipeSchema } from "../../../src/data/augment/recipe_schema.ts";
import { recipeViews } from "../../../src/data/augment/recipes.ts";
import { SOLO_LEARN } from "../../../src/data/augment/solo_learn.ts";
import { statisticsOf } from "../../../src/data/augment/statistics.ts";
import { allConfigurations, type Configuration } from "../../repro/presets/configurations.ts";

const published = allConfigurations().filter((c) => c.source === "solo-learn");
const nameOf = ({ dataset, method }: Configuration) =>
  `solo-learn/${dataset}/${method === "moco" ? "moco-v2plus" : method}`;

/** What a configuration says of view `v`, in a recipe's fields; a probability of 0 is an absent stage. */
function stagesOf({ fields }: Configuration, v: number) {
  const value = (name: string): unknown => fields.get(`augmentations.${name}`)?.value;
  const own = (name: string): number => {
    const found = value(`${v}.${name}`);
    assert.equal(typeof found, "number", name);
    return found as number;
  };
  const pillow = value("gaussian_blur.kernel") === "PIL GaussianBlur, not cut off";
  const strengths = ["brightness", "contrast", "saturation", "hue"].map((f) => [f, own(`color_jitter.${f}`)]);
  const [blur, solarize] = [own("gaussian_blur.prob"), own("solarization.prob")];
  assert.deepEqual([value(`${v}.rrc.enabled`), own("equalization.prob")], [true, 0]);
  assert.deepEqual([value("interpolation"), value("antialias")], ["bicubic", true]);
  assert.equal(value("solarization.threshold"), 128); // the first level of at least one half
  return {
    crop: {
      scale: [own("rrc.crop_min_scale"), own("rrc.crop_max_scale")],
      ratio: value("rrc.ratio"),
    },
    resample: "antialiased-bicubic",
    flip: own("horizontal_flip.prob"),
    jitter: {
      p: own("color_jitter.prob"),
      ...Object.fromEntries(strengths),
      ...(value("color_jitter.order") === "random" && { order: "random" }),
    },
    grayscale: own("grayscale.prob"),
    ...(blur > 0 && {
      blur: { p: blur, sigma: value("gaussian_blur.sigma"), ...(pillow && { kernel: "extended-box" }) },
    }),
    ...(solarize > 0 && { solarize }),
    statistics: { mean: value("mean"), std: value("std") },
  };
}

const parts = ({ name: _, departs: __, normalise, ...stages }: Recipe) => ({
  ...stages,
  statistics: statisticsOf(normalise),
});

for (const configuration of published) {
  const name = nameOf(configuration);
  Deno.test(`the recipe ${name} says what ${configuration.file} says`, () => {
    const count = (v: number) => configuration.fields.get(`augmentations.${v}.num_crops`)?.value;
    const views = count(0) === 2 ? [0, 0] : [0, 1]; // one pipeline for both views, or one each
    assert.deepEqual(views.map((v) => count(v)), views[1] === 0 ? [2, 2] : [1, 1]);
    assert.deepEqual(
      recipeViews(name, 2).map(parts),
      views.map((v) => stagesOf(configuration, v)),
    );
  });
}

Deno.test("SOLO_LEARN has a recipe for every configuration and no other, each valid and with its departures", () => {
  assert.deepEqual(Object.keys(SOLO_LEARN).sort(), published.map(nameOf).sort());
  for (const recipe of Object.values(SOLO_LEARN).flat()) {
    assert.deepEqual(recipeSchema.parse(recipe), recipe);
    assert.match(recipe.departs!, /256 levels/);
  }
  assert.deepEqual(SOLO_LEARN["solo-learn/cifar10/byol"]!.map((r) => r.name), [
    "solo-learn/cifar10/byol-a",
    "solo-learn/cifar10/byol-b",
  ]);
});
