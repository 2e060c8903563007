/** Values and arenas: what a program's dispatches read and write. Pure data, no device. */
import type { Role } from "../base/roles.ts";
import { AssayError } from "../base/error.ts";

/** What bytes are for; peak memory is reported by role. */

export type DType = "f32" | "u32";

/** Storage binding offsets are multiples of this under WebGPU's default limits, so every placement is. */
export const ALIGNMENT = 256;

export function align(bytes: number): number {
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}

/** A range of an arena in bytes. */
export interface Home {
  readonly arena: Arena;
  readonly offset: number;
}

/**
 * A named tensor with a static shape, row-major, 4 bytes an element. Without an arena the planner places it by
 * lifetime (role `activations`); a pinned value lives in its arena for as long as the program does.
 */
export class Value {
  /** Arena that holds the value, if it is pinned. */
  arena: Arena | undefined;
  /** Kept from forward to backward even where recomputing it would be possible. */
  keep = false;
  readonly size: number;

  constructor(
    readonly id: number,
    readonly shape: readonly number[],
    readonly dtype: DType,
    readonly label: string,
  ) {
    for (const n of shape) {
      if (!Number.isInteger(n) || n < 1) {
        throw new AssayError(
          `Cannot create "${label}": every dimension must be a positive integer, current shape is [${
            shape.join(", ")
          }].`,
        );
      }
    }
    this.size = shape.reduce((a, b) => a * b, 1);
  }

  get bytes(): number {
    return this.size * 4;
  }

  get role(): Role {
    return this.arena?.role ?? "activations";
  }

  toString(): string {
    return `"${this.label}" [${this.shape.join(", ")}]`;
  }
}

/**
 * Pinned values of one role, side by side in one buffer, so that the optimizer, an EMA copy, a checkpoint or a
 * perturbation is one dispatch or copy over a range. Members of one group (for instance "no weight decay") are
 * contiguous. The layout is fixed by `seal`, at the latest when the program is planned.
 */
export class Arena {
  #members: { value: Value; group: string }[] = [];
  #offsets: Map<Value, number> | undefined;
  #ranges = new Map<string, { offset: number; bytes: number }>();
  #bytes = 0;

  constructor(readonly role: Role, readonly name: string) {}

  /** Pins a value; `group` members are contiguous, groups in order of first appearance. */
  add(value: Value, group = ""): Value {
    if (this.#offsets) {
      throw new AssayError(
        `Cannot add ${value} to arena "${this.name}": the arena must still be open, but an effect over the whole arena was already recorded; create every member first.`,
      );
    }
    if (value.arena) {
      throw new AssayError(
        `Cannot add ${value} to arena "${this.name}": a value has one home, it is in "${value.arena.name}" already.`,
      );
    }
    value.arena = this;
    this.#members.push({ value, group });
    return value;
  }

  /** Moves an unsealed member to another group, for instance once it is known that nothing trains it. */
  regroup(groupOf: (value: Value, group: string) => string): void {
    if (this.#offsets) {
      throw new AssayError(`Cannot regroup arena "${this.name}": its layout is fixed already.`);
    }
    this.#members = this.#members.map((m) => ({ value: m.value, group: groupOf(m.value, m.group) }));
  }

  /** Group of a member. */
  groupOf(value: Value): string {
    return this.#members.find((m) => m.value === value)?.group ?? "";
  }

  /**
   * Fixes the layout: groups contiguous, members in order of addition, each aligned. `first` names the groups that
   * come first, in that order; the others follow in order of first appearance.
   */
  seal(first: readonly string[] = []): void {
    if (this.#offsets) return;
    this.#offsets = new Map();
    let offset = 0;
    for (const group of new Set([...first, ...this.#members.map((m) => m.group)])) {
      const start = offset;
      for (const m of this.#members) {
        if (m.group !== group) continue;
        this.#offsets.set(m.value, offset);
        offset += align(m.value.bytes);
      }
      this.#ranges.set(group, { offset: start, bytes: offset - start });
    }
    this.#bytes = offset;
  }

  /** Members in layout order. */
  get members(): readonly Value[] {
    this.seal();
    return [...this.#offsets!.keys()];
  }

  /** Bytes of the arena, padding included. */
  get bytes(): number {
    this.seal();
    return this.#bytes;
  }

  /** Byte ranges of the groups. */
  get ranges(): ReadonlyMap<string, { offset: number; bytes: number }> {
    this.seal();
    return this.#ranges;
  }

  offsetOf(value: Value): number {
    this.seal();
    const offset = this.#offsets!.get(value);
    if (offset === undefined) {
      throw new AssayError(`Cannot place ${value}: it is not a member of arena "${this.name}".`);
    }
    return offset;
  }
}

/**
 * The same bytes under another shape or with another place in the gradient graph (reshape, stop-gradient). Recording
 * resolves it to the value it stands for.
 */
export class Alias extends Value {
  readonly of: Value;

  constructor(id: number, of: Value, shape: readonly number[], label: string) {
    super(id, shape, of.dtype, label);
    this.of = rootOf(of);
    if (this.size !== of.size) {
      throw new AssayError(
        `Cannot view ${of} as [${shape.join(", ")}]: the number of elements must not change.`,
      );
    }
  }
}

/** The value that owns the bytes. */
export function rootOf(value: Value): Value {
  return value instanceof Alias ? value.of : value;
}

/** A view of a whole range of an arena as one flat value: what an effect over an arena binds. */
export class Window extends Value {
  constructor(
    id: number,
    readonly of: Arena,
    readonly offset: number,
    bytes: number,
    dtype: DType,
    label: string,
  ) {
    super(id, [bytes / 4], dtype, label);
    this.arena = of;
  }
}

/** Byte offset of a pinned value or window inside its arena. */
export function homeOf(value: Value): Home | undefined {
  value = rootOf(value);
  if (!value.arena) return undefined;
  const offset = value instanceof Window ? value.offset : value.arena.offsetOf(value);
  return { arena: value.arena, offset };
}
