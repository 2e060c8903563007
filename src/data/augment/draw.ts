/**
 * The random decisions of one view, from (seed, epoch, sample, view) alone, so that any sample's view can be made
 * again by itself. Every decision is integer arithmetic on Philox words, so that a shader, where square roots,
 * exponentials and divisions are not exactly rounded, draws the same bits.
 *
 * Key = (seed, PURPOSE.augment); counter = (epoch, sample, view, block). Words of a block in order:
 *
 *   block 0..9    crop attempt k:   area, ratio, top, left
 *   block 10      flip, jitter?, grayscale?, blur?
 *   block 11      brightness, contrast, saturation, hue
 *   block 12      sigma, solarize?, erase?, order of the jitter
 *   block 13..22  erase attempt k:  area, ratio, top, left
 *
 * `scaled(u, n) = floor(u n / 2^32)` is the high word of a 32 x 32 bit product and gives 0..n-1. Reals are 16.16
 * fixed point ("Q16"), exact in f32. A chance p holds when (u >> 8) < round(p 2^24). The log-uniform ratio is one of
 * 256 tabulated midpoints, chosen by the word's high byte.
 */
import { philox4x32, PURPOSE, type Words4 } from "../../base/random.ts";
import { failure } from "../../base/error.ts";
import type { Box, Recipe } from "./recipe_schema.ts";

/** Which view of which sample. All are unsigned 32-bit integers. */
export interface ViewId {
  readonly seed: number;
  readonly epoch: number;
  readonly sample: number;
  readonly view: number;
}

/** A rectangle in whole pixels. */
export interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** What was drawn. Reals are Q16 integers: divide by 65536. */
export interface ViewParameters {
  /** In pixels of the source image. */
  readonly crop: Rectangle;
  readonly flip: boolean;
  readonly jitter: boolean;
  readonly brightness: number;
  readonly contrast: number;
  readonly saturation: number;
  /** Signed, in turns. */
  readonly hue: number;
  /** Order of the jitter's operations, see `operationsOf`; 0 is the fixed one. */
  readonly order: number;
  readonly grayscale: boolean;
  readonly blur: boolean;
  /** In output pixels. */
  readonly sigma: number;
  readonly solarize: boolean;
  /** In pixels of the view; height 0 when nothing is erased. */
  readonly erase: Rectangle;
}

/** 1.0 in Q16. */
export const Q16 = 65536;

/** Attempts to place a rectangle before giving up, as in torchvision. */
export const ATTEMPTS = 10;

/** First counter word of each group; see the file's header. */
export const BLOCK = { crop: 0, chances: 10, jitter: 11, blur: 12, erase: 13 } as const;

/** Number of tabulated ratios. */
export const RATIOS = 256;

/** floor(word n / 2^32): uniform in 0..n-1. Exact in a double while n < 2^21. */
export function scaled(word: number, n: number): number {
  return Math.floor(word * n / 2 ** 32);
}

/** True with probability p, to 2^-24. */
export function chance(word: number, p: number): boolean {
  return (word >>> 8) < Math.round(p * 2 ** 24);
}

/** Q16 integer, uniform over the closed range. */
export function between(word: number, low: number, high: number): number {
  const from = Math.round(low * Q16), to = Math.round(high * Q16);
  return from + scaled(word, to - from + 1);
}

/** Square root rounded to the nearest integer: the integer r with (r - 1/2)^2 <= x < (r + 1/2)^2. */
export function roundedRoot(x: number): number {
  let r = Math.round(Math.sqrt(x));
  while (r * r - r >= x && r > 0) r--; // x < r^2 - r + 1/4 in integers
  while (r * r + r < x) r++;
  return r;
}

const tables = new Map<string, { wide: Uint32Array; tall: Uint32Array }>();

/**
 * The ratio table of a box: `wide[i]` is the ratio and `tall[i]` its inverse, in Q16, at the midpoints of 256 equal
 * steps of the logarithm. A shader receives it as data.
 */
export function ratioTable(ratio: Box["ratio"]): { readonly wide: Uint32Array; readonly tall: Uint32Array } {
  const key = ratio.join();
  let table = tables.get(key);
  if (!table) {
    const low = Math.log(ratio[0]), step = (Math.log(ratio[1]) - low) / RATIOS;
    const at = (i: number): number => Math.exp(low + (i + 0.5) * step);
    table = {
      wide: Uint32Array.from({ length: RATIOS }, (_, i) => Math.round(Q16 * at(i))),
      tall: Uint32Array.from({ length: RATIOS }, (_, i) => Math.round(Q16 / at(i))),
    };
    tables.set(key, table);
  }
  return table;
}

/**
 * One attempt at a rectangle in a square image of `size` pixels, or undefined when it does not fit.
 * area = floor(size^2 scale); width = root(area ratio), height = root(area / ratio), both rounded.
 * `strict` asks for a rectangle smaller than the image in both directions, as random erasing does.
 */
function attempt(words: Words4, box: Box, size: number, strict: boolean): Rectangle | undefined {
  const scale = between(words[0], box.scale[0], box.scale[1]);
  const area = Math.floor(size * size * scale / Q16);
  const { wide, tall } = ratioTable(box.ratio);
  const index = words[1] >>> 24;
  const width = roundedRoot(Math.floor(area * wide[index]! / Q16));
  const height = roundedRoot(Math.floor(area * tall[index]! / Q16));
  const most = strict ? size - 1 : size;
  if (width < 1 || height < 1 || width > most || height > most) return undefined;
  return {
    top: scaled(words[2], size - height + 1),
    left: scaled(words[3], size - width + 1),
    height,
    width,
  };
}

