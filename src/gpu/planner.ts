/**
 * Where every value lives: pinned values in their arenas, the rest packed by lifetime into a few heaps.
 * Pure and device-free, so that the peak of an ImageNet-scale step is known to the byte on any machine.
 *
 * Packing places values in some order, each at the lowest offset where it overlaps no value that is alive at the same
 * time (greedy offset packing; Pisarchyk & Lee, arXiv 2001.03288). Several orders are tried and the smallest
 * total wins. Optimal packing is NP-hard; `lowerBoundBytes` says how far from it a plan can be at most.
 */
import { AssayError } from "../base/error.ts";
import type { Dispatch, Program } from "./program.ts";
import { align, homeOf, rootOf, type Value } from "./value.ts";
import { type Role, ROLES } from "../base/roles.ts";

/** Interval of dispatch indices, both ends included, in which a value's bytes must stay. */
export interface Lifetime {
  readonly value: Value;
  readonly first: number;
  readonly last: number;
}

export interface Slot {
  readonly heap: number;
  readonly offset: number;
}

export interface Plan {
  readonly program: Program;
  readonly slots: ReadonlyMap<Value, Slot>;
  /** Bytes of each heap of the activations role. */
  readonly heaps: readonly number[];
  /** Bytes allocated by role; their sum is the peak. */
  readonly roles: Readonly<Record<Role, number>>;
  readonly peakBytes: number;
  /** Pinned bytes plus the largest sum of live bytes: no placement can need less. */
  readonly lowerBoundBytes: number;
  /** Dispatch index at which the largest sum of live bytes occurs. */
  readonly peakAt: number;
  /** Contents of the static uniform buffer and the byte offset of each dispatch's block. */
  readonly uniforms: Uint8Array<ArrayBuffer>;
  readonly uniformOffsets: readonly (number | undefined)[];
}

export interface PlanOptions {
  /** Largest single buffer; heaps never grow past it. Default 4 GiB less one alignment. */
  readonly maxBufferBytes?: number;
}

/** Bytes of the step uniform and of the staging buffer through which reads and writes go; both have role `io`. */
export const STEP_UNIFORM_BYTES = 256;
export const STAGING_BYTES = 2 ** 20;

/** Lifetimes of the planned values of a dispatch list; outputs live to its end. */
export function lifetimes(dispatches: readonly Dispatch[], outputs: ReadonlySet<Value>): Lifetime[] {
  const spans = new Map<Value, { first: number; last: number }>();
  dispatches.forEach((d, i) => {
    for (const value of d.write.values()) if (!value.arena) spans.set(value, { first: i, last: i });
    for (const value of d.read.values()) if (!value.arena) spans.get(value)!.last = i;
  });
  for (const value of outputs) {
    const span = spans.get(value);
    if (span) span.last = dispatches.length;
  }
  return [...spans].map(([value, span]) => ({ value, ...span }));
}

/** Places every value of a program. */
export function plan(program: Program, options: PlanOptions = {}): Plan {
  const maxBuffer = options.maxBufferBytes ?? 2 ** 32 - 256;
  const lives = lifetimes(program.dispatches, program.outputs);
  const { heaps, slots } = pack(lives, maxBuffer);
  const live = largestLive(lives, program.dispatches.length);
  const { uniforms, uniformOffsets } = packUniforms(program.dispatches);

  const roles = Object.fromEntries(ROLES.map((role) => [role, 0])) as Record<Role, number>;
  for (const arena of program.arenas) roles[arena.role] += arena.bytes;
  roles.activations += heaps.reduce((a, b) => a + b, 0);
  roles.io += uniforms.byteLength + STEP_UNIFORM_BYTES + STAGING_BYTES + program.readbackBytes;
  const peakBytes = ROLES.reduce((sum, role) => sum + roles[role], 0);
  const pinned = peakBytes - heaps.reduce((a, b) => a + b, 0);

  const result: Plan = {
    program,
    slots,
    heaps,
    roles,
    peakBytes,
    lowerBoundBytes: pinned + live.bytes,
    peakAt: live.at,
    uniforms,
    uniformOffsets,
  };
  rejectOverlap(result);
  return result;
}

type Order = (a: Lifetime, b: Lifetime) => number;

const bytesOf = (l: Lifetime): number => align(l.value.bytes);

const ORDERS: readonly Order[] = [
  (a, b) => bytesOf(b) - bytesOf(a) || a.first - b.first,
  (a, b) => bytesOf(b) * (b.last - b.first) - bytesOf(a) * (a.last - a.first) || a.first - b.first,
  (a, b) => (b.last - b.first) - (a.last - a.first) || bytesOf(b) - bytesOf(a),
  (a, b) => a.first - b.first || bytesOf(b) - bytesOf(a),
];

/** Rounds of improvement after the fixed orders; each packs once more. */
const ROUNDS = 64;

interface Packing {
  readonly heaps: number[];
  readonly slots: Map<Value, Slot>;
}

/**
 * Packs lifetimes into heaps of at most `maxBuffer` bytes: the best of several placement orders, then rounds in which
 * the values that end up highest are placed first ("squeaky wheel" optimisation, Joslin and Clements, JAIR 1999).
 * Stops when the packing needs no more than the largest sum of live bytes. Deterministic.
 */
