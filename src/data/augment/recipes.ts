/**
 * Named recipes. Each entry lists one recipe per view; a list of one is used for every view. Where a paper's source
 * gives no augmentation, the entry says "assumption".
 */
import { failure } from "../../base/error.ts";
import type { Box, Jitter, Normalise, Recipe } from "./recipe_schema.ts";
import { SOLO_LEARN } from "./solo_learn.ts";
import { STATISTICS } from "./statistics.ts";

/** Channel statistics of ImageNet, the usual default. */
export const IMAGENET = STATISTICS.imagenet;

const RATIO = [3 / 4, 4 / 3] as const;
const WIDE: Box = { scale: [0.08, 1], ratio: RATIO };
const MILD: Box = { scale: [0.2, 1], ratio: RATIO };
const SIGMA = [0.1, 2] as const;
const jitter = (
  p: number,
  brightness: number,
  contrast: number,
  saturation: number,
  hue: number,
): Jitter => ({
  ...{ p, brightness, contrast, saturation, hue },
});

const recipe = (name: string, parts: Omit<Recipe, "name" | "normalise">): Recipe => ({
  name,
  ...parts,
  normalise: IMAGENET,
});

/** Of recipes named after papers whose code does more than their fields say. */
const DEPARTS = {
  departs:
    "the jitter has one order, crops are resized bilinearly among the nearest four pixels, and a blur's kernel is " +
    "a tenth of the view wide; the source draws the order, filters what it shrinks, bicubically but for MoCo v2 and " +
    "SimSiam, and does not cut its blur off",
};

/** BYOL appendix B and Barlow Twins appendix A: the two views differ in blur and solarize. */
const asymmetric = (name: string, suffix: "a" | "b"): Recipe =>
  recipe(`${name}-${suffix}`, {
    crop: WIDE,
    flip: 0.5,
    jitter: jitter(0.8, 0.4, 0.4, 0.2, 0.1),
    grayscale: 0.2,
    blur: { p: suffix === "a" ? 1 : 0.1, sigma: SIGMA },
    solarize: suffix === "a" ? 0 : 0.2,
    ...DEPARTS,
  });

/** MoCo v2's augmentation, which SimSiam uses as well. */
const moco = (name: string): Recipe =>
  recipe(name, {
    crop: MILD,
    flip: 0.5,
    jitter: jitter(0.8, 0.4, 0.4, 0.4, 0.1),
    grayscale: 0.2,
    blur: { p: 0.5, sigma: SIGMA },
    ...DEPARTS,
  });

/** DIET at strength 3, from a third-party port of the authors' code. */
const diet = (name: string): Recipe =>
  recipe(name, {
    crop: WIDE,
    flip: 0.5,
    jitter: jitter(0.3, 0.4, 0.4, 0.4, 0.2),
    grayscale: 0.2,
    blur: { p: 0.2, sigma: SIGMA },
    erase: { p: 0.25, scale: [0.02, 0.33], ratio: [0.3, 3.3] },
  });

const RECIPES: Readonly<Record<string, readonly Recipe[]>> = {
  // SimCLR's strengths on CIFAR as solo-learn has them; `solo-learn/cifar10/simclr` is its whole protocol
  simclr: [recipe("simclr", {
    crop: WIDE,
    flip: 0.5,
    jitter: jitter(0.8, 0.8, 0.8, 0.8, 0.2),
    grayscale: 0.2,
    blur: { p: 0.5, sigma: SIGMA },
    ...DEPARTS,
  })],
  "moco-v2": [moco("moco-v2")],
  simsiam: [moco("simsiam")],
  byol: [asymmetric("byol", "a"), asymmetric("byol", "b")],
  "byol-a": [asymmetric("byol", "a")],
  "byol-b": [asymmetric("byol", "b")],
  barlow: [asymmetric("barlow", "a"), asymmetric("barlow", "b")],
  // VICReg appendix C: both views drawn from the average of BYOL's two
  vicreg: [recipe("vicreg", {
    crop: WIDE,
    flip: 0.5,
    jitter: jitter(0.8, 0.4, 0.4, 0.2, 0.1),
    grayscale: 0.2,
    blur: { p: 0.5, sigma: SIGMA },
    solarize: 0.1,
    ...DEPARTS,
  })],
  "diet-3": [diet("diet-3")],
  // assumption: S-DIET's augmentation is not public, DIET's is used
  sdiet: [diet("sdiet")],
  supervised: [recipe("supervised", { crop: WIDE, flip: 0.5 })],
  // Cao & Wu's released CIFAR-10 example
  "caowu-cifar": [recipe("caowu-cifar", {
    crop: MILD,
    flip: 0.5,
    jitter: jitter(0.8, 0.4, 0.4, 0.4, 0.1),
    grayscale: 0.2,
  })],
  eval: [recipe("eval", {})],
  ...SOLO_LEARN,
};

/** Names that `recipeViews` knows. */
export function recipeNames(): readonly string[] {
  return Object.keys(RECIPES);
}

/**
 * One recipe per view, with other channel statistics in place of its own when given. Errors: an unknown name.
 */
export function recipeViews(name: string, views: number, normalise?: Normalise): readonly Recipe[] {
  const found = Object.hasOwn(RECIPES, name) ? RECIPES[name]! : undefined;
  if (!found) {
    throw failure({
      operation: "choose",
      object: `the augmentation recipe "${name}"`,
      required: "the name must be a known recipe",
      found: `"${name}"`,
      wayOut: `use one of ${recipeNames().join(", ")}`,
    });
  }
  return Array.from(
    { length: views },
    (_, view) => ({ ...found[view % found.length]!, ...(normalise && { normalise }) }),
  );
}
