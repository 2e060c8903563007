/** The twin of tests/oracles/hashing.py: numbers made from names, and summaries of tensors too large for a fixture. */

/** Sums in a count sketch. */
export const SKETCH = 64;
/** Elements in a sample. */
const SAMPLE = 24;

function seedOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

function word(seed: number, index: number): number {
  let x = (Math.imul(index, 0x9e3779b1) + seed) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** 32-bit hashes of (name, 0), (name, 1), ... */
export function words(name: string, n: number): Uint32Array<ArrayBuffer> {
  const seed = seedOf(name);
  return Uint32Array.from({ length: n }, (_, i) => word(seed, i));
}

/** Numbers in [-1, 1), exact in f32. */
export function signed(name: string, n: number): Float64Array<ArrayBuffer> {
  const seed = seedOf(name);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) out[i] = (word(seed, i) >>> 8) * 2 ** -23 - 1;
  return out;
}

/** What a fixture keeps of a tensor, in PyTorch's layout. */
export interface Summary {
  readonly name: string;
  readonly shape: readonly number[];
  readonly norm: number;
  /** Relative error, in norm, of PyTorch's own f32. */
  readonly torchError?: number;
  readonly sketch: readonly number[];
  readonly sample: readonly number[];
}

/** Count sketch: each element goes, with a random sign, to one of 64 sums. */
export function sketch(name: string, values: ArrayLike<number>): Float64Array {
  const seed = seedOf(`sketch ${name}`);
  const sums = new Float64Array(SKETCH);
  for (let i = 0; i < values.length; i++) {
    const h = word(seed, i);
    sums[h % SKETCH]! += h >>> 31 ? -values[i]! : values[i]!;
  }
  return sums;
}

/**
 * |values - summarised tensor| estimated from the sketch, absolute: the squared norm of a difference of sketches has the
 * squared norm of the difference as its mean, with a relative standard deviation of sqrt(2/64) = 0.18. No error as
 * large as 1.5 times a tolerance stays below it but with a probability of 1e-4 (chi-squared with 64 degrees of freedom).
 */
export function distance(values: ArrayLike<number>, summary: Summary): number {
  const ours = sketch(summary.name, values);
  return Math.hypot(...ours.map((v, i) => v - summary.sketch[i]!));
}

/** Largest difference from the summarised tensor's sampled elements. */
export function sampleDistance(values: ArrayLike<number>, summary: Summary): number {
  const n = values.length, k = Math.min(n, SAMPLE);
  const at = (i: number) => values[k > 1 ? Math.floor((i * (n - 1)) / (k - 1)) : 0]!;
  return Math.max(...summary.sample.map((v, i) => Math.abs(at(i) - v)));
}
