/** Where a module's tensors go: a name path, an arena, and whether the pass trains. What a method file is handed. */
import type { Arena, Role } from "../gpu/value.ts";
import { FROZEN } from "./grad.ts";
import type { Initialiser, ParameterKind, Trace, Value } from "./trace.ts";

/** How batch norm behaves: batch statistics, stored statistics, or batch statistics that leave the stored ones alone. */
export type Mode = "train" | "eval" | "frozen";

/** Weight decay applies to `decay`, not to `no-decay` (biases and norms, where a paper says so). */
export type ParameterGroup = "decay" | "no-decay";

export class Scope {
  private constructor(
    readonly t: Trace,
    readonly path: string,
    readonly arena: Arena,
    readonly mode: Mode,
  ) {}

  /** The outermost scope of a trace; its parameters go to the arena `online`. */
  static root(t: Trace, mode: Mode = "train"): Scope {
    return new Scope(t, "", t.program.arena("params", "online"), mode);
  }

  /** A scope one name deeper. */
  child(name: string): Scope {
    return new Scope(this.t, this.path ? `${this.path}.${name}` : name, this.arena, this.mode);
  }

  /** The same path with parameters in another arena: a momentum copy, a frozen teacher, a predictor of its own. */
  inArena(name: string, role: Role = "params"): Scope {
    return new Scope(this.t, this.path, this.t.program.arena(role, name), this.mode);
  }

  /** The same scope in another mode. */
  inMode(mode: Mode): Scope {
    return new Scope(this.t, this.path, this.arena, mode);
  }

  /** Full name of a tensor here. Arenas other than `online` lead the name, so that copies have names of their own. */
  nameOf(name: string): string {
    const path = this.path ? `${this.path}.${name}` : name;
    return this.arena.name === "online" ? path : `${this.arena.name}/${path}`;
  }

  parameter(
    name: string,
    shape: readonly number[],
    kind: ParameterKind,
    initialise: Initialiser,
    group: ParameterGroup = "decay",
  ): Value {
    return this.t.parameter(this.arena, this.nameOf(name), shape, kind, initialise, group);
  }

  /** State beside the parameters of this scope: running statistics, queues, banks. */
  state(
    name: string,
    shape: readonly number[],
    initialise: Initialiser,
    dtype: "f32" | "u32" = "f32",
  ): Value {
    const arena = this.t.program.arena("state", `${this.arena.name}.state`);
    return this.t.state(arena, this.nameOf(name), shape, initialise, dtype);
  }

  /** Parameters created at or below this path in this arena: what an objective lists in `wrt`. */
  parameters(below = ""): Value[] {
    const prefix = this.nameOf(below).replace(/\.$/, "");
    return [...this.t.parameters.values()]
      .filter((p) => p.value.arena === this.arena)
      .filter((p) =>
        prefix === "" || p.name === prefix || p.name.startsWith(prefix.endsWith("/") ? prefix : `${prefix}.`)
      )
      .filter((p) => this.arena.groupOf(p.value) !== FROZEN)
      .map((p) => p.value);
  }
}
