/** Trains what a table of accuracies asks for: every method with every seed, each in a run folder of its own. */
import { join } from "node:path";
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import { canonical } from "../base/canonical.ts";
import { describeEnvironment } from "../record/environment.ts";
import { loadMethod } from "./method_files.ts";
import { headCompanion } from "../train/head/companion.ts";
import { evaluatorOf, pixelAccuracy } from "../train/evaluate.ts";
import { progressOf } from "../train/progress.ts";
import type { RunSpec } from "../record/spec.ts";
import { train } from "../train/train.ts";

/** A run and the name of its folder. */
export interface NamedRun {
  readonly name: string;
  readonly spec: RunSpec;
}

export interface TrainTableOptions {
  /** Folder that gets the run folders. */
  readonly folder: string;
  readonly train: Dataset;
  readonly test: Dataset;
  /** Go on with runs found there; without it one is an error. */
  readonly resume: boolean;
  /** Linear probe at the end of each run, as in a preset. */
  readonly linear: string;
  readonly say: (line: string) => void;
}

/** Trains and evaluates the runs one after the other. A finished run that is resumed is left as it is. */
export async function trainTable(
  device: Device,
  runs: readonly NamedRun[],
  options: TrainTableOptions,
): Promise<void> {
  const data = { train: options.train, test: options.test };
  const environment = `${canonical(await describeEnvironment(device.fingerprint))}\n`;
  const pixels = runs[0] ? pixelAccuracy(device, data, runs[0].spec.evaluation) : () => Promise.resolve(0);
  for (const [i, { name, spec }] of runs.entries()) {
    const folder = join(options.folder, name);
    options.say(`Run ${i + 1} of ${runs.length}: ${name}, ${spec.epochs} epochs`);
    const method = await loadMethod(spec.method);
    const perEpoch = Math.floor(data.train.labels.length / spec.batch);
    await Deno.mkdir(folder, { recursive: true });
    await keepFirst(join(folder, "environment.json"), environment);
    await train(device, spec, {
      folder,
      method,
      data: data.train,
      also: { test: data.test },
      resume: options.resume,
      say: options.say,
      evaluate: evaluatorOf(device, spec, data, { pixels, linear: options.linear }),
      companion: headCompanion(folder),
      progress: progressOf({
        label: name,
        steps: spec.epochs * perEpoch,
        batch: spec.batch,
        allocated: () => Object.values(device.allocated).reduce((a, b) => a + b, 0),
      }),
    });
  }
}

/** Writes a file unless it is there: a run that is resumed began where its file says. */
async function keepFirst(path: string, text: string): Promise<void> {
  try {
    await Deno.writeTextFile(path, text, { createNew: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
