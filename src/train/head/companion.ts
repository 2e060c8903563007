/** The head store of a run: what `train` is given as its companion. */
import { join } from "node:path";
import { specHash } from "../../record/spec/spec.ts";
import { HeadPipeline, multistepOf } from "./pipeline.ts";
import { HeadStore } from "./store.ts";
import { lowerOptimizer } from "../lower.ts";
import type { Companion, Trainer } from "../trainer.ts";

/** Name of the store in a run's folder. */
export const HEAD_FILE = "head.bin";

const nothing = async (): Promise<void> => {};
const NONE: Companion = {
  before: nothing,
  after: nothing,
  checkpoint: nothing,
  commit: nothing,
  close: nothing,
};

/**
 * Opens the head store in a run's folder at the step to go on from, new at step 0. A method without head rows gets a
 * companion that does nothing, so that every run can be given this one.
 */
export function headCompanion(folder: string): (trainer: Trainer, step: number) => Promise<Companion> {
  return async (trainer, step) => {
    const { session, batches, spec } = trainer;
    const { trace } = trainer.step;
    const head = trace.headRows;
    if (!head) return NONE;
    const multistep = multistepOf(
      lowerOptimizer(spec.optimizer, trainer.length),
      head.update,
      batches.stepsPerEpoch,
    );
    const store = await HeadStore.at(
      join(folder, HEAD_FILE),
      {
        rows: batches.data.labels.length,
        width: head.width,
        seed: spec.seed,
        specHash: specHash(spec),
      },
      step,
    );
    const indicesOf = (k: number) => k < trainer.totalSteps ? batches.indices(k) : undefined;
    return new HeadPipeline({ session, trace, store, multistep, indicesOf });
  };
}
