/**
 * Limited-memory BFGS for smooth convex functions in f64 (Nocedal & Wright, Numerical Optimization, algorithm 7.4), with a
 * line search that ends at a point of sufficient decrease and curvature (weak Wolfe conditions) by bisection (Lewis &
 * Overton, Mathematical Programming 141).
 */

/** Value at x; writes the gradient into `gradient`. */
export type Smooth = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  /** Ends when no element of the gradient is larger. Default 1e-6. */
  readonly tolerance?: number;
  /** Default 500. */
  readonly iterations?: number;
  /** Pairs of steps and gradient changes kept. Default 10. */
  readonly memory?: number;
}

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  /** Largest magnitude in the gradient at x. */
  readonly gradient: number;
  readonly iterations: number;
  /** Whether the tolerance was met. */
  readonly converged: boolean;
}

const DECREASE = 1e-4;
const CURVATURE = 0.9;

/** Minimises f from x. */
export function lbfgs(f: Smooth, start: Float64Array, options: LbfgsOptions = {}): Minimum {
  const { tolerance = 1e-6, iterations = 500, memory = 10 } = options;
  const pairs: { s: Float64Array; y: Float64Array; rho: number }[] = [];
  let x = start.slice(), g = new Float64Array(x.length), value = f(x, g);
  let done = 0;
  while (largest(g) > tolerance && done < iterations) {
    const direction = descent(g, pairs);
    const step = search(f, { x, g, value }, direction, pairs.length === 0 ? 1 / Math.max(1, norm(g)) : 1);
    if (!step) break; // rounding hides any further decrease
    done++;
    const s = step.x.map((v, i) => v - x[i]!), y = step.g.map((v, i) => v - g[i]!);
    const sy = dot(s, y);
    if (sy > 1e-12 * norm(s) * norm(y)) {
      pairs.push({ s, y, rho: 1 / sy });
      if (pairs.length > memory) pairs.shift();
    }
    ({ x, g, value } = step);
  }
  const gradient = largest(g);
  return { x, value, gradient, iterations: done, converged: gradient <= tolerance };
}

/** Minus the inverse Hessian estimate times the gradient: the two-loop recursion. */
function descent(
  g: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; rho: number }[],
): Float64Array {
  const q = g.map((v) => -v);
  const alphas: number[] = [];
  for (const { s, y, rho } of [...pairs].reverse()) {
    const alpha = rho * dot(s, q);
    alphas.push(alpha);
    for (let i = 0; i < q.length; i++) q[i]! -= alpha * y[i]!;
  }
  const last = pairs.at(-1);
  if (last) {
    const scale = 1 / (last.rho * dot(last.y, last.y));
    for (let i = 0; i < q.length; i++) q[i]! *= scale;
  }
  for (const { s, y, rho } of pairs) {
    const change = alphas.pop()! - rho * dot(y, q);
    for (let i = 0; i < q.length; i++) q[i]! += change * s[i]!;
  }
  return q;
}

interface Point {
  readonly x: Float64Array<ArrayBuffer>;
  readonly g: Float64Array<ArrayBuffer>;
  readonly value: number;
}

function search(f: Smooth, from: Point, direction: Float64Array, first: number): Point | undefined {
  const slope = dot(from.g, direction);
  if (!(slope < 0)) return undefined;
  let low = 0, high = Infinity, length = first;
  for (let trial = 0; trial < 50; trial++) {
    const x = from.x.map((v, i) => v + length * direction[i]!);
    const g = new Float64Array(x.length);
    const value = f(x, g);
    if (!(value <= from.value + DECREASE * length * slope)) high = length;
    else if (dot(g, direction) < CURVATURE * slope) low = length;
    else return { x, g, value };
    length = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return undefined;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

const norm = (a: Float64Array): number => Math.sqrt(dot(a, a));

function largest(a: Float64Array): number {
  let most = 0;
  for (const v of a) {
    if (!(Math.abs(v) <= most)) most = Math.abs(v);
  }
  return most;
}
