/**
 * Where every value lives: pinned values in their arenas, the rest packed by lifetime into a few heaps.
 * Pure and device-free, so that the peak of an ImageNet-scale step is known to the byte on any machine.
 *
 * `lowerBoundBytes` says how far from the best packing (packing.ts) a plan can be at most.
 */
import { AssayError } from "../base/error.ts";
import { largestLive, type Lifetime, pack, type Slot } from "./packing.ts";
import type { Dispatch, Program } from "./program.ts";
import { align, homeOf, rootOf, type Value } from "./value.ts";
import { type Role, ROLES } from "../base/roles.ts";

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
  /** Largest storage binding of the adapter. Default: not checked. */
  readonly maxBindingBytes?: number;
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
  if (options.maxBindingBytes !== undefined) requireBindings(program, options.maxBindingBytes);
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

/** Largest sum of live planned bytes of a program, each value aligned: what its heaps need at least. */
export function liveBytes(program: Program): number {
  return largestLive(lifetimes(program.dispatches, program.outputs), program.dispatches.length).bytes;
}

/** Bytes of the largest binding of a dispatch, what an adapter's limit on storage bindings must allow, and its value. */
export function largestBinding(
  program: Program,
): { readonly value: Value; readonly bytes: number } | undefined {
  let found: Value | undefined;
  for (const d of program.dispatches) {
    for (const map of [d.read, d.write, d.update]) {
      for (const value of map.values()) if (!found || value.bytes > found.bytes) found = value;
    }
  }
  return found && { value: found, bytes: align(found.bytes) };
}

/** Throws where a dispatch binds more than an adapter allows. */
function requireBindings(program: Program, most: number): void {
  const found = largestBinding(program);
  if (!found || found.bytes <= most) return;
  throw new AssayError(
    `Cannot bind ${found.value}: it needs ${found.bytes} bytes and the largest storage binding is ${most} bytes; use a smaller batch or image.`,
  );
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
