/** The views that published configurations train on. */
import type { Box, Jitter, Recipe } from "../../data/augment/recipe_schema.ts";
import type { PublishedSpec } from "./preset.ts";

type Views = PublishedSpec["views"];

const RATIO = [3 / 4, 4 / 3] as const;
const SIGMA = [0.1, 2] as const;

/** torchvision's random resized crop with areas from `least` of the image. */
const crop = (least: number): Box => ({ scale: [least, 1], ratio: RATIO });

const jitter = (
  brightness: number,
  contrast: number,
  saturation: number,
  hue: number,
  p = 0.8,
): Jitter => ({ p, brightness, contrast, saturation, hue });

/** What recipes have in common: flips of one half, grayscale of a fifth, sigma of the blur between 0.1 and 2. */
const recipe = (
  name: string,
  normalise: Recipe["normalise"],
  parts: {
    readonly least: number;
    readonly jitter: Jitter;
    readonly blur?: number;
    readonly solarize?: number;
  },
): Recipe => ({
  name,
  crop: crop(parts.least),
  flip: 0.5,
  jitter: parts.jitter,
  grayscale: 0.2,
  ...(parts.blur !== undefined && { blur: { p: parts.blur, sigma: SIGMA } }),
  ...(parts.solarize !== undefined && { solarize: parts.solarize }),
  normalise,
});

const pair = (size: number, one: Recipe): Views => [{ count: 2, size, recipe: one }];
const unlike = (size: number, one: Recipe, other: Recipe): Views => [
  { count: 1, size, recipe: one },
  { count: 1, size, recipe: other },
];

const STRONG = jitter(0.8, 0.8, 0.8, 0.2);
const WEAK = jitter(0.4, 0.4, 0.4, 0.1);
/** BYOL's, which Barlow Twins and VICReg took over. */
const PALE = jitter(0.4, 0.4, 0.2, 0.1);

/** solo-learn's augmentation files by name; on CIFAR the asymmetric one and VICReg's do not blur. */
export function soloLearn(
  name: string,
  size: number,
  dataset: "cifar10" | "cifar100" | "imagenet-100",
): Views {
  const large = dataset === "imagenet-100";
  const normalise = large ? "imagenet" : dataset;
  const make = (suffix: string, parts: Parameters<typeof recipe>[2]) =>
    recipe(`solo-learn/${suffix}`, normalise, parts);
  if (name === "symmetric") return pair(size, make(name, { least: 0.08, jitter: STRONG, blur: 0.5 }));
  if (name === "symmetric_weak") return pair(size, make(name, { least: 0.08, jitter: WEAK, blur: 0.5 }));
  if (name === "vicreg") {
    return pair(size, make(name, { least: 0.2, jitter: PALE, ...(large && { blur: 0.5 }), solarize: 0.1 }));
  }
  return unlike(
    size,
    make("asymmetric/1", { least: 0.08, jitter: PALE, ...(large && { blur: 1 }) }),
    make("asymmetric/2", { least: 0.08, jitter: PALE, ...(large && { blur: 0.1 }), solarize: 0.2 }),
  );
}

/** SimCLR's at full strength; its code feeds values in [0, 1] as they are. */
export const SIMCLR: Views = pair(
  224,
  recipe("simclr/authors", { mean: [0, 0, 0], std: [1, 1, 1] }, { least: 0.08, jitter: STRONG, blur: 0.5 }),
);

/** MoCo v2's, which SimSiam and spectral contrastive learning use as well, the latter without blur at 32 pixels. */
export const mocoV2 = (name: string, size: number): Views =>
  pair(size, recipe(name, "imagenet", { least: 0.2, jitter: WEAK, ...(size > 32 && { blur: 0.5 }) }));

/** BYOL's two, which Barlow Twins and VICReg use as well. */
export const byol = (name: string): Views =>
  unlike(
    224,
    recipe(`${name}/1`, "imagenet", { least: 0.08, jitter: PALE, blur: 1 }),
    recipe(`${name}/2`, "imagenet", { least: 0.08, jitter: PALE, blur: 0.1, solarize: 0.2 }),
  );

/** DIET's strength 3 as a third-party implementation has it; the library that defines it is not public. */
export const diet = (name: string, size: number, normalise: Recipe["normalise"]): Views => [{
  count: 1,
  size,
  recipe: {
    name,
    crop: crop(0.08),
    flip: 0.5,
    jitter: jitter(0.4, 0.4, 0.4, 0.2, 0.3),
    grayscale: 0.2,
    blur: { p: 0.2, sigma: SIGMA },
    erase: { p: 0.25, scale: [0.02, 0.33], ratio: [0.3, 3.3] },
    normalise,
  },
}];
