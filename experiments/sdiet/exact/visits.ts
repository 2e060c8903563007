/** Steps between two visits of an image, for several ways to draw batches. */
import { permutation, PhiloxStream } from "../../../src/base/random.ts";

/** `reshuffled`: each epoch in a new order; `cyclic`: always the same; `replacement`: every batch drawn from all images. */
export type Drawing = "reshuffled" | "cyclic" | "replacement";

export interface Gaps {
  readonly count: number;
  readonly mean: number;
  /** Population deviation. */
  readonly deviation: number;
}

/** Gaps of all images over `epochs` epochs of `t` steps with `batch` images each. */
export function visitGaps(drawing: Drawing, t: number, batch: number, epochs: number, seed: number): Gaps {
  const images = t * batch;
  const last = new Int32Array(images).fill(-1);
  let count = 0, sum = 0, squares = 0;
  const stream = new PhiloxStream([seed, 1]);
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = drawing === "replacement"
      ? Uint32Array.from({ length: images }, () => stream.below(images))
      : permutation(images, seed, drawing === "cyclic" ? 0 : epoch);
    order.forEach((image, at) => {
      const step = epoch * t + Math.floor(at / batch);
      if (last[image]! >= 0) {
        const gap = step - last[image]!;
        count++;
        sum += gap;
        squares += gap * gap;
      }
      last[image] = step;
    });
  }
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(squares / count - mean * mean) };
}

/** The same under reshuffling by enumeration: positions a and b in two epochs are independent, the gap is t + b - a. */
export function enumeratedGaps(t: number): Gaps {
  let sum = 0, squares = 0;
  for (let a = 0; a < t; a++) {
    for (let b = 0; b < t; b++) {
      sum += t + b - a;
      squares += (t + b - a) ** 2;
    }
  }
  const count = t * t;
  const mean = sum / count;
  return { count, mean, deviation: Math.sqrt(squares / count - mean * mean) };
}
