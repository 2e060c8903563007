/**
 * Queues and memory banks: rows of state that a step reads as they were and changes at its end, so that losses and
 * their gradients see the old rows and the batch's own rows land after.
 */
import { AssayError } from "../base/error.ts";
import { Kernel } from "../gpu/kernel.ts";
import bankSource from "../kernels.wgsl/bank.wgsl" with { type: "text" };
import queueSource from "../kernels.wgsl/queue.wgsl" with { type: "text" };
import { guardFlag } from "./guard.ts";
import { type Schedule, scheduleAt } from "./schedules.ts";
import type { Scope } from "./scope.ts";
import { type Initialiser, requireShape, type Trace, type Value } from "./trace.ts";

const queueKernel = new Kernel("queue", queueSource);
const bankKernel = new Kernel("bank", bankSource);
const MAX_WORKGROUPS = 65535;

/** Rows of a standard Gaussian, normalised: MoCo's first queue. */
export function gaussianRows(width: number): Initialiser {
  return (draw, size) => {
    const data = Float32Array.from({ length: size }, () => draw.normal());
    for (let row = 0; row < size; row += width) {
      const norm = Math.hypot(...data.subarray(row, row + width));
      for (let i = row; i < row + width; i++) data[i] = data[i]! / norm;
    }
    return data;
  };
}

/** Uniform in (-s, s), s = 1 / sqrt(width / 3), not normalised: the first bank of NPID and queue of CompRess. */
export function uniformRows(width: number): Initialiser {
  const s = 1 / Math.sqrt(width / 3);
  return (draw, size) => Float32Array.from({ length: size }, () => s * (2 * draw.uniform() - 1));
}

/** State of `rows` rows, (rows, width): a queue or a bank. Named below the scope's path. */
export function rowsOfState(
  s: Scope,
  name: string,
  rows: number,
  width: number,
  initial: (width: number) => Initialiser = gaussianRows,
): Value {
  return s.state(name, [rows, width], initial(width));
}

/** Puts (N, C) rows over the oldest of a (K, C) queue at the end of the step; N must not exceed K. */
export function enqueue(t: Trace, queue: Value, rows: Value): void {
  const [length, width] = requireRows("enqueue", queue, rows);
  const count = rows.shape[0]!;
  requireShape(count <= length, "enqueue", "a batch must fit the queue", rows, queue);
  // The pointer follows from the step alone, so that a resumed run needs no state for it.
  const pointer = t.scalar(`pointer of ${queue.label}.u32`, (step) => (step * count) % length);
  t.later(() =>
    t.program.effect("queue", () => {
      const groups = Math.ceil((count * width) / 64);
      const columns = Math.min(groups, MAX_WORKGROUPS);
      t.program.dispatch({
        kernel: queueKernel,
        label: `enqueue ${queue.label}`,
        read: { rows, guard: guardFlag(t) },
        update: { queue },
        uniform: { pointer, rows: count, length, width },
        workgroups: [columns, Math.ceil(groups / columns)],
      });
    })
  );
}

export interface BankOptions {
  /** Share of the old row that stays. Default 0.5 (NPID). */
  readonly momentum?: Schedule;
  /** Whether rows are brought to length 1. Default true. */
  readonly normalise?: boolean;
}

/**
 * Moves rows `indices` (N, u32, distinct) of a (K, C) bank towards (N, C) features at the end of the step. An index
 * beyond the bank changes nothing.
 */
export function updateBank(
  t: Trace,
  bank: Value,
  indices: Value,
  rows: Value,
  options: BankOptions = {},
): void {
  const [length, width] = requireRows("update", bank, rows);
  const count = rows.shape[0]!;
  requireShape(
    indices.size === count && indices.dtype === "u32",
    "update the bank by",
    "one u32 index a row is needed",
    indices,
    rows,
  );
  const { momentum = 0.5, normalise = true } = options;
  const m = t.scalar(`momentum of ${bank.label}`, (step) => scheduleAt(momentum, step));
  t.later(() =>
    t.program.effect("bank", () =>
      t.program.dispatch({
        kernel: bankKernel,
        label: `update ${bank.label}`,
        read: { rows, indices, guard: guardFlag(t) },
        update: { bank },
        uniform: { m, count, length, width, normalise: normalise ? 1 : 0 },
        workgroups: [Math.min(count, MAX_WORKGROUPS), Math.ceil(count / MAX_WORKGROUPS)],
        flops: 9 * count * width,
      }))
  );
}

function requireRows(operation: string, table: Value, rows: Value): [number, number] {
  requireShape(
    table.shape.length === 2 && rows.shape.length === 2 && table.shape[1] === rows.shape[1],
    operation,
    "both must be matrices of one width",
    rows,
    table,
  );
  if (!table.arena) {
    throw new AssayError(`Cannot ${operation} ${table}: it must be state; create it with rowsOfState.`);
  }
  return [table.shape[0]!, table.shape[1]!];
}
