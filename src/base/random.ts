/**
 * Philox 4x32-10, the counter-based generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3"
 * (SC 2011). Same bits as `_random.wgsl`: a number depends on its key and counter alone, not on order, batch
 * size, worker count or resume point.
 *
 * Convention of this project: key = (seed, purpose), counter = (epoch, sample, view, draw).
 */

/** Four unsigned 32-bit words. */
export type Words4 = readonly [number, number, number, number];
/** Two unsigned 32-bit words. */
export type Words2 = readonly [number, number];

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** High 32 bits of the 64-bit product, by 16-bit halves so that every partial sum is exact in a double. */
function multiplyHigh(a: number, b: number): number {
  const al = a & 0xffff, ah = a >>> 16;
  const bl = b & 0xffff, bh = b >>> 16;
  const low = al * bl;
  const middle = ah * bl + (low >>> 16);
  const middle2 = al * bh + (middle % 0x10000);
  return (ah * bh + Math.floor(middle / 0x10000) + Math.floor(middle2 / 0x10000)) >>> 0;
}

/** One block: 128 random bits as four u32, from a 128-bit counter and a 64-bit key. */
export function philox4x32(counter: Words4, key: Words2): [number, number, number, number] {
  let c0 = counter[0] >>> 0, c1 = counter[1] >>> 0, c2 = counter[2] >>> 0, c3 = counter[3] >>> 0;
  let k0 = key[0] >>> 0, k1 = key[1] >>> 0;
  for (let round = 0; round < 10; round++) {
    const hi0 = multiplyHigh(M0, c0), lo0 = Math.imul(M0, c0) >>> 0;
    const hi1 = multiplyHigh(M1, c2), lo1 = Math.imul(M1, c2) >>> 0;
    c0 = (hi1 ^ c1 ^ k0) >>> 0;
    c1 = lo1;
    c2 = (hi0 ^ c3 ^ k1) >>> 0;
    c3 = lo0;
    k0 = (k0 + W0) >>> 0;
    k1 = (k1 + W1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** Uniform in [0, 1) with 24 bits, exact in f32: the same value on the GPU. */
export function uniform24(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** What a stream of random numbers is for; the second word of the key. Never renumber: results depend on it. */
export const PURPOSE = {
  initialise: 1,
  shuffle: 2,
  augment: 3,
  shapes: 4,
  bootstrap: 5,
  negatives: 6,
  replay: 7,
  queue: 8,
} as const;

/** A stream of uniforms for host-side use, four per block. */
export class PhiloxStream {
  #block: number[] = [];
  #draw = 0;

  /** Numbers for one (epoch, sample, view) under a key; successive calls advance the draw counter. */
  constructor(
    private readonly key: Words2,
    private readonly at: readonly [number, number, number] = [0, 0, 0],
  ) {}

  /** Next 32 random bits. */
  word(): number {
    if (this.#block.length === 0) {
      this.#block = philox4x32([this.at[0], this.at[1], this.at[2], this.#draw++], this.key).reverse();
    }
    return this.#block.pop()!;
  }

  /** Uniform in [0, 1), 24 bits. */
  uniform(): number {
    return uniform24(this.word());
  }

  /** Standard normal by Box-Muller; two words each, no caching, so that draws stay aligned to calls. */
  normal(): number {
    const u = ((this.word() >>> 8) + 1) * 2 ** -24; // (0, 1]: the logarithm stays finite
    const v = this.uniform();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
  }

  /** Uniform integer below `bound` (at most 2^32) by rejection, so that no value is favoured. */
  below(bound: number): number {
    const limit = Math.floor(2 ** 32 / bound) * bound;
    let word = this.word();
    while (word >= limit) word = this.word();
    return word % bound;
  }
}

/** A permutation of 0..count-1 (Fisher-Yates) that depends on (seed, epoch) alone. */
export function permutation(count: number, seed: number, epoch: number): Uint32Array {
  const stream = new PhiloxStream([seed, PURPOSE.shuffle], [epoch, 0, 0]);
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = stream.below(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}