export function pack(lives: readonly Lifetime[], maxBuffer: number): Packing {
  const bound = largestLive(lives, Math.max(0, ...lives.map((l) => l.last))).bytes;
  let best: Packing | undefined;
  let order: Lifetime[] = [];
  for (const compare of ORDERS) {
    const sorted = [...lives].sort(compare);
    const packed = packInOrder(sorted, maxBuffer);
    if (!best || total(packed.heaps) < total(best.heaps)) [best, order] = [packed, sorted];
    if (total(best.heaps) <= bound) return best;
  }
  let current = best!;
  for (let round = 0; round < ROUNDS; round++) {
    const highest = (l: Lifetime): boolean => {
      const slot = current.slots.get(l.value)!;
      return slot.offset + bytesOf(l) > current.heaps[slot.heap]! - bytesOf(l) / 2;
    };
    order = [...order.filter(highest), ...order.filter((l) => !highest(l))];
    current = packInOrder(order, maxBuffer);
    if (total(current.heaps) < total(best!.heaps)) best = current;
    if (total(best!.heaps) <= bound) break;
  }
  return best!;
}

const total = (sizes: readonly number[]): number => sizes.reduce((a, b) => a + b, 0);

function packInOrder(
  ordered: readonly Lifetime[],
  maxBuffer: number,
): { heaps: number[]; slots: Map<Value, Slot> } {
  /** Per heap, what is placed, sorted by offset. */
  const placed: { offset: number; end: number; life: Lifetime }[][] = [];
  const heaps: number[] = [];
  const slots = new Map<Value, Slot>();
  for (const life of ordered) {
    const bytes = bytesOf(life);
    if (bytes > maxBuffer) {
      throw new AssayError(
        `Cannot place ${life.value}: it needs ${bytes} bytes and the largest buffer is ${maxBuffer} bytes; use a smaller batch or image.`,
      );
    }
    let heap = 0, offset = -1;
    for (; offset < 0; heap++) {
      if (heap === placed.length) {
        placed.push([]);
        heaps.push(0);
      }
      offset = lowestGap(placed[heap]!, life, bytes, maxBuffer);
    }
    heap--;
    slots.set(life.value, { heap, offset });
    const neighbours = placed[heap]!;
    let at = neighbours.length;
    while (at > 0 && neighbours[at - 1]!.offset > offset) at--;
    neighbours.splice(at, 0, { offset, end: offset + bytes, life });
    heaps[heap] = Math.max(heaps[heap]!, offset + bytes);
  }
  return { heaps, slots };
}

/** Lowest offset with room beside everything alive at the same time, or -1 if the heap has none. */
function lowestGap(
  placed: readonly { offset: number; end: number; life: Lifetime }[],
  life: Lifetime,
  bytes: number,
  maxBuffer: number,
): number {
  let offset = 0;
  for (const other of placed) {
    if (other.life.last < life.first || other.life.first > life.last) continue;
    if (other.offset - offset >= bytes) break;
    if (other.end > offset) offset = other.end;
  }
  return offset + bytes <= maxBuffer ? offset : -1;
}

/** Largest sum of live planned bytes of a program, each value aligned: what its heaps need at least. */
export function liveBytes(program: Program): number {
  return largestLive(lifetimes(program.dispatches, program.outputs), program.dispatches.length).bytes;
}

function largestLive(lives: readonly Lifetime[], count: number): { bytes: number; at: number } {
  const change = new Float64Array(count + 2);
  for (const life of lives) {
    change[life.first]! += bytesOf(life);
    change[life.last + 1]! -= bytesOf(life);
  }
  let bytes = 0, at = 0, live = 0;
  for (let i = 0; i <= count; i++) {
    live += change[i]!;
    if (live > bytes) {
      bytes = live;
      at = i;
    }
  }
  return { bytes, at };
}

/** Values alive while dispatch `at` runs, largest first. */
export function liveAt(program: Program, at: number): Value[] {
  return lifetimes(program.dispatches, program.outputs)
    .filter((l) => l.first <= at && at <= l.last)
    .map((l) => l.value)
    .sort((a, b) => b.bytes - a.bytes);
}

/** Static uniform blocks side by side, equal ones shared, each at a binding offset. */
function packUniforms(dispatches: readonly Dispatch[]) {
  const offsets = new Map<string, number>();
  const blocks: Uint8Array[] = [];
  const uniformOffsets = dispatches.map((d) => {
    if (!d.uniform) return undefined;
    const key = d.uniform.toString();
    let offset = offsets.get(key);
    if (offset === undefined) {
      offset = blocks.length * 256;
      offsets.set(key, offset);
      blocks.push(d.uniform);
    }
    return offset;
  });
  const uniforms = new Uint8Array(Math.max(256, blocks.length * 256));
  blocks.forEach((block, i) => uniforms.set(block, i * 256));
  return { uniforms, uniformOffsets };
}

/** Address of a value under a plan: buffer key and byte range. */
export function placeOf(plan: Plan, value: Value): { buffer: string; offset: number; bytes: number } {
  const home = homeOf(value);
  if (home) return { buffer: `arena:${home.arena.name}`, offset: home.offset, bytes: align(value.bytes) };
  const slot = plan.slots.get(rootOf(value));
  if (!slot) throw new AssayError(`Cannot find ${value} in the plan: no dispatch writes it.`);
  return { buffer: `heap:${slot.heap}`, offset: slot.offset, bytes: align(value.bytes) };
}

/** Drivers may accept overlapping writable bindings in silence, so the planner refuses them itself. */
function rejectOverlap(plan: Plan): void {
  for (const d of plan.program.dispatches) {
    const places = [...d.read, ...d.write, ...d.update].map(([name, value]) => ({
      name,
      ...placeOf(plan, value),
    }));
    for (let i = 0; i < places.length; i++) {
      for (let j = 0; j < i; j++) {
        const a = places[i]!, b = places[j]!;
        if (a.buffer === b.buffer && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes) {
          throw new AssayError(
            `Cannot bind "${d.label}": "${a.name}" and "${b.name}" must not overlap, both lie in ${a.buffer} at ${a.offset} and ${b.offset}; copy one of them first.`,
          );
        }
      }
    }
  }
}
