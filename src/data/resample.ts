/** Weights of a resize along one axis, by filters; as Pillow has them where they widen when shrinking (antialiasing). */

/** A symmetric filter: its weight at a distance, 0 from `support` on. */
export interface Filter {
  readonly support: number;
  /** Whether distances are in pixels of the output when that has fewer; else always in pixels of the source. */
  readonly widens: boolean;
  weight(distance: number): number;
}

/** Bilinear. */
export const TRIANGLE: Filter = { support: 1, widens: true, weight: (x) => Math.max(0, 1 - Math.abs(x)) };

/** Bicubic: Keys' cubic (IEEE Trans. ASSP 29, 1981) with a = -1/2, as Pillow; PyTorch's interpolate has -3/4. */
export const CUBIC: Filter = {
  support: 2,
  widens: true,
  weight: (x) => {
    const t = Math.abs(x);
    if (t < 1) return (1.5 * t - 2.5) * t * t + 1;
    return t < 2 ? ((2.5 - 0.5 * t) * t - 4) * t + 2 : 0;
  },
};

/** The filter behind each word of a recipe's `resample`. */
export const FILTERS = {
  "antialiased-bilinear": TRIANGLE,
  "antialiased-bicubic": CUBIC,
  "bicubic": { ...CUBIC, widens: false },
} as const satisfies Record<string, Filter>;

/** First source index and weights, summing to 1, of every output position. */
export interface Taps {
  readonly first: Int32Array;
  readonly weights: readonly Float64Array[];
}

/**
 * Taps along one axis: output i of `scaled` positions is centred on source (i + 0.5) source / scaled - 0.5; `offset`
 * is the first output kept and `count` how many. What lies outside the source has no weight.
 */
export function taps(source: number, scaled: number, offset: number, count: number, filter: Filter): Taps {
  const ratio = source / scaled,
    width = filter.widens ? Math.max(1, ratio) : 1,
    support = filter.support * width;
  const first = new Int32Array(count), weights: Float64Array[] = [];
  for (let i = 0; i < count; i++) {
    const centre = (i + offset + 0.5) * ratio - 0.5;
    const low = Math.max(0, Math.ceil(centre - support)),
      high = Math.min(source - 1, Math.floor(centre + support));
    const w = Float64Array.from(
      { length: high - low + 1 },
      (_, k) => filter.weight((low + k - centre) / width),
    );
    const total = w.reduce((a, b) => a + b, 0);
    first[i] = low;
    weights.push(w.map((v) => v / total));
  }
  return { first, weights };
}
