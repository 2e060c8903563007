/** L-BFGS with Armijo backtracking for smooth functions of a few hundred numbers (Nocedal and Wright, algorithm 7.5). */

/** A function's value and gradient at a point. */
export type Objective = (x: Float64Array) => { readonly value: number; readonly gradient: Float64Array };

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Norm of the gradient at x. */
  readonly slope: number;
  readonly iterations: number;
}

export interface MinimiseOptions {
  /** Stops once the gradient's norm is below this. Default 1e-9. */
  readonly slope?: number;
  /** Default 2000. */
  readonly iterations?: number;
}

const MEMORY = 20;

/** Descends from `start` until the gradient is small, no step descends any more, or the iterations are used up. */
export function minimise(
  objective: Objective,
  start: Float64Array,
  { slope = 1e-9, iterations = 2000 }: MinimiseOptions = {},
): Minimum {
  let x = start;
  let { value, gradient } = objective(x);
  const pairs: { s: Float64Array; y: Float64Array; inverse: number }[] = [];
  let iteration = 0;
  for (; iteration < iterations && norm(gradient) > slope; iteration++) {
    const direction = twoLoops(gradient, pairs);
    const along = dot(gradient, direction);
    let step = iteration === 0 ? Math.min(1, 1 / norm(gradient)) : 1;
    let next = move(x, direction, step);
    let there = objective(next);
    while (!(there.value <= value + 1e-4 * step * along) && step > 1e-14) {
      step /= 2;
      next = move(x, direction, step);
      there = objective(next);
    }
    if (!(there.value < value)) break; // rounding hides any further descent
    const s = next.map((v, i) => v - x[i]!);
    const y = there.gradient.map((v, i) => v - gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > 0) pairs.push({ s, y, inverse: 1 / curvature });
    if (pairs.length > MEMORY) pairs.shift();
    x = next;
    ({ value, gradient } = there);
  }
  return { x, value, slope: norm(gradient), iterations: iteration };
}

/** Minus the gradient times the inverse Hessian as the last pairs see it. */
function twoLoops(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; inverse: number }[],
): Float64Array {
  const q = gradient.map((v) => -v);
  const weights: number[] = [];
  for (const { s, y, inverse } of [...pairs].reverse()) {
    const weight = inverse * dot(s, q);
    weights.push(weight);
    y.forEach((v, i) => q[i]! -= weight * v);
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.inverse * dot(last.y, last.y));
    q.forEach((v, i) => q[i] = v * scale);
  }
  for (const { s, y, inverse } of pairs) {
    const weight = weights.pop()! - inverse * dot(y, q);
    s.forEach((v, i) => q[i]! += weight * v);
  }
  return q;
}

const move = (x: Float64Array, d: Float64Array, step: number): Float64Array =>
  x.map((v, i) => v + step * d[i]!);
const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
