/**
 * The training loop, the only one: steps, reports, evaluations, checkpoints and events. A run killed anywhere goes on
 * from its last checkpoint and ends bit for bit as if it had not been killed.
 */
import { join } from "node:path";
import { AssayError } from "../base/error.ts";
import type { Dataset } from "../data/load.ts";
import type { Device } from "../gpu/device.ts";
import { saveCheckpoint } from "../nn/checkpoint.ts";
import { hashFile } from "../base/sha256.ts";
import type { Method } from "../nn/method.ts";
import { requireTrainable } from "./trainable.ts";
import { EventWriter, readEventLog } from "../record/event_log.ts";
import type { Event } from "../record/events.ts";
import type { Progress } from "./progress.ts";
import { loadNewest, openFolder } from "./resume.ts";
import { type RunSpec, specHash } from "../record/spec/spec.ts";
import { stateHash } from "./state_hash.ts";
import { teacherTensors, type TeacherWeights } from "./teacher.ts";
import { type Companion, Trainer } from "./trainer.ts";

/** One evaluation of the encoder as it stands. */
export interface Evaluation {
  readonly protocol: Readonly<Record<string, string | number | boolean | null>>;
  readonly values: Readonly<Record<string, number>>;
}

export interface TrainOptions {
  /** Folder of the run. */
  readonly folder: string;
  readonly method: Method;
  readonly data: Dataset;
  /** What else was loaded, by use; recorded with its hashes. */
  readonly also?: Readonly<Record<string, Dataset>>;
  /** Weights of the specification's teacher; read and checked at every start, since no checkpoint holds them. */
  readonly teacher?: TeacherWeights;
  /** Go on with a run found in the folder. Without it such a run is an error. */
  readonly resume?: boolean;
  /** Takes the probes that are due after so many epochs, 0 before the first step. */
  readonly evaluate?: (trainer: Trainer, epochs: number) => Promise<readonly Evaluation[]>;
  /** Makes what travels with the batches; called once, before the first step, with the step to go on from. */
  readonly companion?: (trainer: Trainer, step: number) => Promise<Companion>;
  readonly progress?: Progress;
  /** Says something to the person watching, such as that a damaged checkpoint was passed over. */
  readonly say?: (line: string) => void;
}

/** Trains and returns the run's events. A run that has ended already is returned as it is. */
export async function train(
  device: Device,
  spec: RunSpec,
  options: TrainOptions,
): Promise<readonly Event[]> {
  const { folder, method, data } = options;
  const log = join(folder, "events.jsonl");
  requireTrainable(spec, method, Object.keys({ train: data, ...options.also }));
  const hash = specHash(spec);
  const earlier = await openFolder(folder, spec, hash, options.resume ?? false);
  if (earlier.at(-1)?.event === "run-stop") return earlier;
  const teacher = options.teacher && await teacherTensors(options.teacher);
  const trainer = await Trainer.open(device, spec, method, data, teacher);
  let companion: Companion | undefined;
  let writer: EventWriter | undefined;
  try {
    const from = loadNewest(folder, earlier, trainer, options.say);
    if (from) {
      trainer.continueFrom(from.step);
      writer = await EventWriter.resume(log, hash, from.step);
    } else {
      if (earlier.length > 0) await Deno.remove(log);
      writer = EventWriter.create(log, hash);
      await trainer.begin();
      writer.write({
        event: "run-start",
        method: spec.method,
        seed: spec.seed,
        steps: trainer.totalSteps,
        stepsPerEpoch: trainer.batches.stepsPerEpoch,
        batch: spec.batch,
        program: trainer.step.program.hash(),
        state: await stateHash(trainer.session, trainer.step.trace),
        data: Object.fromEntries(
          Object.entries({ train: data, ...options.also }).map(([use, d]) => [use, dataOf(d)]),
        ),
      });
    }
    companion = await options.companion?.(trainer, trainer.steps);
    await loop(trainer, writer, companion, options);
    return (await readEventLog(log)).events;
  } catch (error) {
    if (writer && error instanceof AssayError) {
      writer.write({ event: "fault", step: trainer.steps, message: error.message });
    }
    throw error;
  } finally {
    writer?.close();
    await companion?.close();
    trainer.close();
  }
}

