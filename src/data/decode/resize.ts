/**
 * One resize for all data: the image is scaled so that its shorter side has the wanted length, with a triangle
 * filter that is widened when shrinking (bilinear with antialias), and its centre is cropped to a square: the geometry
 * `square` of ../geometry.ts.
 *
 * All arithmetic is f64 products and sums in a fixed order, with one rounding to u8 at the end, so the result is the
 * same on every machine. An image that already has the wanted size is copied.
 */

import { taps, TRIANGLE } from "../resample.ts";

/** Name and version that go into every record of what was resized. */
export const RESIZE_KERNEL = "triangle-antialias-centre-crop 1";

/**
 * Resizes `channels` interleaved samples, (height, width, channels), to RGB (size, size, 3) in `out` at `offset`.
 * A fourth channel is ignored. `height` and `width` must be at least 1.
 */
export function resizeInto(
  data: Uint8Array | Uint8ClampedArray,
  height: number,
  width: number,
  channels: 3 | 4,
  size: number,
  out: Uint8Array,
  offset: number,
): void {
  if (width === size && height === size) {
    for (let i = 0; i < size * size; i++) {
      for (let c = 0; c < 3; c++) out[offset + 3 * i + c] = data[channels * i + c]!;
    }
    return;
  }
  const shorter = Math.min(width, height);
  const scaledWidth = Math.round(width * size / shorter), scaledHeight = Math.round(height * size / shorter);
  const across = taps(width, scaledWidth, Math.floor((scaledWidth - size) / 2), size, TRIANGLE);
  const down = taps(height, scaledHeight, Math.floor((scaledHeight - size) / 2), size, TRIANGLE);
  const lowRow = down.first[0]!, rows = down.first[size - 1]! + down.weights[size - 1]!.length - lowRow;
  const middle = new Float64Array(rows * size * 3);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < size; x++) {
      const w = across.weights[x]!, base = ((lowRow + y) * width + across.first[x]!) * channels;
      for (let c = 0; c < 3; c++) {
        let sum = 0;
        for (let k = 0; k < w.length; k++) sum += w[k]! * data[base + k * channels + c]!;
        middle[(y * size + x) * 3 + c] = sum;
      }
    }
  }
  for (let y = 0; y < size; y++) {
    const w = down.weights[y]!, row = down.first[y]! - lowRow;
    for (let i = 0; i < size * 3; i++) {
      let sum = 0;
      for (let k = 0; k < w.length; k++) sum += w[k]! * middle[(row + k) * size * 3 + i]!;
      out[offset + y * size * 3 + i] = Math.min(255, Math.floor(sum + 0.5));
    }
  }
}
