/**
 * The non-finite guard: a bit test of the losses and of every gradient, before the optimizer. The first fault sets a
 * flag on the GPU that stays set; every effect that changes state asks it first, so parameters and optimizer stay as
 * the last good step left them although the host learns of it several steps later.
 */
import { AssayError } from "../base/error.ts";
import { Kernel } from "../gpu/kernel.ts";
import type { Session } from "../gpu/session.ts";
import type { Arena, Value } from "../gpu/value.ts";
import guardSource from "../kernels.wgsl/guard.wgsl" with { type: "text" };
import judgeSource from "../kernels.wgsl/judge.wgsl" with { type: "text" };
import { grid } from "./ops/grid.ts";
import type { Guard, Reported } from "./produced.ts";
import { SPAN, type Trained, windowOf } from "./spans.ts";
import type { Trace } from "./trace.ts";

const kernel = new Kernel("guard", guardSource);
const judge = new Kernel("judge", judgeSource);

/** Where a step says what the host reads between steps: the guard's flag and the metrics. */
export function reportArena(t: Trace): Arena {
  return t.program.arena("io", "report");
}

function guardOf(t: Trace): Guard {
  return t.guard ??= { flag: t.program.pinned(reportArena(t), [2], "u32", "guard"), labels: [] };
}

/** The stop flag that state-changing kernels bind as `guard`; 0 for ever in a program that records no guard. */
export function guardFlag(t: Trace): Value {
  return guardOf(t).flag;
}

const sameStep = (step: number): number => step;

/** Slot of the number of the step, a u32 scalar. */
export function stepSlot(t: Trace): number {
  return t.scalar("step.u32", sameStep);
}

/** Records the guard over single values (losses, gradients outside every arena) and all gradients. Once per program. */
export function guard(t: Trace, singles: readonly Value[], trained: readonly Trained[]): void {
  const { program } = t;
  const state = guardOf(t);
  if (state.labels.length > 0) throw new AssayError("Cannot record the guard: the step has one already.");
  const tables = singles.map((x) => cutInSpans(x.size));
  const arenas = trained.map((pair) => ({ grads: pair.grads, ...t.spans.trained(pair) }));
  const count = arenas.reduce(
    (sum, a) => sum + a.owners.length,
    tables.reduce((n, x) => n + x.length / 4, 0),
  );
  const faults = program.pinned(program.arena("state", "guard"), [count], "u32", "faults");
  program.effect("guard", () => {
    const test = (x: Value, spans: Value, first: number, workgroups: readonly [number, number]) =>
      program.dispatch({
        kernel,
        entry: "test",
        label: `guard ${x.label}`,
        read: { x, spans },
        update: { faults },
        uniform: { first },
        workgroups,
      });
    singles.forEach((x, i) => {
      const pieces = tables[i]!.length / 4;
      const label = pieces === 1 ? "span of a loss" : `spans of ${x.label}`;
      test(x, program.constant(label, tables[i]!), state.labels.length, grid(pieces));
      for (let piece = 0; piece < pieces; piece++) state.labels.push(x.label);
    });
    for (const { grads, walks, owners, tensors } of arenas) {
      const offset = state.labels.length;
      for (const walk of walks) {
        test(windowOf(program, grads, walk), walk.table, offset + walk.first, walk.perSpan);
      }
      const named = tensors.map((tensor) => `gradient of ${tensor.label}`);
      for (const tensor of owners) state.labels.push(named[tensor]!); // too many for the arguments of one call
    }
    program.dispatch({
      kernel: judge,
      label: "guard",
      read: { faults },
      update: { guard: state.flag },
      uniform: { count, step: stepSlot(t) },
      workgroups: [1],
    });
  });
}

/** The span table of one value by itself. */
function cutInSpans(size: number): Uint32Array<ArrayBuffer> {
  const rows: number[] = [];
  for (let at = 0; at < size; at += SPAN) rows.push(0, at, Math.min(SPAN, size - at), 0);
  return Uint32Array.from(rows);
}

/** Where a run first met a value that is not finite. */
export interface Fault {
  /** Step, counted from 0. */
  readonly step: number;
  /** Label of the loss or gradient, the first in layout order. */
  readonly label: string;
}

/** Decodes the flag's two words. */
export function faultOf({ guard }: Pick<Reported, "guard">, words: ArrayLike<number>): Fault | undefined {
  const labels = guard?.labels ?? [];
  return words[0] ? { step: words[0] - 1, label: labels[words[1]!]! } : undefined;
}

/** The first fault of a session, if there was one. One awaited round trip. */
export async function readGuard(
  session: Session,
  step: Pick<Reported, "guard">,
): Promise<Fault | undefined> {
  return step.guard && faultOf(step, await session.readU32(step.guard.flag));
}

/** The error a training loop throws for a fault. */
export function faultError(fault: Fault): AssayError {
  return new AssayError(
    `Cannot continue after step ${fault.step}: every loss, metric and gradient must be finite, "${fault.label}" is not; parameters are those of the step before, lower the learning rate or resume from a checkpoint.`,
  );
}
