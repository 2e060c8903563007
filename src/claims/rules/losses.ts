/**
 * Losses on a softmax, compared by their gradients: two losses whose gradients are proportional at every point train
 * alike up to the step size, whatever their values.
 */
import type { LossSpec } from "../assertions.ts";

/** Softmax of logits. */
export function softmax(o: readonly number[]): number[] {
  const top = Math.max(...o);
  const e = o.map((x) => Math.exp(x - top));
  const sum = e.reduce((s, x) => s + x, 0);
  return e.map((x) => x / sum);
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((s, x, i) => s + x * b[i]!, 0);
const logs = (p: readonly number[]) => p.map(Math.log);

/** u_j = p_j^a / sum_k p_k^a */
function tempered(p: readonly number[], power: number): number[] {
  const u = p.map((x) => x ** power);
  const sum = u.reduce((s, x) => s + x, 0);
  return u.map((x) => x / sum);
}

/**
 * Value of a loss at logits `o`. `frozen` holds the logits behind a stop-gradient (numerically equal to `o` where the
 * gradient is taken); `offset` is what separates a target's logits from the prediction's.
 */
export function lossValue(
  spec: LossSpec,
  o: readonly number[],
  frozen: readonly number[],
  offset: readonly number[],
): number {
  const p = softmax(o);
  const behind = spec.target === "stop-gradient" ? frozen : o;
  const q = softmax(behind.map((x, i) => x + offset[i]!)); // the target distribution of kl and cross-entropy
  const u = tempered(softmax(behind), spec.power ?? 0.5);
  switch (spec.loss) {
    case "cross-entropy":
      return -dot(q, logs(p));
    case "kl":
      return dot(q, logs(q)) - dot(q, logs(p));
    case "negative-entropy":
      return dot(p, logs(p));
    case "sharpening":
      return -dot(p, logs(u));
    case "sqrt-kl":
      return dot(p, logs(p)) - dot(p, logs(u));
  }
}

/** Gradient with respect to `o` by central differences (step 1e-5: error about 1e-10). */
export function lossGradient(spec: LossSpec, o: readonly number[], offset: readonly number[]): number[] {
  const h = 1e-5;
  return o.map((_, i) => {
    const moved = (by: number) => lossValue(spec, o.map((x, j) => (j === i ? x + by : x)), o, offset);
    return (moved(h) - moved(-h)) / (2 * h);
  });
}

export interface GradientRatio {
  /** left = ratio x right, the mean over the points. */
  readonly ratio: number;
  /** Largest departure from proportionality with that ratio, relative to the left gradient. */
  readonly residual: number;
  readonly points: number;
}

/** Fits left = ratio x right over fixed, well spread logits. */
export function gradientRatio(left: LossSpec, right: LossSpec, classes = 8, points = 12): GradientRatio {
  // Fixed quasi-random logits in [-4, 4]: the same report every time, and no two points alike.
  const spread = (s: number, i: number) => 4 * Math.sin(12.9898 * (s + 1) + 78.233 * (i + 1) * (s + 2));
  const pairs = Array.from({ length: points }, (_, s) => {
    const o = Array.from({ length: classes }, (_, i) => spread(s, i));
    const offset = Array.from({ length: classes }, (_, i) => spread(s + points, i) / 2);
    return [lossGradient(left, o, offset), lossGradient(right, o, offset)] as const;
  });
  const ratio = pairs.reduce((s, [l, r]) => s + dot(l, r), 0) / pairs.reduce((s, [, r]) => s + dot(r, r), 0);
  const residual = Math.max(...pairs.map(([l, r]) => {
    const off = l.map((x, i) => x - ratio * r[i]!);
    return Math.sqrt(dot(off, off) / Math.max(dot(l, l), 1e-300));
  }));
  return { ratio, residual, points };
}
