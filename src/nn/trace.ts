/**
 * The record of a forward pass: ops over values, each with the rule that takes cotangents back and a plain f64 reference.
 * Ops also record their dispatches into the program as they go; nothing here needs a device.
 */
import { AssayError } from "../base/error.ts";
import { PORTABLE, Program, type Target } from "../gpu/program.ts";
import type { Arena, DType, Value } from "../gpu/value.ts";
import type { Guard, HeadRows, MetricsRing, StageFeatures } from "./produced.ts";
import { Spans } from "./spans.ts";

export type { Value } from "../gpu/value.ts";

/**
 * Vector-Jacobian product: cotangents of the outputs (undefined where nothing flows back) to cotangents of the
 * inputs. `needs[i]` says whether the cotangent of input i is needed; others are not computed.
 */
export type Vjp = (
  cotangents: readonly (Value | undefined)[],
  needs: readonly boolean[],
) => readonly (Value | undefined)[];

/** The op in plain f64: inputs to outputs, row-major. */
export type Reference = (inputs: readonly Float64Array[]) => readonly Float64Array[];

export interface Rules {
  readonly vjp: Vjp;
  readonly reference: Reference;
}

export interface Node extends Rules {
  readonly op: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  /** Number of dispatches recorded when the op was complete. */
  readonly end: number;
}

/** How a parameter's tensor is laid out, for conversion to other frameworks' layouts. */
export type ParameterKind = "conv" | "dense" | "vector";

/** Fills an initial tensor; `normal` and `uniform` draw from the parameter's own stream. */
export type Initialiser = (
  draw: { uniform(): number; normal(): number },
  size: number,
) => Float32Array<ArrayBuffer>;

export interface Parameter {
  readonly value: Value;
  readonly name: string;
  readonly kind: ParameterKind;
  readonly initialise: Initialiser;
}

/** A tensor of persistent state that is not trained: running statistics, queues, banks. */
export interface StateTensor {
  readonly value: Value;
  readonly name: string;
  readonly initialise: Initialiser;
}

export interface TraceOptions {
  readonly target?: Target;
}

/** A forward pass being recorded. */
export class Trace {
  readonly program: Program;
  readonly nodes: Node[] = [];
  readonly parameters = new Map<string, Parameter>();
  readonly states = new Map<string, StateTensor>();
  readonly #producers = new Map<Value, Node>();
  /** Program input, written by the host before each replay. */
  readonly inputs = new Map<string, Value>();
  readonly #schedules = new Map<string, (step: number) => number>();
  readonly #later: (() => void)[] = [];
  readonly #beforeUpdate: (() => void)[] = [];
  /** Scalars that the method reports beside its losses, by name. */
  readonly reported = new Map<string, Value>();
  /** Arenas whose contents are loaded before training and never change: they are in no checkpoint. */
  readonly loaded = new Set<Arena>();
  /** Walks over whole arenas. */
  readonly spans: Spans;
  /** The guard, from the first effect that asks for its flag. */
  guard: Guard | undefined;
  metrics: MetricsRing | undefined;
  headRows: HeadRows | undefined;
  /** What every pass through an encoder gave, stage by stage, in order. */
  readonly features: StageFeatures[] = [];

  constructor(options: TraceOptions = {}) {
    this.program = new Program(options.target ?? PORTABLE);
    this.spans = new Spans(this.program);
  }

  /** Result of an op, placed by the planner. */
  value(shape: readonly number[], label: string, dtype: DType = "f32"): Value {
    return this.program.value(shape, dtype, label);
  }

  /** A tensor that the host writes before each replay (role `io`). */
  input(name: string, shape: readonly number[], dtype: DType = "f32"): Value {
    if (this.inputs.has(name)) throw new AssayError(`Cannot add input "${name}": the name is taken.`);
    const value = this.program.pinned(this.program.arena("io", "inputs"), shape, dtype, name);
    this.inputs.set(name, value);
    return value;
  }

  /** A trainable tensor. The optimizer of a step groups them: src/nn/optimizers/groups.ts. */
  parameter(
    arena: Arena,
    name: string,
    shape: readonly number[],
    kind: ParameterKind,
    initialise: Initialiser,
  ): Value {
    if (this.parameters.has(name)) throw new AssayError(`Cannot add parameter "${name}": the name is taken.`);
    const value = this.program.pinned(arena, shape, "f32", name);
    this.parameters.set(name, { value, name, kind, initialise });
    return value;
  }

  /** A tensor of state, changed by effects alone. */
  state(
    arena: Arena,
    name: string,
    shape: readonly number[],
    initialise: Initialiser,
    dtype: DType = "f32",
    group = "",
  ): Value {
    if (this.states.has(name)) throw new AssayError(`Cannot add state "${name}": the name is taken.`);
    const value = this.program.pinned(arena, shape, dtype, name, group);
    this.states.set(name, { value, name, initialise });
    return value;
  }

  /**
   * Slot of a step scalar together with its value at each step (counted from 0), a pure function, so that a resumed
   * run needs only its step number. Asking again for a name with the same function gives the same slot.
   */
  scalar(name: string, at: (step: number) => number): number {
    const known = this.#schedules.get(name);
    if (known && known !== at) throw new AssayError(`Cannot add step scalar "${name}": the name is taken.`);
    this.#schedules.set(name, at);
    return this.program.scalar(name);
  }

  /** Values of all step scalars that have a schedule: what a replay of step `step` is given. */
  scalarsAt(step: number): Record<string, number> {
    return Object.fromEntries([...this.#schedules].map(([name, at]) => [name, at(step)]));
  }

  /**
   * Keeps a change of state for the end of the step, behind gradients and optimizer: a queue or bank that the backward
   * pass still reads must not change before it, and a parameter arena must be complete before a copy walks it.
   */
  later(body: () => void): void {
    this.#later.push(body);
  }

  /** Records what `later` kept, in order. */
  recordLater(): void {
    for (const body of this.#later.splice(0)) body();
  }

  /** Keeps a change of state for the moment before the optimizer, when gradients are there and arenas complete. */
  beforeUpdate(body: () => void): void {
    this.#beforeUpdate.push(body);
  }

  /** Records what `beforeUpdate` kept, in order. */
  recordBeforeUpdate(): void {
    for (const body of this.#beforeUpdate.splice(0)) body();
  }

  /** Adds an op to the record, after its dispatches. Returns its outputs. */
  record<T extends readonly Value[]>(op: string, inputs: readonly Value[], outputs: T, rules: Rules): T {
    const node: Node = { op, inputs, outputs, end: this.program.dispatches.length, ...rules };
    this.nodes.push(node);
    for (const value of outputs) this.#producers.set(value, node);
    return outputs;
  }

  producer(value: Value): Node | undefined {
    return this.#producers.get(value);
  }
}

/** Throws the shape error of `what` unless `condition` holds. */
export function requireShape(
  condition: boolean,
  what: string,
  requirement: string,
  ...values: Value[]
): asserts condition {
  if (condition) return;
  const names = values.map((v) => `"${v.label}"`).join(" by ");
  const shapes = values.map((v) => `[${v.shape.join(", ")}]`).join(" and ");
  throw new AssayError(
    `Cannot ${what} ${names}: ${requirement}, current ${
      values.length > 1 ? "shapes are" : "shape is"
    } ${shapes}.`,
  );
}
