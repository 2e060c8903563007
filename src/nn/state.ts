/** Named tensors of a bound trace: initialise, read, write. Checkpoints and momentum copies go through here. */
import { PhiloxStream, PURPOSE } from "../base/random.ts";
import type { Session } from "../gpu/session.ts";
import type { Trace } from "./trace.ts";

/** FNV-1a of a name: a tensor's random stream depends on its name, not on the order of creation. */
function hashName(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/**
 * Writes the initial value of every parameter and state that is not loaded. The stream is keyed by (seed, name without its arena), so a
 * momentum copy starts equal to its source and adding a layer leaves the others' values alone.
 */
export function initialise(session: Session, t: Trace, seed: number): void {
  for (const { value, name, initialise } of [...t.parameters.values(), ...t.states.values()]) {
    if (t.loaded.has(value.arena!)) continue;
    const logical = name.slice(name.indexOf("/") + 1);
    const stream = new PhiloxStream([seed, PURPOSE.initialise], [hashName(logical), 0, 0]);
    const data = initialise(stream, value.size);
    session.write(value, value.dtype === "u32" ? Uint32Array.from(data) : data);
  }
}
