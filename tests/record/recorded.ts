/** Runs made by hand for tests of what reads runs: in memory, or as the folder that training would have left. */
import type { HyperValue } from "../../src/nn/hyper.ts";
import { join } from "node:path";
import { canonical, canonicalHash } from "../../src/base/canonical.ts";
import { adapterClass, type Environment } from "../../src/record/environment.ts";
import { type Event, type NewEvent, parseEvent } from "../../src/record/events.ts";
import type { Recorded } from "../../src/record/run_folder.ts";

const hash = (text: string) => canonicalHash(text);

export const adapter = {
  vendor: "v",
  architecture: "a",
  device: "d",
  description: "adapter one",
  fallback: false,
  runtime: "Deno 2.9.6",
};

/** An environment; `code` and `machine` override parts of it. */
export function environment(
  change: { code?: Partial<Environment["code"]>; machine?: Partial<Environment["machine"]> } = {},
): Environment {
  return {
    format: "assay-environment-1",
    code: {
      version: "0.1.0",
      source: hash("source"),
      lock: hash("lock"),
      kernels: { "conv.wgsl": hash("conv") },
      ...change.code,
    },
    machine: {
      runtime: "Deno 2.9.6",
      typescript: "6",
      v8: "14",
      os: "linux x86_64 6.1",
      cpu: "one",
      cpus: 2,
      memoryBytes: 1,
      adapter,
      adapterClass: adapterClass(adapter),
      commit: "0".repeat(40),
      dirty: null,
      permissions: {},
      ...change.machine,
    },
  };
}

/** An environment on another adapter, which shows in the class. */
export function onAdapter(description: string): Environment {
  const other = { ...adapter, description };
  return environment({ machine: { adapter: other, adapterClass: adapterClass(other) } });
}

export interface Made {
  readonly place?: string;
  readonly method?: string;
  readonly hyper?: Readonly<Record<string, HyperValue>>;
  readonly seed?: number;
  readonly k?: number;
  readonly losses?: readonly number[];
  readonly knn?: number;
  readonly program?: string;
  readonly pixels?: string;
  readonly list?: string;
  readonly dataset?: string;
  readonly bytes?: number;
  /** Text behind the states' hashes after the start. */
  readonly state?: string;
  readonly environment?: Environment | undefined;
  /** Where the log ends: before the first step, before run-stop, or in a fault. Default: completed. */
  readonly end?: "start" | "killed" | "fault";
}

/** A run of one epoch with a checkpoint and an evaluation. */
export function made(m: Made = {}): Recorded {
  const { method = "sdiet", seed = 0, losses = [3, 2, 1], end, dataset = "shapes" } = m;
  const spec = {
    method,
    hyper: m.hyper ?? { T: 0.1 },
    data: { name: dataset, split: "train", size: 16, perClass: 4 },
    seed,
    evaluation: {
      every: 1,
      test: { name: dataset, split: "test", size: 16, perClass: 4 },
      k: m.k ?? 20,
      T: 0.1,
    },
    checkpointEvery: 3,
  };
  const specHash = canonicalHash(spec);
  const state = hash(m.state ?? `state ${seed}`);
  const steps = losses.length;
  const of = (use: string) => ({
    name: dataset,
    split: use,
    images: 40,
    pixels: hash(`${m.pixels ?? "pixels"} ${use}`),
    list: hash(`${m.list ?? "list"} ${use}`),
  });
  const written: NewEvent[] = [
    {
      event: "run-start",
      method,
      seed,
      steps,
      stepsPerEpoch: steps,
      batch: 8,
      program: hash(m.program ?? "program"),
      state: hash(`start ${seed}`),
      data: { train: of("train"), test: of("test") },
    },
    { event: "epoch-start", epoch: 0, step: 0 },
    { event: "metrics", from: 0, to: steps, series: { loss: [...losses] }, stepMs: 5 },
    { event: "epoch-stop", epoch: 0, step: steps },
    {
      event: "eval",
      step: steps,
      epoch: 0,
      protocol: { probe: "knn", k: m.k ?? 20 },
      values: { knn: m.knn ?? 50 },
    },
    {
      event: "checkpoint",
      step: steps,
      file: "checkpoints/step-3.safetensors",
      bytes: 8,
      sha256: hash("file"),
      state,
    },
    ...(end === "fault"
      ? [{ event: "fault" as const, step: steps, message: "Cannot go on: the loss is NaN." }]
      : [{
        event: "run-stop" as const,
        status: "completed" as const,
        step: steps,
        state,
        plannedBytes: m.bytes ?? 1000,
        peakBytes: m.bytes ?? 1000,
        seconds: 2,
        stepMs: 5,
      }]),
  ];
  const kept = end === "start" ? written.slice(0, 1) : end === "killed" ? written.slice(0, -1) : written;
  const events: Event[] = kept.map((event, seq) =>
    parseEvent({ spec: specHash, seq, time: `2026-01-01T00:00:0${seq}.000Z`, ...event }, "made")
  );
  return {
    place: m.place ?? "made",
    spec,
    specHash,
    events,
    environment: "environment" in m ? m.environment : environment(),
    status: end === undefined ? "completed" : "unfinished",
  };
}

/** Writes a run as its folder. */
export async function writeRun(folder: string, run: Recorded): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeTextFile(join(folder, "spec.json"), `${canonical(run.spec)}\n`);
  await Deno.writeTextFile(
    join(folder, "events.jsonl"),
    run.events.map((e) => `${JSON.stringify(e)}\n`).join(""),
  );
  if (run.environment) {
    await Deno.writeTextFile(join(folder, "environment.json"), `${canonical(run.environment)}\n`);
  }
}
