/**
 * Bytes and times of training steps on a device. Steps run in blocks, and every block ends with an awaited read of its
 * losses, so a block's time is that of finished work. Blocks of the methods take turns where their plans fit together,
 * so that what else the machine does falls on all of them.
 */
import { join } from "node:path";
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import { canonical, canonicalHash } from "../base/canonical.ts";
import { type Environment } from "../record/environment.ts";
import { EventWriter, readEventLog } from "../record/event_log.ts";
import { loadMethod } from "./method_files.ts";
import { headCompanion } from "../train/head/companion.ts";
import type { RunSpec } from "../record/spec.ts";
import { stateHash } from "../train/state_hash.ts";
import { type Companion, Trainer } from "../train/trainer.ts";

export interface MeasureOptions {
  /** Folder that gets one run folder a method. */
  readonly folder: string;
  readonly data: Dataset;
  readonly environment: Environment;
  /** Steps of a block. The first block warms up and is not timed. */
  readonly block: number;
  /** Plans that may be bound at the same time, in bytes. Default 4 GiB. */
  readonly together?: number;
  /** Keep measurements that ended, of the same specification; without it all are made again. */
  readonly resume?: boolean;
  readonly say: (line: string) => void;
}

/** Start of the names of measurements' folders: no training's folder has it, so none is ever taken for one. */
const PREFIX = "measured-";

/**
 * Runs one epoch of each specification and records it. Earlier measurements in the folder are removed first, but for
 * those that `resume` keeps.
 */
export async function measureSteps(
  device: Device,
  specs: readonly RunSpec[],
  options: MeasureOptions,
): Promise<void> {
  await Deno.mkdir(options.folder, { recursive: true });
  const kept = new Set<string>();
  for (const spec of options.resume ? specs : []) {
    const name = folderOf(spec);
    if (await hasEnded(join(options.folder, name, "events.jsonl"), spec)) kept.add(name);
  }
  for (const { name, isDirectory } of [...Deno.readDirSync(options.folder)]) {
    if (isDirectory && name.startsWith(PREFIX) && !kept.has(name)) {
      await Deno.remove(join(options.folder, name), { recursive: true });
    }
  }
  if (kept.size > 0) options.say(`Kept ${kept.size} measurements found in ${options.folder}`);
  const waiting = specs.filter((spec) => !kept.has(folderOf(spec)));
  while (waiting.length > 0) {
    const open: Measurement[] = [];
    try {
      let bytes = 0;
      while (waiting.length > 0) {
        const next = await Measurement.open(device, waiting[0]!, options);
        open.push(next);
        waiting.shift();
        bytes += next.trainer.allocatedBytes;
        if (bytes > (options.together ?? 2 ** 32) / 2) break;
      }
      options.say(`Measuring ${open.map((m) => m.trainer.spec.method).join(", ")}`);
      while (open.some((m) => !m.finished)) {
        for (const m of open) if (!m.finished) await m.block(options.block);
      }
      for (const m of open) await m.stop();
    } finally {
      for (const m of open) await m.close();
    }
  }
}

const folderOf = (spec: RunSpec): string => `${PREFIX}${spec.method}`;

/** Whether a log says that a measurement of this specification came to its end. */
async function hasEnded(log: string, spec: RunSpec): Promise<boolean> {
  if (!await Deno.stat(log).then(() => true, () => false)) return false;
  const { events } = await readEventLog(log, true);
  const last = events.at(-1);
  return last?.event === "run-stop" && last.spec === canonicalHash(spec);
}

class Measurement {
  readonly #times: number[] = [];
  #warm = false;

  private constructor(
    readonly trainer: Trainer,
    readonly writer: EventWriter,
    readonly companion: Companion,
  ) {}

  static async open(device: Device, spec: RunSpec, options: MeasureOptions): Promise<Measurement> {
    const folder = join(options.folder, folderOf(spec));
    await Deno.mkdir(folder);
    await Deno.writeTextFile(join(folder, "spec.json"), `${canonical(spec)}\n`);
    await Deno.writeTextFile(join(folder, "environment.json"), `${canonical(options.environment)}\n`);
    const method = await loadMethod(spec.method);
    const trainer = await Trainer.open(device, spec, method, options.data);
    await trainer.begin();
    const writer = EventWriter.create(join(folder, "events.jsonl"), canonicalHash(spec));
    const { name, split, labels, hashes } = options.data;
    writer.write({
      event: "run-start",
      method: spec.method,
      seed: spec.seed,
      steps: trainer.totalSteps,
      stepsPerEpoch: trainer.batches.stepsPerEpoch,
      batch: spec.batch,
      program: trainer.step.program.hash(),
      state: await stateHash(trainer.session, trainer.step.trace),
      data: { train: { name, split, images: labels.length, pixels: hashes.pixels, list: hashes.split } },
    });
    const companion = await headCompanion(folder)(trainer, 0);
    return new Measurement(trainer, writer, companion);
  }

  get finished(): boolean {
    return this.trainer.steps === this.trainer.totalSteps;
  }

  async block(steps: number): Promise<void> {
    const { trainer } = this;
    const count = Math.min(steps, trainer.totalSteps - trainer.steps);
    const began = performance.now();
    for (let i = 0; i < count; i++) await trainer.advance(this.companion);
    const { from, to, losses } = await trainer.report();
    const stepMs = (performance.now() - began) / count;
    if (this.#warm) this.#times.push(stepMs);
    this.#warm = true;
    const series = Object.fromEntries(Object.entries(losses).map(([name, values]) => [name, [...values]]));
    this.writer.write({ event: "metrics", from, to, series, stepMs });
  }

  async stop(): Promise<void> {
    const { trainer } = this;
    const times = [...this.#times].sort((a, b) => a - b);
    this.writer.write({
      event: "run-stop",
      status: "completed",
      step: trainer.steps,
      state: await stateHash(trainer.session, trainer.step.trace),
      plannedBytes: trainer.plan.peakBytes,
      peakBytes: trainer.allocatedBytes,
      residentBytes: Deno.memoryUsage().rss,
      ...(times.length > 0 && { stepMs: times[times.length >> 1]! }),
    });
  }

  async close(): Promise<void> {
    this.writer.close();
    await this.companion.close();
    this.trainer.close();
  }
}
