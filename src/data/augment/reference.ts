/**
 * The f64 reference of one augmented view: what a kernel must compute, per output pixel, from the u8 source, the
 * drawn parameters and the recipe.
 *
 *   sample(y, x)   the crop, resized; flip mirrors x. Bilinear, align_corners = false, no antialias, clamped to the crop;
 *                  or Pillow's filters where the recipe asks for them (`resample`)                         (0..1)
 *   jitter         in the view's order: brightness blends with 0, contrast with the average over the view of gray as
 *                  it is when contrast is reached, saturation with gray(p); hue turns                      (0..1)
 *   pixel(y, x)    jitter, then grayscale                                                                  (0..1)
 *   blur(y, x)     see blur.ts
 *   out(y, x)      (solarize(blur) - mean_c) / std_c, or 0 inside the erased rectangle
 *
 * `pixel` depends on its own position and on one average only. Nothing is rounded to u8 between the stages.
 */
import { type Filter, FILTERS, taps } from "../resample.ts";
import { boxBlur, gaussianBlur } from "./blur.ts";
import { blend, gray, type Pixel, solarize, turnHue } from "./colour.ts";
import { type Operation, operationsOf, Q16, type Rectangle, type ViewParameters } from "./draw.ts";
import type { Recipe } from "./recipe_schema.ts";
import { statisticsOf } from "./statistics.ts";

/** A square u8 RGB image, (size, size, 3), inside a larger array. */
export interface SourceImage {
  readonly data: Uint8Array;
  readonly offset: number;
  readonly size: number;
}

/** Value of the crop, resized to `size`, at output pixel (y, x). */
export function sampleCrop(image: SourceImage, crop: Rectangle, size: number, y: number, x: number): Pixel {
  const sy = Math.max(0, (y + 0.5) * crop.height / size - 0.5);
  const sx = Math.max(0, (x + 0.5) * crop.width / size - 0.5);
  const y0 = Math.min(Math.floor(sy), crop.height - 1), x0 = Math.min(Math.floor(sx), crop.width - 1);
  const y1 = Math.min(y0 + 1, crop.height - 1), x1 = Math.min(x0 + 1, crop.width - 1);
  const fy = sy - y0, fx = sx - x0;
  const at = (row: number, column: number, c: number): number =>
    image.data[image.offset + 3 * ((crop.top + row) * image.size + crop.left + column) + c]! / 255;
  const channel = (c: number): number => {
    const upper = at(y0, x0, c) * (1 - fx) + at(y0, x1, c) * fx;
    const lower = at(y1, x0, c) * (1 - fx) + at(y1, x1, c) * fx;
    return upper * (1 - fy) + lower * fy;
  };
  return [channel(0), channel(1), channel(2)];
}

/**
 * The view as f64, (size, size, 3), normalised.
 * `size` must be larger than the blur radius, which holds for every size of at least 2.
 */
export function referenceView(
  image: SourceImage,
  recipe: Recipe,
  v: ViewParameters,
  size: number,
): Float64Array {
  const pixels = jitterAll(image, recipe, v, size);
  const blur = recipe.blur?.kernel ? boxBlur : gaussianBlur;
  const blurred = v.blur ? blur(pixels, v.sigma / Q16, size) : pixels;
  const { mean, std } = statisticsOf(recipe.normalise);
  const out = new Float64Array(size * size * 3);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inErased = y >= v.erase.top && y < v.erase.top + v.erase.height &&
        x >= v.erase.left && x < v.erase.left + v.erase.width;
      if (inErased) continue;
      const value = blurred[y * size + x]!;
      const final = v.solarize ? solarize(value) : value;
      for (let c = 0; c < 3; c++) out[3 * (y * size + x) + c] = (final[c]! - mean[c]!) / std[c]!;
    }
  }
  return out;
}

/** The crop, resized to `size`, by a filter: along rows, then along columns, clamped to 0..1 after either. */
export function resampleCrop(image: SourceImage, crop: Rectangle, size: number, filter: Filter): Pixel[] {
  const across = taps(crop.width, size, 0, size, filter), down = taps(crop.height, size, 0, size, filter);
  const pixelAt = (row: number, column: number): Pixel => {
    const at = image.offset + 3 * ((crop.top + row) * image.size + crop.left + column);
    return [image.data[at]! / 255, image.data[at + 1]! / 255, image.data[at + 2]! / 255];
  };
  const lines = Array.from(
    { length: crop.height },
    (_, row) => across.weights.map((w, x) => weighted(w, (k) => pixelAt(row, across.first[x]! + k))),
  );
  return down.weights.flatMap((w, y) =>
    across.weights.map((_, x) => weighted(w, (k) => lines[down.first[y]! + k]![x]!))
  );
}

function weighted(weights: Float64Array, pixel: (k: number) => Pixel): Pixel {
  const sum: [number, number, number] = [0, 0, 0];
  weights.forEach((w, k) => pixel(k).forEach((v, c) => sum[c]! += w * v));
  return blend(sum, 0, 1); // clamps
}

/** Crop, flip, jitter and grayscale for every pixel of the view. */
function jitterAll(image: SourceImage, recipe: Recipe, v: ViewParameters, size: number): Pixel[] {
  const filter = recipe.resample && FILTERS[recipe.resample];
  const resampled = filter && resampleCrop(image, v.crop, size, filter);
  const cropped = Array.from({ length: size * size }, (_, i): Pixel => {
    const y = Math.floor(i / size), x = v.flip ? size - 1 - i % size : i % size;
    return resampled ? resampled[y * size + x]! : sampleCrop(image, v.crop, size, y, x);
  });
  const jittered = v.jitter
    ? operationsOf(v.order).reduce((pixels, name) => jitter(pixels, name, v), cropped)
    : cropped;
  return jittered.map((p) => v.grayscale ? [gray(p), gray(p), gray(p)] : p);
}

/** One operation of the jitter on a whole view. */
function jitter(pixels: readonly Pixel[], name: Operation, v: ViewParameters): Pixel[] {
  const strength = v[name] / Q16;
  if (name === "hue") return pixels.map((p) => turnHue(p, strength));
  const mean = pixels.reduce((sum, p) => sum + gray(p), 0) / pixels.length;
  const other = { brightness: () => 0, contrast: () => mean, saturation: gray }[name];
  return pixels.map((p) => blend(p, other(p), strength));
}
