/** Trains one run in its folder: everything that its specification names is found, loaded and asked here. */
import { join } from "node:path";
import { canonical } from "../base/canonical.ts";
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import type { Event } from "../record/events.ts";
import { describeEnvironment } from "../record/environment.ts";
import type { DataSpec, RunSpec } from "../record/spec/spec.ts";
import { evaluatorOf, type Shared, type Splits } from "../train/evaluate.ts";
import { headCompanion } from "../train/head/companion.ts";
import { loadSplit } from "../train/load_split.ts";
import { runLength } from "../train/lower.ts";
import { progressOf } from "../train/progress.ts";
import type { TeacherWeights } from "../train/teacher.ts";
import { train } from "../train/train.ts";
import { loadMethod } from "./method_files.ts";

/** What the runs of one process have in common: the device, datasets and what does not depend on a run. */
export class Workshop {
  readonly #data = new Map<string, Promise<Dataset>>();
  readonly #shared: Shared = new Map();
  #environment: Promise<string> | undefined;

  constructor(readonly device: Device, readonly say: (line: string) => void) {}

  /** Every split of a specification; each is loaded once. */
  async dataOf({ data }: Pick<RunSpec, "data">): Promise<Splits> {
    const loaded: [string, Dataset][] = [];
    for (const [use, split] of Object.entries(data)) loaded.push([use, await this.#load(split)]);
    return Object.fromEntries(loaded) as unknown as Splits;
  }

  #load(split: DataSpec): Promise<Dataset> {
    const key = canonical(split);
    const found = this.#data.get(key) ?? loadSplit(split, this.say);
    this.#data.set(key, found);
    return found;
  }

  /** Trains and evaluates; a finished run that is resumed is left as it is. Without a label no progress is shown. */
  async train(
    folder: string,
    spec: RunSpec,
    options: { readonly resume: boolean; readonly label?: string; readonly teacher?: TeacherWeights },
  ): Promise<readonly Event[]> {
    const { train: images, ...also } = await this.dataOf(spec);
    this.#environment ??= describeEnvironment(this.device.fingerprint).then((e) => `${canonical(e)}\n`);
    await Deno.mkdir(folder, { recursive: true });
    await keepFirst(join(folder, "environment.json"), await this.#environment);
    const { label } = options;
    return await train(this.device, spec, {
      folder,
      method: await loadMethod(spec.method),
      data: images!,
      also,
      resume: options.resume,
      ...(options.teacher && { teacher: options.teacher }),
      say: this.say,
      evaluate: evaluatorOf(this.device, spec, { ...also, train: images! }, this.#shared),
      companion: headCompanion(folder),
      ...(label !== undefined && {
        progress: progressOf({
          label,
          steps: runLength(spec, images!.labels.length).steps,
          batch: spec.batch,
          allocated: () => this.device.allocatedBytes,
        }),
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
