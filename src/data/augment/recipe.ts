/**
 * A recipe says how one view of an image is made, as data: it can be printed, hashed, put in a report and lowered to
 * a kernel. Stages run in one fixed order, whatever the order of the fields:
 *
 *   crop and resize, flip, [brightness, contrast, saturation, hue], grayscale, blur, solarize, normalise, erase.
 *
 * A stage that is absent draws nothing, and no other stage's random numbers move because of it (see draw.ts).
 */

/** A closed range; both ends can be drawn. */
export type Range = readonly [low: number, high: number];

/** Where a rectangle comes from: its share of the image's area and its width over height, log-uniform. */
export interface Box {
  readonly scale: Range;
  readonly ratio: Range;
}

/** Strengths as in torchvision: factors are drawn from [max(0, 1 - s), 1 + s], the hue shift from [-hue, hue] turns. */
export interface Jitter {
  readonly p: number;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** In turns of the colour circle, at most 0.5. */
  readonly hue: number;
}

/** Gaussian blur; `sigma` in output pixels. The kernel is fixed by the output size, see `blurRadius`. */
export interface Blur {
  readonly p: number;
  readonly sigma: Range;
}

/** Channel statistics, in units of 0..1. */
export interface Normalise {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/** One view's augmentation. Only `name` and `normalise` are obligatory. */
export interface Recipe {
  readonly name: string;
  /** Random resized crop; without it the whole image is resized. */
  readonly crop?: Box;
  /** Probability of a horizontal flip. */
  readonly flip?: number;
  readonly jitter?: Jitter;
  /** Probability of grayscale. */
  readonly grayscale?: number;
  readonly blur?: Blur;
  /** Probability of solarize: values of at least 0.5 are inverted. */
  readonly solarize?: number;
  /** Random erasing, after normalisation, with zeros. */
  readonly erase?: Box & { readonly p: number };
  readonly normalise: Normalise;
}

/**
 * Radius of the blur kernel in pixels for views of `size`: a tenth of the view wide, as SimCLR has it, made odd and
 * at least 3 (radius 1 at 32, 4 at 96, 11 at 224).
 */
export function blurRadius(size: number): number {
  return Math.max(1, Math.floor(size / 20));
}
