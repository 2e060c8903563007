/**
 * The f64 reference of one augmented view: what a kernel must compute, per output pixel, from the u8 source, the
 * drawn parameters and the recipe.
 *
 *   sample(y, x)   bilinear, align_corners = false, no antialias, clamped to the crop; flip mirrors x        (0..1)
 *   bright         blend with 0 by the brightness factor
 *   mean           average over the view of gray(bright): the only reduction, needed when jitter is on
 *   pixel(y, x)    bright, contrast against `mean`, saturation, hue, then grayscale                          (0..1)
 *   blur(y, x)     sum_j w_j sum_i w_i pixel(y + j, x + i), radius r fixed by the view size, edges reflected
 *                  without repeating the border; w = exp(-d^2 / 2 sigma^2), normalised
 *   out(y, x)      (solarize(blur) - mean_c) / std_c, or 0 inside the erased rectangle
 *
 * `pixel` depends on its own position and on `mean` only, so a kernel may recompute the (2r + 1)^2 neighbours of the
 * blur or stage them in workgroup memory: the values are the same. Nothing is rounded to u8 between the stages.
 */
import { gaussianBlur } from "./blur.ts";
import { blend, gray, type Pixel, solarize, turnHue } from "./colour.ts";
import { Q16, type Rectangle, type ViewParameters } from "./draw.ts";
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
  const pixels = jitterAll(image, v, size);
  const blurred = v.blur ? gaussianBlur(pixels, v.sigma / Q16, size) : pixels;
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

/** Crop, flip, jitter and grayscale for every pixel of the view. */
function jitterAll(image: SourceImage, v: ViewParameters, size: number): Pixel[] {
  const bright: Pixel[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const value = sampleCrop(image, v.crop, size, y, v.flip ? size - 1 - x : x);
      bright.push(v.jitter ? blend(value, 0, v.brightness / Q16) : value);
    }
  }
  const mean = bright.reduce((sum, p) => sum + gray(p), 0) / bright.length;
  return bright.map((value) => {
    let p = value;
    if (v.jitter) {
      p = blend(p, mean, v.contrast / Q16);
      p = blend(p, gray(p), v.saturation / Q16);
      p = turnHue(p, v.hue / Q16);
    }
    if (!v.grayscale) return p;
    const g = gray(p);
    return [g, g, g];
  });
}
