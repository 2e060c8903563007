/** Where a module's tensors go: a name path, an arena, and whether the pass trains. What a method file is handed. */
import { AssayError, failure } from "../base/error.ts";
import type { Arena } from "../gpu/value.ts";
import type { Role } from "../base/roles.ts";
import type { Mode } from "./ops/norm.ts";
import type { Encoder } from "./encoder.ts";
import { FROZEN } from "./spans.ts";
import type { HyperOf, Hypers, HyperValue } from "./hyper.ts";
import { ENCODER } from "./weights.ts";
import type { Initialiser, ParameterKind, Trace, Value } from "./trace.ts";

/** What an experiment decides and a method only asks for. */
export interface Setup {
  /** Images per step. */
  readonly batch: number;
  /** Classes of a labelled dataset, for methods and probes that see labels. */
  readonly classes: number;
  /** Images in the training set, for methods with a row per image. */
  readonly images: number;
  /** Hyper-parameters by letter. `buildStep` checks what an experiment sets and adds the method's defaults. */
  readonly hyper: Readonly<Record<string, HyperValue>>;
  /** Builds the experiment's encoder in a scope. */
  readonly encoder: (s: Scope) => Encoder;
  /** Builds the run's teacher in a scope, where the specification names one. */
  readonly teacher?: (s: Scope) => Encoder;
}

/** Arena of a teacher's parameters. */
export const TEACHER = "teacher";

/** `H` is what the method declares, so that reading a letter it has not is a type error. */
export class Scope<H extends Hypers = Hypers> {
  private constructor(
    readonly t: Trace,
    readonly path: string,
    readonly arena: Arena,
    readonly mode: Mode,
    readonly setup: Setup,
  ) {}

  /** The outermost scope of a trace; its parameters go to the arena `online`. */
  static root(t: Trace, setup: Partial<Setup> = {}, mode: Mode = "train"): Scope {
    const encoder = () => {
      throw new AssayError("Cannot build the encoder: the setup of this scope names none.");
    };
    const complete: Setup = { batch: 0, classes: 0, images: 0, hyper: {}, encoder, ...setup };
    return new Scope(t, "", t.program.arena("params", "online"), mode, complete);
  }

  /** The experiment's encoder with its parameters under `name`. */
  encoder(name = ENCODER): Encoder {
    return this.setup.encoder(this.child(name));
  }

  /**
   * The run's teacher: a second encoder with the weights of a file or of another run, in evaluation mode and an arena of
   * its own. Nothing trains it, and it is in no checkpoint and in no state hash. Asked for once in a step.
   */
  teacher(): Encoder {
    const { teacher } = this.setup;
    if (!teacher) {
      throw failure({
        operation: "build",
        object: "the teacher",
        required: "the run's specification must name one",
        found: "none",
        wayOut: "set its `teacher` to an encoder and its weights",
      });
    }
    const here = new Scope(this.t, ENCODER, this.t.program.arena("params", TEACHER), "eval", this.setup);
    this.t.loaded.add(here.arena).add(here.#stateArena());
    return teacher(here);
  }

  /** A hyper-parameter: what the experiment sets, or the default that the method declares. */
  hyper<L extends keyof H & string>(letter: L): HyperOf<H, L> {
    if (!Object.hasOwn(this.setup.hyper, letter)) {
      throw new AssayError(
        `Cannot read hyper-parameter "${letter}": the method must declare it, its letters are ${
          Object.keys(this.setup.hyper).join(", ") || "none"
        }; add it to the method's \`hyper\`.`,
      );
    }
    return this.setup.hyper[letter] as HyperOf<H, L>;
  }

  /** A tensor the host writes before each step, one row an image: labels, indices. The same for every caller. */
  batchInput(name: string, shape: readonly number[], dtype: "f32" | "u32" = "f32"): Value {
    return this.t.inputs.get(name) ?? this.t.input(name, shape, dtype);
  }

  /** Class of each image of the batch, u32 (N). Only supervised methods and online probes ask for it. */
  labels(): Value {
    return this.batchInput("labels", [this.setup.batch], "u32");
  }

  /** Reports a scalar (1) of every step beside the losses, under this name in the log. It must be finite. */
  metric(name: string, value: Value): void {
    if (this.t.reported.has(name)) throw new AssayError(`Cannot report metric "${name}": the name is taken.`);
    this.t.reported.set(name, value);
  }

  /** A scope one name deeper. */
  child(name: string): Scope<H> {
    return new Scope(this.t, this.path ? `${this.path}.${name}` : name, this.arena, this.mode, this.setup);
  }

  /** The same path with parameters in another arena: a momentum copy, a frozen teacher, a predictor of its own. */
  inArena(name: string, role: Role = "params"): Scope<H> {
    return new Scope(this.t, this.path, this.t.program.arena(role, name), this.mode, this.setup);
  }

  /** The same scope in another mode. */
  inMode(mode: Mode): Scope<H> {
    return new Scope(this.t, this.path, this.arena, mode, this.setup);
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
  ): Value {
    return this.t.parameter(this.arena, this.nameOf(name), shape, kind, initialise);
  }

  /** State beside the parameters of this scope: running statistics, queues, banks. */
  state(
    name: string,
    shape: readonly number[],
    initialise: Initialiser,
    dtype: "f32" | "u32" = "f32",
  ): Value {
    return this.t.state(this.#stateArena(), this.nameOf(name), shape, initialise, dtype);
  }

  #stateArena(): Arena {
    return this.t.program.arena("state", `${this.arena.name}.state`);
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
