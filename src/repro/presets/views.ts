/** The views that authors' ImageNet scripts train on, and recipes as groups of views. */
import type { Blur, Box, Jitter, Recipe } from "../../data/augment/recipe_schema.ts";
import { recipeViews } from "../../data/augment/recipes.ts";
import type { PublishedSpec } from "./preset.ts";

/** A named recipe as views of `size`: as many of one kind, or one of each where its views differ. */
export function viewsOf(
  name: string,
  count: number,
  size: number,
  normalise?: Recipe["normalise"],
): PublishedSpec["views"] {
  return grouped(recipeViews(name, count, normalise), size);
}

/** Recipes, one a view, as groups: equal neighbours are one group. */
export function grouped(recipes: readonly Recipe[], size: number): PublishedSpec["views"] {
  const groups: PublishedSpec["views"] = [];
  for (const recipe of recipes) {
    const last = groups.at(-1);
    if (last?.recipe.name === recipe.name) last.count++;
    else groups.push({ count: 1, size, recipe });
  }
  return groups;
}

const RATIO = [3 / 4, 4 / 3] as const;
const SIGMA = [0.1, 2] as const;
const STORE =
  "the crop is taken from the stored square, there from the whole image; values stay real between operations";
/** torchvision on Pillow's images. */
const PILLOW = { order: "random", kernel: "extended-box" } as const;

const crop = (least: number): Box => ({ scale: [least, 1], ratio: RATIO });
const jitter = (brightness: number, contrast: number, saturation: number, hue: number): Jitter => ({
  ...{ p: 0.8, brightness, contrast, saturation, hue },
  order: PILLOW.order,
});
const pillowBlur = (p: number): Blur => ({ p, sigma: SIGMA, kernel: PILLOW.kernel });

/** SimCLR's: strength 1; values of [0, 1] as they are. */
const simclr: Recipe = {
  name: "simclr/authors",
  crop: crop(0.08),
  resample: "bicubic",
  flip: 0.5,
  jitter: jitter(0.8, 0.8, 0.8, 0.2),
  grayscale: 0.2,
  blur: { p: 0.5, sigma: SIGMA },
  normalise: { mean: [0, 0, 0], std: [1, 1, 1] },
  departs: `${STORE} as they do there`,
};
export const SIMCLR = grouped([simclr, simclr], 224);

/** MoCo v2's, which SimSiam and spectral contrastive learning use as well. */
const mocoV2: Recipe = {
  name: "moco-v2/authors",
  crop: crop(0.2),
  resample: "antialiased-bilinear",
  flip: 0.5,
  jitter: jitter(0.4, 0.4, 0.4, 0.1),
  grayscale: 0.2,
  blur: pillowBlur(0.5),
  normalise: "imagenet",
  departs: `${STORE}, where Pillow rounds them to 256 levels`,
};
export const MOCO_V2 = grouped([mocoV2, mocoV2], 224);

const { blur: _, ...unblurred } = mocoV2;
const spectralCifar: Recipe = {
  ...unblurred,
  name: "spectral/authors-cifar",
  departs: "values stay real between operations, where Pillow rounds them to 256 levels",
};
/** Spectral contrastive learning's at 32 pixels: MoCo v2's without blur. */
export const SPECTRAL_CIFAR = grouped([spectralCifar, spectralCifar], 32);

/** BYOL's colours in both views; they differ in blur and solarize. */
const pale = { crop: crop(0.08), flip: 0.5, jitter: jitter(0.4, 0.4, 0.2, 0.1), grayscale: 0.2 } as const;

/** BYOL's own, in JAX. */
export const BYOL = grouped(
  [{ p: 1 }, { p: 0.1, solarize: 0.2 }].map(({ p, solarize }, i): Recipe => ({
    name: `byol/authors-${"ab"[i]}`,
    ...pale,
    resample: "bicubic",
    blur: { p, sigma: SIGMA },
    ...(solarize !== undefined && { solarize }),
    normalise: "imagenet",
    departs: `${STORE} as they do there; brightness is a factor here and an offset there`,
  })),
  224,
);

/** The same in torchvision: Barlow Twins and VICReg. */
export const BARLOW = grouped(
  [{ p: 1 }, { p: 0.1, solarize: 0.2 }].map(({ p, solarize }, i): Recipe => ({
    name: `barlow/authors-${"ab"[i]}`,
    ...pale,
    resample: "antialiased-bicubic",
    blur: pillowBlur(p),
    ...(solarize !== undefined && { solarize }),
    normalise: "imagenet",
    departs: `${STORE}, where Pillow rounds them to 256 levels`,
  })),
  224,
);
