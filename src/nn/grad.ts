/**
 * Reverse-mode differentiation of a trace. Only nodes on a path from a target to the loss are visited and no
 * cotangent is computed that nobody asked for, so isolation between losses is the choice of targets.
 */
import { AssayError } from "../base/error.ts";
import { Alias, type Arena } from "../gpu/value.ts";
import { add, copy, fill } from "./ops/elementwise.ts";
import { FROZEN } from "./spans.ts";
import type { Node, Trace, Value } from "./trace.ts";

/** A value outside every parameter arena whose gradient goes to an update of its own instead of the optimizer. */
export interface Tap {
  readonly value: Value;
  /** Records what uses the gradient, usually through `t.later`. */
  readonly use: (gradient: Value) => void;
}

/** A scalar to minimise and the parameters it may reach. */
export interface Objective {
  /** What its losses are called in the log, beside `loss` for the first. Default `loss1`, `loss2`, ... from the second. */
  readonly name?: string;
  readonly loss: Value;
  readonly wrt: readonly Value[];
  readonly taps?: readonly Tap[];
}

/**
 * Cotangents of `wrt` for a scalar loss, recorded as the backward pass. A target that the loss does not depend on
 * is an error, since it would not be trained and no message would say so.
 */
export function grad(t: Trace, loss: Value, wrt: readonly Value[]): Value[] {
  if (loss.size !== 1) {
    throw new AssayError(`Cannot differentiate ${loss}: a loss must have one element; reduce it first.`);
  }
  const path = nodesBetween(t, loss, wrt);
  return t.program.backward(() => {
    const contributions = new Map<Value, Value[]>([[loss, [fill(t, loss.shape, 1, `d ${loss.label}`)]]]);
    const cotangent = (value: Value): Value | undefined => {
      const parts = contributions.get(value);
      if (!parts) return undefined;
      while (parts.length > 1) {
        const [a, b] = parts.splice(0, 2) as [Value, Value];
        parts.unshift(add(t, a, b));
      }
      return parts[0];
    };
    for (const { node, needs } of path) {
      const cotangents = node.outputs.map(cotangent);
      if (cotangents.every((c) => c === undefined)) continue;
      const recorded = t.nodes.length;
      const results = node.vjp(cotangents, needs);
      t.nodes.length = recorded; // ops used inside a vjp are not differentiated again
      node.inputs.forEach((input, i) => {
        const result = results[i];
        if (!needs[i] || !result) return;
        const parts = contributions.get(input);
        if (parts) parts.push(result);
        else contributions.set(input, [result]);
      });
    }
    return wrt.map((target) => {
      const result = cotangent(target);
      if (!result) {
        throw new AssayError(
          `Cannot differentiate "${loss.label}" by "${target.label}": the loss must depend on it, no path leads there; leave it out of wrt.`,
        );
      }
      return result;
    });
  });
}

/** Nodes from the loss back to the targets, last first, with the inputs of each that lie on a path. */
function nodesBetween(
  t: Trace,
  loss: Value,
  wrt: readonly Value[],
): { node: Node; needs: boolean[] }[] {
  const reached = new Set<Value>(wrt);
  for (const node of t.nodes) {
    if (node.inputs.some((v) => reached.has(v))) node.outputs.forEach((v) => reached.add(v));
  }
  const wanted = new Set<Value>([loss]);
  const path: { node: Node; needs: boolean[] }[] = [];
  for (const node of [...t.nodes].reverse()) {
    if (!node.outputs.some((v) => wanted.has(v))) continue;
    const needs = node.inputs.map((v) => reached.has(v));
    if (!needs.includes(true)) continue;
    node.inputs.forEach((v, i) => needs[i] && wanted.add(v));
    path.push({ node, needs });
  }
  return path;
}

/**
 * Gradients of several objectives over one forward pass, each recorded right after the forward dispatches of its
 * loss, so that what only a local loss needs is freed there. A target that several losses list gets their sum.
 */
export function gradients(t: Trace, objectives: readonly Objective[]): Map<Value, Value> {
  const parts = new Map<Value, Value[]>();
  // Later losses first: inserting behind a later position leaves earlier positions valid.
  const ordered = [...objectives].sort((a, b) => positionOf(t, b.loss) - positionOf(t, a.loss));
  for (const { loss, wrt, taps = [] } of ordered) {
    const start = t.program.dispatches.length;
    const targets = [...wrt, ...taps.map((tap) => tap.value)];
    const results = grad(t, loss, targets);
    t.program.move(start, positionOf(t, loss));
    targets.forEach((target, i) => {
      const earlier = parts.get(target);
      if (earlier) earlier.push(results[i]!);
      else parts.set(target, [results[i]!]);
    });
  }
  return t.program.backward(() =>
    new Map([...parts].map(([target, values]) => [target, values.reduce((a, b) => add(t, a, b))]))
  );
}

function positionOf(t: Trace, loss: Value): number {
  const node = t.producer(loss);
  if (!node) throw new AssayError(`Cannot differentiate ${loss}: no op produced it.`);
  return node.end;
}

/**
 * Pins gradients beside their parameters: a `grads` arena with the layout of the parameter arena, parameters that no
 * objective lists moved to the group `frozen`, which no optimizer touches.
 */
export function pinGradients(t: Trace, params: Arena, grads: ReadonlyMap<Value, Value>): Arena {
  params.regroup((value, group) => grads.has(value) ? group : FROZEN);
  const trained = [
    ...new Set(membersOf(t, params).filter((v) => grads.has(v)).map((v) => params.groupOf(v))),
  ];
  params.seal(trained);
  const arena = t.program.arena("grads", `${params.name}.grads`);
  const seen = new Set<Value>();
  for (const value of params.members) {
    let gradient = grads.get(value);
    if (!gradient) continue;
    // A gradient that is a view, or that two parameters share, needs bytes of its own beside its parameter.
    if (gradient instanceof Alias || gradient.arena || seen.has(gradient)) {
      gradient = t.program.backward(() => copy(t, gradient!));
    }
    seen.add(gradient);
    arena.add(gradient, params.groupOf(value));
  }
  return arena;
}

function membersOf(t: Trace, arena: Arena): Value[] {
  return [...t.parameters.values()].map((p) => p.value).filter((v) => v.arena === arena);
}
