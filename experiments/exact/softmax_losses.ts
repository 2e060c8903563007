/**
 * Losses on a softmax and their gradients by hand, with the instance bank of NPID and the queues of CompRess. Each has a
 * twin in `scalar.ts` numbers, so that two routes exist that share nothing but the definition.
 */
import * as s from "./scalar.ts";
import type { Scalar } from "./scalar.ts";

/** Softmax of logits. */
export function softmaxOf(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const e = logits.map((o) => Math.exp(o - top));
  const mass = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / mass);
}

/** u_j = p_j^power / sum of all. */
export function flattened(p: readonly number[], power = 0.5): number[] {
  return softmaxOf(p.map((x) => power * Math.log(x)));
}

/** sum p log p, minus the entropy. */
export const negativeEntropy = (p: readonly number[]): number => p.reduce((a, x) => a + x * Math.log(x), 0);

/** KL(p || q). */
export const divergence = (p: readonly number[], q: readonly number[]): number =>
  p.reduce((a, x, i) => a + x * Math.log(x / q[i]!), 0);

/** Gradients by the logits of p, in closed form. */
export const GRADIENTS = {
  /** KL(p || u) with u held fixed, u = p^power normalised: (1 - power) p (log p + H). */
  sqrtKl: (p: readonly number[], power = 0.5) => scaledEntropy(p, 1 - power),
  /** Minus the entropy: p (log p + H). */
  negativeEntropy: (p: readonly number[]) => scaledEntropy(p, 1),
  /** The sharpening part -sum p log u with u fixed: -power p (log p + H). */
  sharpening: (p: readonly number[], power = 0.5) => scaledEntropy(p, -power),
  /** KL(p || u) with the gradient through u (power 1/2): 1/2 p (log p + H) + 1/2 (u - p). */
  throughTarget: (p: readonly number[]) => {
    const u = flattened(p);
    return scaledEntropy(p, 0.5).map((g, i) => g + (u[i]! - p[i]!) / 2);
  },
  /** KL(u || p) with u fixed: p - u. */
  forward: (p: readonly number[]) => flattened(p).map((u, i) => p[i]! - u),
} as const;

function scaledEntropy(p: readonly number[], by: number): number[] {
  const h = -negativeEntropy(p);
  return p.map((x) => by * x * (Math.log(x) + h));
}

/** The same losses of logits in numbers that differentiate themselves. `held` is what a stop-gradient keeps of the logits. */
export const LOSSES = {
  sqrtKl: (o: readonly Scalar[], held: readonly Scalar[], power = 0.5): Scalar => {
    const logP = s.logSoftmax(o);
    return s.dot(logP.map(s.exp), difference(logP, logTarget(held, power)));
  },
  negativeEntropy: (o: readonly Scalar[]): Scalar => {
    const logP = s.logSoftmax(o);
    return s.dot(logP.map(s.exp), logP);
  },
  sharpening: (o: readonly Scalar[], held: readonly Scalar[], power = 0.5): Scalar =>
    s.negate(s.dot(s.logSoftmax(o).map(s.exp), logTarget(held, power))),
  forward: (o: readonly Scalar[], held: readonly Scalar[]): Scalar => {
    const logU = logTarget(held, 0.5);
    return s.dot(logU.map(s.exp), difference(logU, s.logSoftmax(o)));
  },
  /** KL(q || p), q the softmax of `target`. */
  kl: (o: readonly Scalar[], target: readonly Scalar[]): Scalar => {
    const logQ = s.logSoftmax(target);
    return s.dot(logQ.map(s.exp), difference(logQ, s.logSoftmax(o)));
  },
  /** -sum q log p, q the softmax of `target`. */
  crossEntropy: (o: readonly Scalar[], target: readonly Scalar[]): Scalar =>
    s.negate(s.dot(s.logSoftmax(target).map(s.exp), s.logSoftmax(o))),
} as const;

const difference = (a: readonly Scalar[], b: readonly Scalar[]) => a.map((x, i) => s.subtract(x, b[i]!));

/** log of the flattened softmax: the log softmax of power times the logits. */
const logTarget = (o: readonly Scalar[], power: number) => s.logSoftmax(o.map((x) => s.times(x, power)));
