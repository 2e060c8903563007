/**
 * A recipe says how one view of an image is made, as data: it stands as a value in specifications and so in their hash,
 * it can be printed, and it is lowered to a kernel. Stages run in one fixed order, whatever the order of the fields:
 *
 *   crop and resize, flip, [brightness, contrast, saturation, hue], grayscale, blur, solarize, normalise, erase.
 *
 * A stage that is absent draws nothing, and no other stage's random numbers move because of it (see draw.ts). An option
 * of a stage has no word for what happens without it, so that one meaning has one form.
 */
import { z } from "zod";

const ascending = ([low, high]: readonly [number, number]): boolean => low <= high;
const UNORDERED = "the lower end must come first";

const probability = z.number().min(0).max(1);
const positive = z.number().positive();
const area = z.number().positive().max(1);

/** A closed range; both ends can be drawn. */
const range = (end: z.ZodNumber) => z.tuple([end, end]).readonly().refine(ascending, UNORDERED);

const box = {
  /** Share of the image's area. */
  scale: range(area),
  /** Width over height, log-uniform. */
  ratio: range(positive).refine(([low, high]) => low <= 1 && high >= 1, "it must include 1, the whole image"),
};

/** Where a rectangle comes from. */
export const boxSchema = z.strictObject(box);
export type Box = z.infer<typeof boxSchema>;

/** Strengths as in torchvision: factors are drawn from [max(0, 1 - s), 1 + s], the hue shift from [-hue, hue] turns. */
export const jitterSchema = z.strictObject({
  p: probability,
  brightness: z.number().min(0),
  contrast: z.number().min(0),
  saturation: z.number().min(0),
  /** In turns of the colour circle. */
  hue: z.number().min(0).max(0.5),
  /** The four operations in an order drawn for each view, as torchvision's ColorJitter; without it as named above. */
  order: z.literal("random").exactOptional(),
});
export type Jitter = z.infer<typeof jitterSchema>;

/** Gaussian blur. */
export const blurSchema = z.strictObject({
  p: probability,
  /** Standard deviation in output pixels. */
  sigma: range(positive),
  /**
   * `extended-box`: as wide as sigma needs, by three box blurs along either axis, as Pillow's GaussianBlur. Without it
   * the kernel's width is fixed by the view's, see `blurRadius`, and cuts wide Gaussians off.
   */
  kernel: z.literal("extended-box").exactOptional(),
});
export type Blur = z.infer<typeof blurSchema>;

const triple = (channel: z.ZodNumber) => z.tuple([channel, channel, channel]).readonly();

/** Mean and standard deviation of the channels, in units of 0..1. */
export const statisticsSchema = z.strictObject({ mean: triple(z.number()), std: triple(positive) });
export type Statistics = z.infer<typeof statisticsSchema>;

/** Channel statistics by a name of statistics.ts, or in numbers. */
export const normaliseSchema = z.union([
  z.enum(["imagenet", "cifar10", "cifar100", "stl10"]),
  statisticsSchema,
]);
export type Normalise = z.infer<typeof normaliseSchema>;

/** One view's augmentation. Only `name` and `normalise` are obligatory. */
export const recipeSchema = z.strictObject({
  name: z.string().min(1),
  /**
   * Random resized crop, or `centre`: the middle square of the view's size, not resized. Without it the whole image is
   * resized. The image is what the store holds: a square, see ../geometry.ts.
   */
  crop: z.union([boxSchema, z.literal("centre")]).exactOptional(),
  /**
   * How a crop is resized: by Pillow's filters, which widen when shrinking; or by a bicubic that does not, as
   * TensorFlow's. Without it bilinear among the nearest four pixels whatever the scale, as PyTorch's interpolate without
   * antialias.
   */
  resample: z.enum(["antialiased-bilinear", "antialiased-bicubic", "bicubic"]).exactOptional(),
  /** Probability of a horizontal flip. */
  flip: probability.exactOptional(),
  jitter: jitterSchema.exactOptional(),
  /** Probability of grayscale. */
  grayscale: probability.exactOptional(),
  blur: blurSchema.exactOptional(),
  /** Probability of solarize: values of at least 0.5 are inverted. */
  solarize: probability.exactOptional(),
  /** Random erasing, after normalisation, with zeros. */
  erase: z.strictObject({ p: probability, ...box }).exactOptional(),
  normalise: normaliseSchema,
  /** What the protocol that the name refers to does otherwise, in plain words for a report. Computes nothing. */
  departs: z.string().min(1).exactOptional(),
});
export type Recipe = z.infer<typeof recipeSchema>;
