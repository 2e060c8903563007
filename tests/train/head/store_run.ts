/**
 * A run on a head store that never ends by itself: every step changes a batch of rows, every few steps the store and a
 * file with the step are checkpointed. The kill test starts it as a process and compares what it leaves behind with
 * `rowsAfter`, the same arithmetic in memory. Arguments: the folder.
 */
import { join } from "node:path";
import { permutation } from "../../../src/base/random.ts";
import { HeadStore, type HeadStoreSpec } from "../../../src/train/head/store.ts";

export const SPEC: HeadStoreSpec = { rows: 300, width: 40, seed: 5, specHash: "0f".repeat(32) };
const BATCH = 20;
const CHECKPOINT_EVERY = 7;

export const storePath = (folder: string): string => join(folder, "head.bin");
const stepPath = (folder: string): string => join(folder, "step");

function batchOf(step: number): Uint32Array {
  const perEpoch = SPEC.rows / BATCH;
  const at = step % perEpoch * BATCH;
  return permutation(SPEC.rows, 1, Math.floor(step / perEpoch)).subarray(at, at + BATCH);
}

/** A row's next values: what it was matters, so a lost or repeated step shows. */
const next = (value: number, step: number): number => Math.fround(1.5 * value - Math.sin(step + value));

/** All rows (300, 3, 40) after `steps` steps, from what they were at the start. */
export function rowsAfter(steps: number, start: Float32Array): Float32Array {
  const rows = start.slice();
  const size = 3 * SPEC.width;
  for (let step = 0; step < steps; step++) {
    for (const row of batchOf(step)) {
      for (let i = row * size; i < (row + 1) * size; i++) rows[i] = next(rows[i]!, step);
    }
  }
  return rows;
}

/** The step that the run in a folder goes on from. */
export function checkpointOf(folder: string): number {
  try {
    return Number(Deno.readTextFileSync(stepPath(folder)));
  } catch {
    return 0;
  }
}

if (import.meta.main) {
  const folder = Deno.args[0]!;
  console.log("started");
  let step = checkpointOf(folder);
  const store = await HeadStore.at(storePath(folder), SPEC, step);
  for (;; step++) {
    const indices = batchOf(step);
    const { data } = await store.load(indices);
    const written = store.store(indices, data.map((v) => next(v, step)), step);
    if ((step + 1) % 2 === 0) await written; // otherwise the next batch is read meanwhile
    if ((step + 1) % CHECKPOINT_EVERY !== 0) continue;
    await store.checkpoint(step + 1);
    Deno.writeTextFileSync(`${stepPath(folder)}.new`, String(step + 1));
    Deno.renameSync(`${stepPath(folder)}.new`, stepPath(folder));
    await store.commit(step + 1);
  }
}