/** Operations of the jitter in the fixed order. */
export const OPERATIONS = ["brightness", "contrast", "saturation", "hue"] as const;
export type Operation = typeof OPERATIONS[number];

/** One of the 24 orders, uniform: the positions in OPERATIONS, two bits each from the lowest on. Never 0. */
export function drawOrder(word: number): number {
  const index = scaled(word, 24), rest = [0, 1, 2, 3];
  return [Math.floor(index / 6), Math.floor(index / 2) % 3, index % 2, 0]
    .reduce((order, place, k) => order | rest.splice(place, 1)[0]! << 2 * k, 0);
}

/** The jitter's operations in the order of a view. */
export function operationsOf(order: number): readonly Operation[] {
  return order === 0 ? OPERATIONS : OPERATIONS.map((_, k) => OPERATIONS[order >> 2 * k & 3]!);
}

/** The middle square of `size` pixels, half a pixel up and left where it cannot lie in the middle. Errors: it does not fit. */
export function centreCrop(sourceSize: number, size: number): Rectangle {
  if (size > sourceSize) {
    throw failure({
      operation: "crop",
      object: `the centre of images of ${sourceSize} x ${sourceSize}`,
      required: "they must be at least as large as the view",
      found: `a view of ${size} x ${size}`,
      wayOut: "store the images larger, or take the whole of each image",
    });
  }
  const at = Math.floor((sourceSize - size) / 2);
  return { top: at, left: at, height: size, width: size };
}

/** Draws a view of a square image of `sourceSize` pixels, resized to `size`. */
export function drawView(recipe: Recipe, id: ViewId, sourceSize: number, size: number): ViewParameters {
  const block = (draw: number): Words4 =>
    philox4x32([id.epoch, id.sample, id.view, draw], [id.seed, PURPOSE.augment]);
  const place = (box: Box, first: number, within: number, strict: boolean): Rectangle | undefined => {
    for (let k = 0; k < ATTEMPTS; k++) {
      const found = attempt(block(first + k), box, within, strict);
      if (found) return found;
    }
    return undefined;
  };
  const whole: Rectangle = { top: 0, left: 0, height: sourceSize, width: sourceSize };
  const nothing: Rectangle = { top: 0, left: 0, height: 0, width: 0 };
  const { jitter, blur, erase } = recipe;
  const chances = block(BLOCK.chances), factors = block(BLOCK.jitter), rest = block(BLOCK.blur);
  const factor = (word: number, strength: number): number =>
    between(word, Math.max(0, 1 - strength), 1 + strength);
  const crop = recipe.crop === "centre"
    ? centreCrop(sourceSize, size)
    : recipe.crop && place(recipe.crop, BLOCK.crop, sourceSize, false);
  return {
    crop: crop ?? whole,
    flip: chance(chances[0], recipe.flip ?? 0),
    jitter: chance(chances[1], jitter?.p ?? 0),
    brightness: factor(factors[0], jitter?.brightness ?? 0),
    contrast: factor(factors[1], jitter?.contrast ?? 0),
    saturation: factor(factors[2], jitter?.saturation ?? 0),
    hue: between(factors[3], -(jitter?.hue ?? 0), jitter?.hue ?? 0),
    order: jitter?.order === "random" ? drawOrder(rest[3]) : 0,
    grayscale: chance(chances[2], recipe.grayscale ?? 0),
    blur: chance(chances[3], blur?.p ?? 0),
    sigma: blur ? between(rest[0], blur.sigma[0], blur.sigma[1]) : 0,
    solarize: chance(rest[1], recipe.solarize ?? 0),
    erase: erase && chance(rest[2], erase.p) ? place(erase, BLOCK.erase, size, true) ?? nothing : nothing,
  };
}

/** Words of a packed view. */
export const VIEW_WORDS = 16;

/**
 * The same decisions as 16 signed words for a shader: crop top, left, height, width; flags (1 flip, 2 jitter, 4
 * grayscale, 8 blur, 16 solarize, 32 erase); brightness, contrast, saturation, hue, sigma; erase top, left, height,
 * width; order of the jitter; zero.
 */
export function packView(v: ViewParameters, out: Int32Array, offset = 0): void {
  const flags = (v.flip ? 1 : 0) | (v.jitter ? 2 : 0) | (v.grayscale ? 4 : 0) | (v.blur ? 8 : 0) |
    (v.solarize ? 16 : 0) | (v.erase.height > 0 ? 32 : 0);
  const { crop, erase } = v;
  out.set([
    ...[crop.top, crop.left, crop.height, crop.width, flags],
    ...[v.brightness, v.contrast, v.saturation, v.hue, v.sigma],
    ...[erase.top, erase.left, erase.height, erase.width, v.order, 0],
  ], offset);
}

/**
 * Packed views of a batch, (samples.length, 16) words: what a kernel reads. `id.sample` is replaced by each sample in
 * turn, so a view here equals the one drawn alone.
 */
export function drawBatch(
  recipe: Recipe,
  id: Omit<ViewId, "sample">,
  samples: ArrayLike<number>,
  sourceSize: number,
  size: number,
): Int32Array {
  const out = new Int32Array(samples.length * VIEW_WORDS);
  for (let i = 0; i < samples.length; i++) {
    packView(drawView(recipe, { ...id, sample: samples[i]! }, sourceSize, size), out, i * VIEW_WORDS);
  }
  return out;
}