async function loop(
  trainer: Trainer,
  writer: EventWriter,
  companion: Companion | undefined,
  options: TrainOptions,
): Promise<void> {
  const { batches, totalSteps } = trainer;
  if (trainer.steps === 0) await evaluate(trainer, writer, 0, options);
  const began = performance.now();
  const stepMs: number[] = [];
  let since = performance.now(), epochBegan = since;
  let known: string | undefined;
  while (trainer.steps < totalSteps) {
    const epoch = Math.floor(trainer.steps / batches.stepsPerEpoch);
    if (trainer.steps % batches.stepsPerEpoch === 0) {
      writer.write({ event: "epoch-start", epoch, step: trainer.steps });
      epochBegan = performance.now();
    }
    await trainer.advance(companion);
    if (!trainer.reportDue) continue;
    const report = await trainer.report();
    const ms = (performance.now() - since) / (report.to - report.from);
    stepMs.push(ms);
    writer.write({
      event: "metrics",
      from: report.from,
      to: report.to,
      series: mutable(report.losses),
      stepMs: ms,
    });
    options.progress?.update({ step: trainer.steps, loss: report.losses.loss!.at(-1)!, stepMs: ms });
    if (trainer.steps % batches.stepsPerEpoch === 0) {
      writer.write({
        event: "epoch-stop",
        epoch,
        step: trainer.steps,
        seconds: (performance.now() - epochBegan) / 1e3,
      });
    }
    if (trainer.steps % batches.stepsPerEpoch === 0 || trainer.steps === totalSteps) {
      await evaluate(trainer, writer, epoch + 1, options);
    }
    if (trainer.checkpointDue) {
      known = await checkpoint(trainer, writer, companion, options.folder);
    }
    since = performance.now();
  }
  writer.write({
    event: "run-stop",
    status: "completed",
    step: trainer.steps,
    gradientEvaluations: trainer.gradientEvaluations,
    state: known ?? await stateHash(trainer.session, trainer.step.trace),
    plannedBytes: trainer.plan.peakBytes,
    peakBytes: trainer.allocatedBytes,
    residentBytes: Deno.memoryUsage().rss,
    seconds: (performance.now() - began) / 1e3,
    ...(stepMs.length > 0 && { stepMs: median(stepMs) }),
  });
  options.progress?.done();
}

async function evaluate(
  trainer: Trainer,
  writer: EventWriter,
  epochs: number,
  options: TrainOptions,
): Promise<void> {
  for (const { protocol, values } of await options.evaluate?.(trainer, epochs) ?? []) {
    writer.write({
      event: "eval",
      step: trainer.steps,
      epoch: Math.max(0, epochs - 1),
      protocol: { ...protocol },
      values: { ...values },
    });
  }
}

/** Makes the companion durable, then the state, then says so: a kill in between goes back to the checkpoint before. */
async function checkpoint(
  trainer: Trainer,
  writer: EventWriter,
  companion: Companion | undefined,
  folder: string,
): Promise<string> {
  const { steps, session, step } = trainer;
  await companion?.checkpoint(steps);
  const file = `checkpoints/step-${String(steps).padStart(7, "0")}.safetensors`;
  const state = await stateHash(session, step.trace);
  const path = join(folder, file);
  await saveCheckpoint(path, session, step.trace, { step: steps, seed: trainer.spec.seed, state });
  const { bytes, sha256 } = await hashFile(path);
  writer.write({ event: "checkpoint", step: steps, file, bytes, sha256, state });
  await companion?.commit(steps);
  return state;
}

const mutable = (series: Readonly<Record<string, readonly number[]>>): Record<string, number[]> =>
  Object.fromEntries(Object.entries(series).map(([name, values]) => [name, [...values]]));

const dataOf = (d: Dataset) => ({
  name: d.name,
  split: d.split,
  images: d.labels.length,
  pixels: d.hashes.pixels,
  list: d.hashes.split,
});

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
