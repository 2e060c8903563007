/** Parameters put aside within a step and put back: what a step of several replays comes back to. */
import type { Scope } from "./scope.ts";
import { copyArena, mirrorOf } from "./mirror.ts";

/** Names of the two effects of a snapshot. */
export interface Snapshot {
  /** Effect that puts the parameters aside. */
  readonly save: string;
  /** Effect that brings them back, every bit. */
  readonly restore: string;
}

/**
 * A copy of the parameters of the scope's arena with two effects, which run before the optimizer of their replay. A method
 * names them in its replays: `save` in one whose optimizer looks ahead, `restore` in the one that takes the real step with
 * the gradient found there. A copy lives within a step and is in no checkpoint. Needs the bytes of the parameters again.
 */
export function snapshot(s: Scope, name = "snapshot"): Snapshot {
  const { t, arena } = s;
  const names = snapshotEffects(arena.name, name);
  t.beforeUpdate(() => {
    const walks = t.spans.of(arena);
    const kept = mirrorOf(t.program, walks, name).arena;
    t.program.effect(names.save, () => copyArena(t.program, walks, arena, kept));
    t.program.effect(names.restore, () => copyArena(t.program, walks, kept, arena));
  });
  return names;
}

/** The effects of a snapshot of an arena by name, for a method's replays. */
export function snapshotEffects(arena = "online", name = "snapshot"): Snapshot {
  return { save: `save ${arena}.${name}`, restore: `restore ${arena}.${name}` };
}
