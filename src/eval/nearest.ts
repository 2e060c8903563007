/**
 * The k nearest training rows of every test row, on the GPU. Scores exist one tile at a time, so memory does not grow
 * with the product of the two sets.
 */
import { failure } from "../base/error.ts";
import type { Device } from "../gpu/device.ts";
import { Kernel } from "../gpu/kernel.ts";
import { plan } from "../gpu/planner.ts";
import { Session } from "../gpu/session.ts";
import distanceSource from "../kernels.wgsl/knn_distance.wgsl" with { type: "text" };
import selectSource from "../kernels.wgsl/knn_select.wgsl" with { type: "text" };
import { matmul } from "../nn/ops/matmul.ts";
import { Trace, type Value } from "../nn/trace.ts";
import type { Features } from "./features.ts";

const selectKernel = new Kernel("knn_select", selectSource);
const distanceKernel = new Kernel("knn_distance", distanceSource);

/** Most neighbours a search keeps; LIST in knn_select.wgsl. */
export const MOST_NEIGHBOURS = 256;

/**
 * What near means, for rows normalised to length one: a large inner product, or a small distance computed from the
 * differences. The order is the same in exact arithmetic; in f32 only the second distinguishes near duplicates.
 */
export type Metric = "cosine" | "l2";

/** Neighbours of every test row, nearest first; equal scores in the order of the training set. */
export interface Neighbours {
  readonly k: number;
  /** Training rows, (tests, k). */
  readonly indices: Uint32Array<ArrayBuffer>;
  /** Cosine, or negative squared distance, (tests, k). */
  readonly scores: Float32Array<ArrayBuffer>;
}

export interface NearestOptions {
  readonly metric?: Metric;
  /** Most test and training rows of a tile. Default 2048 and 4096: 32 MiB of scores. */
  readonly tile?: readonly [number, number];
}

/** Rows divided by their length; a row of zeros stays. Errors: values that are not finite, a size that is not rows x width. */
export function normalised(features: Features, what: string): Float32Array<ArrayBuffer> {
  const { values, rows, width } = features;
  const refuse = (required: string, found: string) =>
    failure({
      operation: "compare",
      object: `the ${what} features`,
      required,
      found,
      wayOut: "check the encoder that made them",
    });
  if (values.length !== rows * width || rows === 0) {
    throw refuse("there must be rows of one width", `${values.length} values for ${rows} rows of ${width}`);
  }
  const y = new Float32Array(values.length);
  for (let row = 0; row < rows; row++) {
    const start = row * width;
    let square = 0;
    for (let i = start; i < start + width; i++) square += values[i]! * values[i]!;
    if (!Number.isFinite(square)) throw refuse("every value must be finite", `one in row ${row} that is not`);
    const length = square > 0 ? Math.sqrt(square) : 1;
    for (let i = start; i < start + width; i++) y[i] = values[i]! / length;
  }
  return y;
}

/** Rows of a tile: as few tiles as fit the limit, all of nearly one size. */
const tileRows = (rows: number, most: number): number => Math.ceil(rows / Math.ceil(rows / most));

/** Throws unless k neighbours can be found among `rows`. */
export function requireNeighbours(k: number, rows: number): void {
  if (Number.isInteger(k) && k >= 1 && k <= Math.min(MOST_NEIGHBOURS, rows)) return;
  throw failure({
    operation: "search",
    object: `${k} nearest neighbours among ${rows} training images`,
    required: `k must be an integer of 1 to ${Math.min(MOST_NEIGHBOURS, rows)}`,
    found: `${k}`,
    wayOut: "choose another k or more training images",
  });
}

/** Finds the k nearest training rows of every test row. What it allocates on the device is given back. */
export async function nearest(
  device: Device,
  train: Features,
  test: Features,
  k: number,
  options: NearestOptions = {},
): Promise<Neighbours> {
  requireNeighbours(k, train.rows);
  if (train.width !== test.width) {
    throw failure({
      operation: "compare",
      object: "training and test features",
      required: "their widths must be equal",
      found: `${train.width} and ${test.width}`,
      wayOut: "take both from one encoder",
    });
  }
  const { width } = train;
  const [mostTests, mostTrain] = options.tile ?? [2048, 4096];
  const rows = tileRows(test.rows, mostTests), columns = tileRows(train.rows, mostTrain);
  const search = record(device, rows, columns, width, k, options.metric ?? "cosine");
  const known = normalised(train, "training"), asked = normalised(test, "test");
  const indices = new Uint32Array(test.rows * k);
  const scores = new Float32Array(test.rows * k);
  const session = await Session.bind(device, search.plan);
  try {
    for (let first = 0; first < test.rows; first += rows) {
      const count = Math.min(rows, test.rows - first);
      session.write(search.test, asked.subarray(first * width, (first + count) * width));
      for (let base = 0; base < train.rows; base += columns) {
        const valid = Math.min(columns, train.rows - base);
        if (first === 0 || columns < train.rows) {
          session.write(search.train, known.subarray(base * width, (base + valid) * width));
        }
        session.replay({ scalars: { "base.u32": base, "valid.u32": valid } });
        // Uploads wait in memory until the device has taken them.
        if ((base / columns) % 4 === 3) await session.done();
      }
      const found = await session.readBytes(search.columns, 0, count * k * 4);
      indices.set(new Uint32Array(found.buffer), first * k);
      const values = await session.readBytes(search.best, 0, count * k * 4);
      scores.set(new Float32Array(values.buffer), first * k);
    }
    return { k, indices, scores };
  } finally {
    session.close();
  }
}

function record(device: Device, rows: number, columns: number, width: number, k: number, metric: Metric) {
  const t = new Trace({ target: device.target });
  const test = t.input("test", [rows, width]);
  const train = t.input("train", [columns, width]);
  const scores = metric === "cosine"
    ? matmul(t, test, train, { transposeB: true })
    : distances(t, test, train);
  const lists = t.program.arena("state", "neighbours");
  const best = t.program.pinned(lists, [rows, k], "f32", "scores of neighbours");
  const found = t.program.pinned(lists, [rows, k], "u32", "neighbours");
  t.program.effect("select", () =>
    t.program.dispatch({
      kernel: selectKernel,
      label: "select neighbours",
      read: { scores },
      update: { best, columns: found },
      uniform: { columns, k, base: t.program.scalar("base.u32"), valid: t.program.scalar("valid.u32") },
      workgroups: [rows],
    }));
  const planned = plan(t.program, { maxBufferBytes: device.raw.limits.maxBufferSize });
  return { plan: planned, test, train, best, columns: found };
}

/** Negative squared distances (rows of a, rows of b). */
function distances(t: Trace, a: Value, b: Value): Value {
  const [rows, width] = a.shape as [number, number];
  const columns = b.shape[0]!;
  const s = t.value([rows, columns], "negative squared distances");
  t.program.dispatch({
    kernel: distanceKernel,
    label: s.label,
    read: { a, b },
    write: { s },
    uniform: { rows, columns, width },
    workgroups: [Math.ceil(columns / 32), Math.ceil(rows / 32)],
    flops: 3 * rows * columns * width,
  });
  return s;
}
