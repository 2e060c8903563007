/**
 * The rows of a head that belong to a batch, on the GPU for one step: the host writes them with their AdamW moments and
 * with the moves they are due, the step uses and updates them, the host takes them back. The bytes on the GPU depend on
 * batch and width alone, however many rows there are.
 */
import { Kernel } from "../gpu/kernel.ts";
import type { Value } from "../gpu/value.ts";
import source from "../kernels.wgsl/multistep.wgsl" with { type: "text" };
import { failure } from "../base/error.ts";
import type { Tap } from "./grad.ts";
import { guardFlag } from "./guard.ts";
import { torchDefault } from "./initialise.ts";
import type { MultistepPlan, RowUpdate } from "./multistep.ts";
import { wrap } from "./ops/grid.ts";
import type { HeadRows } from "./produced.ts";
import type { Scope } from "./scope.ts";

const kernel = new Kernel("multistep", source);

/** Name of the readback that brings rows and the guard's flag back after a step. */
export const HEAD_READBACK = "head rows";

/** Numbers of a row's moves. */
export const MOVES = 16;

/**
 * Rows of one head for the scope's batch: the weights (B, width) as this step sees them, and the tap that gives their
 * gradient to the update at the end of the step. A session starts with rows of PyTorch's linear layer and a plain AdamW
 * step of rate 1e-3, so that a trace can be run without a store.
 */
export function headRows(
  s: Scope,
  name: string,
  width: number,
  update: RowUpdate,
): { weights: Value; tap: Tap } {
  const { t } = s;
  const { batch } = s.setup;
  const here = s.inArena("head", "state");
  const uniform = torchDefault(width);
  const rows = t.state(here.arena, s.nameOf(`${name}.rows`), [batch, 3, width], (draw, size) => {
    const data = new Float32Array(size);
    for (let b = 0; b < batch; b++) data.set(uniform(draw, width), b * 3 * width);
    return data;
  });
  const plain = [1, 0, 1, 1, 1, 1e-3, 1, 1, 1e-8, 1e-8, 0, 0, 0.9, 1 - 0.9, 0.999, 1 - 0.999];
  const moves = t.state(
    here.arena,
    s.nameOf(`${name}.moves`),
    [batch, MOVES],
    (_draw, size) => Float32Array.from({ length: size }, (_, i) => plain[i % MOVES]!),
  );
  t.headRows = { rows, moves, batch, width, update };
  // The guard's flag comes along: rows of a step that stopped are not to be stored.
  t.program.readback(HEAD_READBACK, [rows, guardFlag(t)], 2);
  const weights = t.value([batch, width], `${name} rows`);
  const { width: columns, workgroups } = wrap(Math.ceil(weights.size / 64));
  const shape = { rows: batch, width, columns: columns * 64 };
  t.program.dispatch({
    kernel,
    entry: "ready",
    label: weights.label,
    read: { head: rows, moves },
    write: { y: weights },
    uniform: shape,
    workgroups,
    flops: 4 * weights.size,
  });
  t.record("headRows", [rows, moves], [weights], {
    vjp: () => [undefined, undefined],
    reference: ([head, moves]) => [
      Float64Array.from({ length: weights.size }, (_, i) => {
        const row = Math.floor(i / width);
        const [h, m, v] = [0, 1, 2].map((k) => head![(row * 3 + k) * width + i % width]!);
        const [shrink, size] = moves!.subarray(row * MOVES, row * MOVES + 2);
        const root = Math.sqrt(v!) + moves![row * MOVES + 8]!;
        return shrink! * h! - (root > 0 ? size! * (m! / root) : 0);
      }),
    ],
  });
  const use = (dy: Value) =>
    t.later(() =>
      t.program.effect("head rows", () =>
        t.program.dispatch({
          kernel,
          entry: "visit",
          label: `update ${weights.label}`,
          read: { moves, dy, guard: guardFlag(t) },
          update: { head: rows },
          uniform: shape,
          workgroups,
          flops: 22 * weights.size,
        }))
    );
  return { weights, tap: { value: weights, use } };
}

/** The moves of a batch (B, 16) at a step, from the last visits of its rows (-1: never). */
export function movesOf(
  plan: MultistepPlan,
  step: number,
  lastVisits: ArrayLike<number>,
): Float32Array<ArrayBuffer> {
  const { beta1, beta2 } = plan;
  const moves = new Float32Array(lastVisits.length * MOVES);
  const b = plan.after(step);
  for (let row = 0; row < lastVisits.length; row++) {
    const a = plan.before(step, lastVisits[row]!);
    // deno-fmt-ignore
    moves.set([
      a.shrink, a.size, a.mean, a.square, b.shrink, b.size, b.mean, b.square,
      a.eps, b.eps, 0, 0, beta1, 1 - beta1, beta2, 1 - beta2,
    ], row * MOVES);
  }
  return moves;
}

/** The head rows of a trace or step; an error where its method has none. */
export function requireHeadRows({ headRows }: { readonly headRows: HeadRows | undefined }): HeadRows {
  if (headRows) return headRows;
  throw failure({
    operation: "attach",
    object: "a head store to the step",
    required: "its method must read head rows",
    found: "none",
    wayOut: "use the store with sdiet only",
  });
}
