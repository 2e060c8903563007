/** Which dispatches of a program a replay runs. Pure, no device. */
import { AssayError } from "../base/error.ts";
import type { Dispatch } from "./dispatch.ts";
import type { Arena, Value } from "./value.ts";

/** What a replay leaves out. Nothing by default; at most one of the three is given. */
export interface Selection {
  /** Effects left out, by name; `true` leaves out all. */
  readonly freeze?: readonly string[] | true;
  /** Effects that run, by name; all others are left out. */
  readonly effects?: readonly string[];
  /** Effects that run, by name, with the dispatches that they need and nothing else: no backward pass unless one reads it. */
  readonly only?: readonly string[];
}

/** Whether a dispatch runs. Errors: an effect of `only` reads what an effect that does not run would write. */
export function selected(dispatches: readonly Dispatch[], selection: Selection): (d: Dispatch) => boolean {
  const { freeze, effects, only } = selection;
  if (only) {
    const needed = neededBy(dispatches, only);
    return (d) => needed.has(d);
  }
  if (effects) return (d) => d.effect === undefined || effects.includes(d.effect);
  return (d) => d.effect === undefined || !(freeze === true || freeze?.includes(d.effect));
}

/** The dispatches of these effects, and those before them that write what they read, transitively. */
function neededBy(dispatches: readonly Dispatch[], effects: readonly string[]): ReadonlySet<Dispatch> {
  const needed = new Set<Dispatch>();
  const values = new Set<Value>();
  /** Pinned values may be bound in windows, so that of them whole arenas are needed. */
  const arenas = new Set<Arena>();
  const wants = (d: Dispatch): boolean =>
    [...d.write.values(), ...d.update.values()].some((v) => v.arena ? arenas.has(v.arena) : values.has(v));
  for (const d of [...dispatches].reverse()) {
    if (d.effect === undefined ? !wants(d) : !effects.includes(d.effect)) continue;
    needed.add(d);
    for (const value of d.write.values()) values.delete(value);
    for (const value of [...d.read.values(), ...d.update.values()]) {
      if (value.arena) arenas.add(value.arena);
      else values.add(value);
    }
  }
  const [missing] = values;
  if (missing) {
    throw new AssayError(
      `Cannot replay the effects ${
        effects.join(", ")
      } alone: they read ${missing}, which another effect writes; name that one too.`,
    );
  }
  return needed;
}
