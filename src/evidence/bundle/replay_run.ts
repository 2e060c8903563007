/** Replays an interval of a real run: the run's own step on an adapter of this machine, from a checkpoint or the seed. */
import type { Dataset } from "../../data/load.ts";
import { failure } from "../../base/error.ts";
import type { Device } from "../../gpu/device.ts";
import { loadCheckpoint } from "../../nn/checkpoint.ts";
import { adapterClass } from "../../record/environment.ts";
import { eventsOf } from "../../record/events.ts";
import { canonical } from "../../base/canonical.ts";
import { loadMethod } from "../../repro/method_files.ts";
import { currentSpec } from "../../repro/upgrade.ts";
import { loadSplit } from "../../train/load_split.ts";
import type { RunSpec } from "../../record/spec/spec.ts";
import { stateHash } from "../../train/state_hash.ts";
import { Trainer } from "../../train/trainer.ts";
import type { BundleRun } from "./content.ts";
import type { ReplayInterval } from "./replay.ts";

/**
 * Replays on the device that `open` gives; each replay closes its own. Data is loaded once. Throws an AssayError where an
 * interval cannot run here: no adapter, other data, a head that lies on disk.
 */
export function replayOn(open: () => Promise<Device>): ReplayInterval {
  const loaded = new Map<string, Promise<Dataset>>();
  return async (run, from, toStep) => {
    const spec = await specOf(run);
    const key = canonical(spec.data.train);
    const data = await (loaded.get(key) ?? loaded.set(key, loadSplit(spec.data.train)).get(key)!);
    requireSameData(run, data);
    const device = await open();
    try {
      const trainer = await Trainer.open(device, spec, await loadMethod(spec.method), data);
      try {
        return {
          ...await advance(trainer, run, from, toStep),
          adapterClass: adapterClass(device.fingerprint),
        };
      } finally {
        trainer.close();
      }
    } finally {
      device.close();
    }
  };
}

async function advance(
  trainer: Trainer,
  run: BundleRun,
  from: Parameters<ReplayInterval>[1],
  toStep: number,
): Promise<{ startState: string; state: string; program: string; losses: number[] }> {
  const { session, step } = trainer;
  if (step.headRows) {
    throw cannot(
      run,
      "all state must be on the device",
      "a head whose rows lie in a file beside the checkpoints",
    );
  }
  if (from.file !== undefined) {
    loadCheckpoint(from.file, session, step.trace);
    trainer.continueFrom(from.step);
  }
  await trainer.begin();
  const startState = await stateHash(session, step.trace);
  const losses: number[] = [];
  while (trainer.steps < toStep) {
    await trainer.advance();
    if (trainer.reportDue || trainer.steps === toStep) losses.push(...(await trainer.report()).losses.loss!);
  }
  return { startState, state: await stateHash(session, step.trace), program: step.program.hash(), losses };
}

async function specOf(run: BundleRun): Promise<RunSpec> {
  const spec = await currentSpec(run.spec, run.events);
  if (spec) return spec;
  throw cannot(run, "its specification must be one of a training", "one of no known format");
}

/** The images must be those of the run, or a difference would say nothing. */
function requireSameData(run: BundleRun, data: Dataset): void {
  const stated = eventsOf(run.events, "run-start")[0]?.data.train;
  if (stated?.pixels !== data.hashes.pixels || stated?.list !== data.hashes.split) {
    throw cannot(
      run,
      `${data.name} (${data.split}) must have the hashes that its events state`,
      "other images here",
    );
  }
}

function cannot(run: BundleRun, required: string, found: string): Error {
  return failure({
    operation: "replay",
    object: run.folder,
    required,
    found,
    wayOut: "its intervals stay unchecked",
  });
}
