/** How a step is replayed: once with all its effects, unless the method says otherwise. */
import { failure } from "../base/error.ts";
import { nearest } from "../base/nearest.ts";
import type { ReplayOptions } from "../gpu/session.ts";
import { hyperValues } from "./hyper.ts";
import type { Method, Replay } from "./method.ts";
import { Scope, type Setup } from "./scope.ts";
import { Trace } from "./trace.ts";

/** Effects that no replay may leave out. */
const ALWAYS = ["guard"];

const ONCE: readonly Replay[] = [{ name: "step" }];

/** The replays of a method's step. Each of them evaluates the gradient once. */
export function replaysOf(method: Method, s: Scope): readonly Replay[] {
  const replays = method.replays?.(s) ?? ONCE;
  if (replays.length > 0) return replays;
  throw failure({
    operation: "train",
    object: `"${method.name}"`,
    required: "a step must have at least one replay",
    found: "none",
    wayOut: "leave `replays` out, or give one",
  });
}

/** Gradient evaluations of a step, without tracing it. */
export function gradientEvaluations(method: Method, setup: Partial<Setup>): number {
  return untraced(method, setup).length;
}

/** Parts that a step's batch is cut into, without tracing it. Errors: the batch is no multiple of them. */
export function batchParts(method: Method, setup: Partial<Setup> & Pick<Setup, "batch">): number {
  const parts = 1 + Math.max(...untraced(method, setup).map((replay) => replay.part ?? 0));
  if (setup.batch % parts === 0) return parts;
  throw failure({
    operation: "train",
    object: `"${method.name}"`,
    required: `its batch must be a multiple of ${parts}, the parts that a step is cut into`,
    found: String(setup.batch),
    wayOut: "change the batch",
  });
}

function untraced(method: Method, setup: Partial<Setup>): readonly Replay[] {
  const hyper = hyperValues(method, setup.hyper ?? {});
  return replaysOf(method, Scope.root(new Trace(), { ...setup, hyper }));
}

/** What a session is told for a replay of a step. */
export function replayOptions(t: Trace, replay: Replay, step: number): ReplayOptions {
  const usual = t.scalarsAt(step);
  return {
    scalars: { ...usual, ...replay.scalars?.(step, usual) },
    ...(replay.effects && { effects: [...replay.effects, ...ALWAYS] }),
  };
}

/** What a session is told for a batch of the initial pass: named effects and what they need, nothing else. */
export function initialOptions(t: Trace, replay: Replay, batch: number): ReplayOptions {
  const { effects = [], ...options } = replayOptions(t, replay, batch);
  return { ...options, only: effects.filter((name) => !ALWAYS.includes(name)) };
}

/** Throws unless every effect that replays name is recorded, and one of them writes the metrics. */
export function requireReplays(
  method: Method,
  effects: readonly string[],
  replays: readonly Replay[],
  initial: Replay | undefined,
): void {
  const object = `"${method.name}"`;
  for (const replay of [...replays, ...initial ? [initial] : []]) {
    const unknown = replay.effects?.find((name) => !effects.includes(name));
    if (unknown === undefined) continue;
    const guess = nearest(unknown, effects);
    throw failure({
      operation: "train",
      object,
      required: `replay "${replay.name}" may name the effects ${effects.join(", ")}`,
      found: `"${unknown}"`,
      wayOut: guess === undefined ? "name one of them" : `did you mean "${guess}"`,
    });
  }
  if (initial && !initial.effects?.length) {
    throw failure({
      operation: "train",
      object,
      required: "the initial pass must name the effects that it runs",
      found: "none",
      wayOut: "name them in `effects`, or leave the pass out",
    });
  }
  if (replays.every((replay) => replay.effects && !replay.effects.includes("metrics"))) {
    throw failure({
      operation: "train",
      object,
      required: "one of its replays must run the effect metrics, from which losses are read",
      found: replays.map((replay) => replay.name).join(", "),
      wayOut: "name it in the replay whose losses are to be reported",
    });
  }
}
