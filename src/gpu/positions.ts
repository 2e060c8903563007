/** Where in a program values are read and arenas are changed. */
import type { Program } from "./program.ts";
import type { Arena, Value } from "./value.ts";

/** Positions of the dispatches that read each value outside every arena. */
export function usesOf(program: Program): Map<Value, number[]> {
  const uses = new Map<Value, number[]>();
  program.dispatches.forEach((d, at) => {
    for (const v of new Set(d.read.values())) {
      if (v.arena) continue;
      const list = uses.get(v);
      if (list) list.push(at);
      else uses.set(v, [at]);
    }
  });
  return uses;
}

/** Positions of the dispatches that change each arena. */
export function changesOf(program: Program): Map<Arena, number[]> {
  const changes = new Map<Arena, number[]>();
  program.dispatches.forEach((d, at) => {
    for (const v of [...d.write.values(), ...d.update.values()]) {
      if (v.arena) changes.set(v.arena, [...changes.get(v.arena) ?? [], at]);
    }
  });
  return changes;
}
