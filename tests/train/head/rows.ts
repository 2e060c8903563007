/** Head stores in temporary folders, and what a training does to their rows. */
import { join } from "node:path";
import { PhiloxStream } from "../../../src/base/random.ts";
import { HeadStore, type HeadStoreSpec } from "../../../src/train/head/store.ts";

export const SPEC: HeadStoreSpec = { rows: 50, width: 6, seed: 9, specHash: "ab".repeat(32) };

export async function inFolder(body: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await body(join(folder, "head.bin"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows that depend on the step. */
export function rowsAt(
  indices: readonly number[],
  step: number,
  width = SPEC.width,
): Float32Array<ArrayBuffer> {
  const stream = new PhiloxStream([step, 77]);
  return Float32Array.from({ length: indices.length * 3 * width }, () => stream.normal());
}

export const batchAt = (step: number): number[] =>
  Array.from({ length: 7 }, (_, i) => (step * 11 + i * 3) % SPEC.rows);

export async function visit(store: HeadStore, from: number, to: number): Promise<void> {
  for (let step = from; step < to; step++) {
    await store.load(batchAt(step));
    await store.store(batchAt(step), rowsAt(batchAt(step), step), step);
  }
}

/** Everything the store says of its rows. */
export async function contents(store: HeadStore): Promise<unknown> {
  const { data, lastVisits } = await store.load(Array.from({ length: store.spec.rows }, (_, i) => i));
  return { data, lastVisits };
}
