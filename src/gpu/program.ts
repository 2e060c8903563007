/**
 * A training step as a flat list of dispatches over named values, recorded once and replayed. Recording is pure:
 * no device is needed to trace, differentiate, plan or hash a program.
 */
import { AssayError } from "../base/error.ts";
import { type Dispatch, type DispatchSpec, type Phase, resolveDispatch } from "./dispatch.ts";
import { programHash } from "./program_hash.ts";
import { Alias, Arena, type DType, rootOf, Value, Window } from "./value.ts";
import { type Role } from "../base/roles.ts";

export type { Dispatch, DispatchSpec, Phase } from "./dispatch.ts";

/** How wide the program's adapter is, as far as choosing a kernel variant goes. Part of the program hash. */
export interface Target {
  /** Lanes that exchange registers by subgroup shuffles; 0 uses the portable kernels. */
  readonly lanes: 0 | 4 | 8;
}

export const PORTABLE: Target = { lanes: 0 };

/** Pinned values that the host takes back after every step, and how many steps it may be behind. */
export interface ReadbackSpec {
  readonly values: readonly Value[];
  readonly copies: number;
}

/** Words in the step uniform. */
const STEP_WORDS = 64;
/** Whole-arena effects bind at most this much at once, so that they fit every adapter's binding limit. */
const WINDOW_BYTES = 64 * 2 ** 20;

/** A recorded step: values, arenas, dispatches, step scalars. */
export class Program {
  readonly dispatches: Dispatch[] = [];
  readonly arenas: Arena[] = [];
  /** Arenas that belong to another program; the session of that program lends their buffers. */
  readonly borrowed: Arena[] = [];
  /** Contents that pinned values start with: tables that an effect or op reads. */
  readonly constants = new Map<Value, Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>>();
  /** What sessions make staging buffers for (role io), by name. */
  readonly readbacks = new Map<string, ReadbackSpec>();
  readonly #scalars = new Map<string, number>();
  readonly #kept = new Set<Value>();
  readonly #written = new Map<Value, number>();
  #next = 0;
  #phase: Phase = "forward";
  #effect: string | undefined;
  #identity: Program | undefined;

  constructor(readonly target: Target = PORTABLE) {}

