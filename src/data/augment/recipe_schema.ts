/** The schema of a recipe (recipe.ts says what its fields mean): recipes stand as values in specifications. */
import { z } from "zod";
import type { Recipe } from "./recipe.ts";

const range = z.tuple([z.number(), z.number()]).readonly();
const triple = z.tuple([z.number(), z.number(), z.number()]).readonly();
const share = z.number().min(0).max(1);
const box = { scale: range, ratio: range };

export const recipeSchema = z.strictObject({
  name: z.string().min(1),
  crop: z.strictObject(box).exactOptional(),
  flip: share.exactOptional(),
  jitter: z.strictObject({
    p: share,
    brightness: z.number().min(0),
    contrast: z.number().min(0),
    saturation: z.number().min(0),
    hue: z.number().min(0).max(0.5),
  }).exactOptional(),
  grayscale: share.exactOptional(),
  blur: z.strictObject({ p: share, sigma: range }).exactOptional(),
  solarize: share.exactOptional(),
  erase: z.strictObject({ p: share, ...box }).exactOptional(),
  normalise: z.strictObject({ mean: triple, std: triple }),
}) satisfies z.ZodType<Recipe>;
