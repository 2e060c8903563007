/** Steps between two visits of an image, for several ways to draw batches. */
import { permutation, PhiloxStream } from "../../../src/base/random.ts";
import type { Check } from "../../exact/check.ts";

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

/** Distance of the simulated deviation from the formula in standard errors over seeds. */
function gapScore(
  drawing: "reshuffled" | "cyclic" | "replacement",
): { score: number; mean: number; seen: number } {
  const t = 49, seeds = 12;
  const gaps = Array.from({ length: seeds }, (_, seed) => visitGaps(drawing, t, 8, 12, seed));
  const average = (pick: (g: typeof gaps[number]) => number) => gaps.reduce((s, g) => s + pick(g), 0) / seeds;
  const seen = average((g) => g.deviation);
  const spread = Math.sqrt(average((g) => (g.deviation - seen) ** 2) / (seeds - 1));
  const mean = Math.max(...gaps.map((g) => Math.abs(g.mean - t)));
  return { score: Math.abs(seen - predicted(t)) / Math.max(spread, 1e-12), mean, seen };
}

const predicted = (t: number): number => Math.sqrt((t * t - 1) / 6);

/** X17: mean and deviation of the gap between visits. */
export function gaps(): Check[] {
  const [reshuffled, cyclic, replacement] = (["reshuffled", "cyclic", "replacement"] as const).map(gapScore);
  return [
    {
      id: "X17",
      what: "t = 196, all pairs of positions: deviation of the gap against sqrt((t^2 - 1) / 6)",
      error: Math.abs(enumeratedGaps(196).deviation - predicted(196)),
      tolerance: 1e-9,
      controls: [{
        what: "deviation t / sqrt(12)",
        error: Math.abs(enumeratedGaps(196).deviation - 196 / 12 ** 0.5),
      }],
    },
    {
      id: "X17",
      what: "t = 49, simulated epochs: mean gap against t",
      error: reshuffled!.mean,
      tolerance: 1e-9,
      controls: [{ what: "batches drawn with replacement", error: replacement!.mean }],
    },
    {
      id: "X17",
      what: "t = 49, simulated epochs: deviation against the formula, in standard errors over 12 seeds",
      error: reshuffled!.score,
      tolerance: 4,
      controls: [
        { what: "cyclic order", error: cyclic!.score },
        { what: "batches drawn with replacement", error: replacement!.score },
      ],
    },
  ];
}
