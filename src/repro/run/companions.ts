/** What travels with the batches of a run: the rows of a head that lies on disk; nothing for most methods. */
import { join } from "node:path";
import { headRowsOf } from "../../nn/head_rows.ts";
import { canonicalHash } from "../canonical.ts";
import { HeadPipeline, multistepOf } from "../head_pipeline.ts";
import { HeadStore } from "../head_store.ts";
import type { Companion, Trainer } from "./trainer.ts";

/** The file of head rows in a run's folder. */
export const HEAD_FILE = "head.rows";

/** Makes the companion that a run's method needs, at the step the run goes on from; undefined where it needs none. */
export async function companionOf(
  trainer: Trainer,
  step: number,
  folder: string,
): Promise<Companion | undefined> {
  const { spec, session, batches } = trainer;
  const { trace } = trainer.step;
  const rows = headRowsOf(trace);
  if (!rows) return undefined;
  const store = await HeadStore.at(
    join(folder, HEAD_FILE),
    {
      rows: batches.data.labels.length,
      width: rows.width,
      seed: spec.seed,
      specHash: canonicalHash(spec),
    },
    step,
  );
  return new HeadPipeline({
    session,
    trace,
    store,
    multistep: multistepOf(spec.optimizer, spec.hyper, batches.stepsPerEpoch),
    indicesOf: (k) => k < trainer.totalSteps ? batches.indices(k) : undefined,
  });
}
