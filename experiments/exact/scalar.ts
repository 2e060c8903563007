/**
 * Numbers that record how they were computed, so that derivatives of any order are exact to rounding: reverse mode
 * whose derivatives are such numbers again. The second route beside hand-written gradients and finite differences;
 * shares no code with the engine.
 */
import { AssayError } from "../../src/base/error.ts";

/** Derivative by each input of an operation, given the derivative by its result. */
type Rule = (g: Scalar) => readonly Scalar[];

let created = 0;

export class Scalar {
  /** Inputs have smaller numbers than what is computed from them. */
  readonly order = created++;

  constructor(
    readonly value: number,
    readonly inputs: readonly Scalar[] = [],
    readonly rule: Rule = () => [],
  ) {}
}

export const constant = (value: number): Scalar => new Scalar(value);
/** A variable: something to differentiate by. */
export const variables = (values: Iterable<number>): Scalar[] => Array.from(values, constant);
/** The same number with no past: a stop-gradient. */
export const stop = (a: Scalar): Scalar => constant(a.value);
export const numbers = (xs: readonly Scalar[]): number[] => xs.map((x) => x.value);

export const add = (a: Scalar, b: Scalar): Scalar => new Scalar(a.value + b.value, [a, b], (g) => [g, g]);
export const negate = (a: Scalar): Scalar => new Scalar(-a.value, [a], (g) => [negate(g)]);
export const subtract = (a: Scalar, b: Scalar): Scalar =>
  new Scalar(a.value - b.value, [a, b], (g) => [g, negate(g)]);
export const multiply = (a: Scalar, b: Scalar): Scalar =>
  new Scalar(a.value * b.value, [a, b], (g) => [multiply(g, b), multiply(g, a)]);
export const times = (a: Scalar, by: number): Scalar => new Scalar(a.value * by, [a], (g) => [times(g, by)]);
/** a^p for a > 0. */
export const power = (a: Scalar, p: number): Scalar =>
  new Scalar(a.value ** p, [a], (g) => [multiply(g, times(power(a, p - 1), p))]);
export const divide = (a: Scalar, b: Scalar): Scalar =>
  new Scalar(a.value / b.value, [a, b], (g) => {
    const by = divide(g, b);
    return [by, negate(multiply(by, divide(a, b)))];
  });

export function exp(a: Scalar): Scalar {
  const y: Scalar = new Scalar(Math.exp(a.value), [a], (g) => [multiply(g, y)]);
  return y;
}

export const log = (a: Scalar): Scalar => new Scalar(Math.log(a.value), [a], (g) => [divide(g, a)]);

export function tanh(a: Scalar): Scalar {
  const y: Scalar = new Scalar(
    Math.tanh(a.value),
    [a],
    (g) => [multiply(g, subtract(constant(1), multiply(y, y)))],
  );
  return y;
}

export function sum(xs: readonly Scalar[]): Scalar {
  return new Scalar(xs.reduce((s, x) => s + x.value, 0), xs, (g) => xs.map(() => g));
}

export function dot(xs: readonly Scalar[], ys: readonly Scalar[]): Scalar {
  const value = xs.reduce((s, x, i) => s + x.value * ys[i]!.value, 0);
  return new Scalar(value, [...xs, ...ys], (g) => [
    ...ys.map((y) => multiply(g, y)),
    ...xs.map((x) => multiply(g, x)),
  ]);
}

export const mean = (xs: readonly Scalar[]): Scalar => times(sum(xs), 1 / xs.length);

/** x / |x|. */
export function unit(x: readonly Scalar[]): Scalar[] {
  const inverse = power(dot(x, x), -0.5);
  return x.map((v) => multiply(v, inverse));
}

/** log softmax, shifted by the largest logit. */
export function logSoftmax(logits: readonly Scalar[]): Scalar[] {
  const top = constant(Math.max(...numbers(logits)));
  const shifted = logits.map((o) => subtract(o, top));
  const normaliser = log(sum(shifted.map(exp)));
  return shifted.map((o) => subtract(o, normaliser));
}

/**
 * Derivatives of `y` by each of `by`, everything else held fixed: a target that lies on the way to another hides
 * nothing, paths through it count. 0 where no path leads.
 */
export function grad(y: Scalar, by: readonly Scalar[]): Scalar[] {
  return pull([y], [constant(1)], by);
}

/** Sum over outputs of seed times derivative of the output, by each of `by`. */
export function pull(outputs: readonly Scalar[], seeds: readonly Scalar[], by: readonly Scalar[]): Scalar[] {
  if (outputs.length !== seeds.length) {
    throw new AssayError(
      `Cannot pull back: outputs and seeds must be as many, current counts are ${outputs.length} and ${seeds.length}.`,
    );
  }
  const path = between(outputs, by);
  const gathered = new Map<Scalar, Scalar>();
  const give = (to: Scalar, g: Scalar) => {
    const known = gathered.get(to);
    gathered.set(to, known ? add(known, g) : g);
  };
  outputs.forEach((y, i) => give(y, seeds[i]!));
  for (const node of path) {
    const g = gathered.get(node);
    if (!g) continue;
    node.rule(g).forEach((part, i) => give(node.inputs[i]!, part));
  }
  return by.map((x) => gathered.get(x) ?? constant(0));
}

/** Everything the outputs were computed from that itself depends on a target, latest first. */
function between(outputs: readonly Scalar[], by: readonly Scalar[]): Scalar[] {
  const seen = new Set<Scalar>();
  const open = [...outputs];
  for (let node = open.pop(); node; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...node.inputs);
  }
  const ordered = [...seen].sort((a, b) => a.order - b.order);
  const reached = new Set<Scalar>(by);
  const path = ordered.filter((node) => {
    if (!node.inputs.some((x) => reached.has(x))) return false;
    reached.add(node);
    return true;
  });
  return path.reverse();
}
