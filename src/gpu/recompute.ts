/**
 * Recomputation: cheap values of the forward pass that the backward pass needs are computed again there instead of
 * being kept. A rewrite of the dispatch list; the kernels and their inputs are the same, so every bit of the
 * result is the same.
 *
 * A value is recomputed when one dispatch marked `cheap` wrote it in the forward pass, a backward dispatch reads it, and
 * nobody marked it `keep` (encoders keep the inputs of their stages, which ends each chain of recomputation).
 */
import type { Dispatch, Program } from "./program.ts";
import type { Arena, Value } from "./value.ts";

/** A program with cheap activations computed again. */
export interface Recomputed {
  readonly program: Program;
  /**
   * Whether a value computed again for one backward pass is also read by a later pass, as local losses over one forward pass
   * do. It lives from one to the other then, together with what others are computed from.
   */
  readonly shared: boolean;
}

/** The same program with cheap activations computed again at their first backward use. */
export function recompute(program: Program): Program {
  return recomputed(program).program;
}

/** `recompute`, and whether several backward passes share what it computes again. */
export function recomputed(program: Program): Recomputed {
  const passes = passOf(program.dispatches);
  let shared = false;
  const producer = new Map<Value, { d: Dispatch; at: number }>();
  /** Dispatch indices that change an arena: a value computed from pinned state before cannot be recomputed after. */
  const changes = new Map<Arena, number[]>();
  program.dispatches.forEach((d, at) => {
    if (d.phase === "forward" && d.cheap && !d.effect) {
      for (const value of d.write.values()) producer.set(value, { d, at });
    }
    for (const value of d.update.values()) {
      changes.set(value.arena!, [...(changes.get(value.arena!) ?? []), at]);
    }
  });
  const result = program.rewrite((fresh) => {
    const again = new Map<Value, { copy: Value; pass: number }>();
    const out: Dispatch[] = [];
    const stale = (d: Dispatch, from: number, to: number): boolean =>
      [...d.read.values()].some((v) => v.arena && changes.get(v.arena)?.some((at) => from < at && at < to));
    const available = (value: Value, now: number): Value => {
      const found = producer.get(value);
      if (!found || value.keep || program.outputs.has(value) || stale(found.d, found.at, now)) return value;
      const ready = again.get(value);
      if (ready) {
        shared ||= ready.pass !== passes[now];
        return ready.copy;
      }
      const d = found.d;
      const read = mapValues(d.read, (v) => available(v, now));
      const write = mapValues(d.write, (v) => {
        const copy = fresh(v, `${v.label} (again)`);
        again.set(v, { copy, pass: passes[now]! });
        return copy;
      });
      out.push({ ...d, read, write, phase: "backward", label: `${d.label} (again)` });
      return again.get(value)!.copy;
    };
    program.dispatches.forEach((d, now) => {
      out.push(d.phase === "backward" ? { ...d, read: mapValues(d.read, (v) => available(v, now)) } : d);
    });
    return out;
  });
  return { program: result, shared };
}

/** Number of the backward pass that each dispatch lies in or behind: how often a forward dispatch was followed by a backward one. */
function passOf(dispatches: readonly Dispatch[]): number[] {
  let pass = 0, before: Dispatch["phase"] = "forward";
  return dispatches.map(({ phase }) => {
    if (phase === "backward" && before === "forward") pass++;
    before = phase;
    return pass;
  });
}

function mapValues(map: ReadonlyMap<string, Value>, f: (v: Value) => Value): Map<string, Value> {
  return new Map([...map].map(([name, value]) => [name, f(value)]));
}
