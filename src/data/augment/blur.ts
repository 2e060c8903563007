/** Blur of a square view in f64: what the kernel must compute. */
import type { Pixel } from "./colour.ts";

/**
 * Radius of the Gaussian kernel in pixels for views of `size`: a tenth of the view wide, as SimCLR has it, made odd and
 * at least 3 (radius 1 at 32, 4 at 96, 11 at 224).
 */
export function blurRadius(size: number): number {
  return Math.max(1, Math.floor(size / 20));
}

/** Weights of the Gaussian for offsets -radius..radius, summing to 1. */
export function gaussianWeights(sigma: number, radius: number): Float64Array {
  const weights = Float64Array.from(
    { length: 2 * radius + 1 },
    (_, i) => Math.exp(-((i - radius) ** 2) / (2 * sigma ** 2)),
  );
  const total = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => w / total);
}

/** Index after reflection at the borders, which are not repeated: -1 becomes 1, size becomes size - 2. */
export function reflect(i: number, size: number): number {
  if (i < 0) return -i;
  return i < size ? i : 2 * size - 2 - i;
}

/** Separable Gaussian of `blurRadius(size)` with reflected borders; `size` must be larger than the radius. */
export function gaussianBlur(pixels: readonly Pixel[], sigma: number, size: number): Pixel[] {
  const radius = blurRadius(size);
  const weights = gaussianWeights(sigma, radius);
  const across = filterLines(pixels, size, weights, reflect, false);
  return filterLines(across, size, weights, reflect, true);
}

/** Weights of one extended box for offsets -reach..reach, summing to 1. */
export function boxWeights(sigma: number): Float64Array {
  const variance = sigma ** 2 / 3;
  const l = Math.floor((Math.sqrt(12 * variance + 1) - 1) / 2);
  const a = (2 * l + 1) * (l * (l + 1) - 3 * variance) / (6 * (variance - (l + 1) ** 2));
  return Float64Array.from(
    { length: 2 * l + 3 },
    (_, i) => (i % (2 * l + 2) === 0 ? a : 1) / (2 * l + 1 + 2 * a),
  );
}

/**
 * Gaussian of any sigma by three extended boxes along either axis, borders repeated: a box whose outermost weights are
 * fractions so chosen that the variance is exactly sigma^2 / 3 (Gwosdek, Grewenig, Bruhn and Weickert, SSVM 2011).
 * Pillow's GaussianBlur is the same with a rounding to u8 after each box.
 */
export function boxBlur(pixels: readonly Pixel[], sigma: number, size: number): Pixel[] {
  const weights = boxWeights(sigma);
  let out = [...pixels];
  for (let n = 0; n < 6; n++) out = filterLines(out, size, weights, repeat, n >= 3);
  return out;
}

const repeat = (i: number, size: number): number => Math.min(size - 1, Math.max(0, i));

/** Weighted sums along the rows or the columns; `border` gives the index for one that may lie outside. */
function filterLines(
  from: readonly Pixel[],
  size: number,
  weights: Float64Array,
  border: (i: number, size: number) => number,
  columns: boolean,
): Pixel[] {
  const radius = (weights.length - 1) / 2;
  return from.map((_, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    const sum: [number, number, number] = [0, 0, 0];
    for (let d = -radius; d <= radius; d++) {
      const p = columns
        ? from[border(row + d, size) * size + column]!
        : from[row * size + border(column + d, size)]!;
      for (let c = 0; c < 3; c++) sum[c]! += weights[d + radius]! * p[c]!;
    }
    return sum;
  });
}
