/** The identity of a program: kernels, variants, shapes, order, arenas, constants. Labels do not count. */
import { createHash } from "node:crypto";
import type { Dispatch } from "./dispatch.ts";
import { type Arena, homeOf, type Value } from "./value.ts";

/** What of a program is hashed. */
export interface Hashed {
  readonly arenas: readonly Arena[];
  readonly borrowed: readonly Arena[];
  readonly constants: ReadonlyMap<Value, Uint32Array | Float32Array>;
  readonly scalars: readonly string[];
  readonly dispatches: readonly Dispatch[];
}

/** SHA-256 over everything that decides what a replay computes. */
export function programHash(program: Hashed): string {
  const digest = createHash("sha256");
  const numbers = new Map<Value, number>();
  const name = (value: Value): string => {
    const n = numbers.get(value) ?? numbers.set(value, numbers.size).size - 1;
    const home = homeOf(value);
    return `${n}:${value.dtype}[${value.shape}]${home ? `${home.arena.name}@${home.offset}` : ""}`;
  };
  for (const arena of program.arenas) digest.update(`arena ${arena.role} ${arena.name} ${arena.bytes}\n`);
  for (const arena of program.borrowed) digest.update(`borrowed ${arena.name} ${arena.bytes}\n`);
  for (const [value, data] of program.constants) digest.update(`constant ${value.label} ${data}\n`);
  digest.update(`scalars ${program.scalars}\n`);
  const texts = new Map<string, string>();
  for (const d of program.dispatches) {
    const variant = `${d.kernel.name} ${JSON.stringify(d.header)}`;
    let text = texts.get(variant);
    if (text === undefined) {
      text = createHash("sha256").update(d.kernel.expand(d.header)).digest("hex");
      texts.set(variant, text);
    }
    const bindings = [d.read, d.write, d.update].map((map) => [...map].map(([k, v]) => `${k}=${name(v)}`));
    digest.update(
      `${text} ${d.entry} ${JSON.stringify(d.overrides)} ${bindings.join(";")} ${
        d.uniform ?? ""
      } ${d.workgroups} ${d.effect ?? ""}\n`,
    );
  }
  return digest.digest("hex");
}
