/** Arenas with the layout of trained parameters, and copies between arenas of one layout, bit for bit. */
import { Kernel } from "../gpu/kernel.ts";
import type { Program } from "../gpu/program.ts";
import type { Arena, Value } from "../gpu/value.ts";
import source from "../kernels.wgsl/duplicate.wgsl" with { type: "text" };
import { logicalName, type Walks, windowOf } from "./spans.ts";

const kernel = new Kernel("duplicate", source);

/** An arena of role `state` with the layout of what is walked, and its tensors by logical name. */
export function mirrorOf(
  program: Program,
  { arena: params, walks, tensors }: Walks,
  name: string,
): { readonly arena: Arena; readonly byName: ReadonlyMap<string, Value> } {
  const arena = program.arena("state", `${params.name}.${name}`);
  const byName = new Map<string, Value>();
  for (const value of tensors) {
    const copy = program.pinned(arena, value.shape, "f32", `${name}/${value.label}`, params.groupOf(value));
    byName.set(logicalName(value.label), copy);
  }
  arena.seal(walks.map((walk) => walk.group));
  return { arena, byName };
}

/** Records to <- from over what is walked; both have its layout. */
export function copyArena(program: Program, { walks }: Walks, from: Arena, to: Arena): void {
  for (const walk of walks) {
    program.dispatch({
      kernel,
      label: `copy ${from.name}`,
      read: { a: windowOf(program, from, walk), spans: walk.table },
      update: { y: windowOf(program, to, walk) },
      workgroups: walk.perElement,
    });
  }
}