  /** A new value that the planner places, unless it is pinned to an arena. */
  value(shape: readonly number[], dtype: DType, label: string): Value {
    return new Value(this.#next++, shape, dtype, label);
  }

  /** The arena of that name, created at first use. */
  arena(role: Role, name: string): Arena {
    const found = this.arenas.find((a) => a.name === name) ?? this.borrowed.find((a) => a.name === name);
    if (found) {
      if (found.role !== role) {
        throw new AssayError(
          `Cannot use arena "${name}" as ${role}: its role is ${found.role}; choose another name.`,
        );
      }
      return found;
    }
    const arena = new Arena(role, name);
    this.arenas.push(arena);
    return arena;
  }

  /**
   * An arena of another program, sealed, to read or change here: evaluation with the parameters being trained, a
   * perturbation of them. Its bytes count for the program that owns it.
   */
  borrow(arena: Arena): Arena {
    if (this.borrowed.includes(arena)) return arena;
    if ([...this.arenas, ...this.borrowed].some((a) => a.name === arena.name)) {
      throw new AssayError(
        `Cannot borrow arena "${arena.name}": the program has an arena of that name already.`,
      );
    }
    arena.seal();
    this.borrowed.push(arena);
    return arena;
  }

  /** A pinned value: `value` and `arena.add` in one. */
  pinned(arena: Arena, shape: readonly number[], dtype: DType, label: string, group = ""): Value {
    return arena.add(this.value(shape, dtype, label), group);
  }

  /** A pinned table with fixed contents (role `state`), uploaded when the program is bound. */
  constant(label: string, data: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): Value {
    const dtype = data instanceof Uint32Array ? "u32" : "f32";
    const value = this.pinned(this.arena("state", "constants"), [data.length], dtype, label);
    this.constants.set(value, data);
    return value;
  }

  /** The same bytes under another shape. */
  alias(value: Value, shape: readonly number[] = value.shape, label = value.label): Value {
    return new Alias(this.#next++, value, shape, label);
  }

  /** Windows that cover an arena (or one byte range of it), each small enough to bind. Seals the arena. */
  windows(arena: Arena, range = { offset: 0, bytes: arena.bytes }): Window[] {
    const windows: Window[] = [];
    for (let at = 0; at < range.bytes; at += WINDOW_BYTES) {
      const bytes = Math.min(WINDOW_BYTES, range.bytes - at);
      const offset = range.offset + at;
      windows.push(
        new Window(this.#next++, arena, offset, bytes, "f32", `${arena.name}[${offset}+${bytes}]`),
      );
    }
    return windows;
  }

  /** Slot of a step-varying scalar in the step uniform, created at first use. */
  scalar(name: string): number {
    let slot = this.#scalars.get(name);
    if (slot === undefined) {
      slot = this.#scalars.size;
      if (slot >= STEP_WORDS) {
        throw new AssayError(`Cannot add step scalar "${name}": at most ${STEP_WORDS} fit the step uniform.`);
      }
      this.#scalars.set(name, slot);
    }
    return slot;
  }

  /** Names of the step scalars, in slot order. */
  get scalars(): readonly string[] {
    return [...this.#scalars.keys()];
  }

  /** Plans `copies` staging buffers for pinned values, through which a session's `readback` brings them back. */
  readback(name: string, values: readonly Value[], copies: number): void {
    for (const value of values) {
      if (!value.arena) {
        throw new AssayError(
          `Cannot read back ${value}: it must be pinned, the planner may reuse its bytes.`,
        );
      }
    }
    if (this.readbacks.has(name)) throw new AssayError(`Cannot read back "${name}": the name is taken.`);
    this.readbacks.set(name, { values, copies });
  }

  /** Bytes of all staging buffers of readbacks. */
  get readbackBytes(): number {
    let bytes = 0;
    for (const { values, copies } of this.readbacks.values()) {
      bytes += copies * values.reduce((sum, value) => sum + value.bytes, 0);
    }
    return bytes;
  }

  /** Keeps a value readable after the step. */
  output<V extends Value>(value: V): V {
    this.#kept.add(rootOf(value));
    return value;
  }

  get outputs(): ReadonlySet<Value> {
    return this.#kept;
  }

  /** Records what `body` dispatches as the backward pass. */
  backward<T>(body: () => T): T {
    const before = this.#phase;
    this.#phase = "backward";
    try {
      return body();
    } finally {
      this.#phase = before;
    }
  }

  /** Records a change of pinned state; the name is what a replay freezes it by. */
  effect<T>(name: string, body: () => T): T {
    if (this.#effect !== undefined) {
      throw new AssayError(`Cannot record effect "${name}" inside effect "${this.#effect}".`);
    }
    this.#effect = name;
    try {
      return body();
    } finally {
      this.#effect = undefined;
    }
  }

  /** Names of the recorded effects. */
  get effects(): readonly string[] {
    return [...new Set(this.dispatches.flatMap((d) => d.effect ?? []))];
  }

  /** Records one dispatch after checking names, single assignment and that everything read was written. */
  dispatch(spec: DispatchSpec): void {
    const dispatch = resolveDispatch(spec, this.#phase, this.#effect);
    for (const value of dispatch.read.values()) {
      if (!value.arena && !this.#written.has(value)) {
        throw new AssayError(`Cannot record "${spec.label}": it reads ${value}, which nothing wrote before.`);
      }
    }
    for (const value of dispatch.write.values()) {
      if (this.#written.has(value)) {
        throw new AssayError(`Cannot record "${spec.label}": it writes ${value}, which was written already.`);
      }
      this.#written.set(value, this.dispatches.length);
    }
    this.dispatches.push(dispatch);
  }

  /**
   * Moves the dispatches recorded since `from` to position `to`, so that a local loss is differentiated right after
   * its forward pass. They may read only what is written before `to` or among themselves.
   */
  move(from: number, to: number): void {
    const moved = this.dispatches.splice(from);
    this.dispatches.splice(to, 0, ...moved);
    const known = new Set<Value>();
    for (const d of this.dispatches) {
      for (const value of d.read.values()) {
        if (!value.arena && !known.has(value)) {
          throw new AssayError(`Cannot move "${d.label}" to position ${to}: ${value} is written later.`);
        }
      }
      for (const value of d.write.values()) known.add(value);
    }
  }

  /** A program with other dispatches over the same values, arenas and scalars; `fresh` makes values for it. */
  rewrite(body: (fresh: (like: Value, label: string) => Value) => Dispatch[]): Program {
    const copy = new Program(this.target);
    copy.#next = this.#next;
    copy.arenas.push(...this.arenas);
    copy.borrowed.push(...this.borrowed);
    for (const [name, slot] of this.#scalars) copy.#scalars.set(name, slot);
    for (const value of this.#kept) copy.#kept.add(value);
    for (const [value, data] of this.constants) copy.constants.set(value, data);
    for (const [name, spec] of this.readbacks) copy.readbacks.set(name, spec);
    copy.dispatches.push(...body((like, label) => copy.value(like.shape, like.dtype, label)));
    copy.dispatches.forEach((d, i) => d.write.forEach((v) => copy.#written.set(v, i)));
    return copy;
  }

  /** Floating-point operations of one step. */
  get flops(): number {
    return this.dispatches.reduce((sum, d) => sum + d.flops, 0);
  }

  /** Takes the hash of `other`, which computes the same bits: what is computed again is in no hash. */
  sameAs(other: Program): this {
    this.#identity = other.#identity ?? (other === this ? undefined : other);
    return this;
  }

  /** SHA-256 over everything that decides what a replay computes. */
  hash(): string {
    return programHash(this.#identity ?? this);
  }
}
