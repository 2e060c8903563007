/**
 * A run without an adapter, through the real writers: its "training" is a chain of hashes, so that it can be killed,
 * resumed and replayed like a real one. `makeOutput` writes what `repro` leaves behind.
 */
import { dirname, join } from "node:path";
import { canonical, canonicalHash, sha256 } from "../../src/base/canonical.ts";
import { describeCode, type Environment } from "../../src/record/environment.ts";
import { EventWriter, readEventLog } from "../../src/record/event_log.ts";
import { eventsOf } from "../../src/record/events.ts";
import type { BundleContent } from "../../src/evidence/bundle/content.ts";
import { RESULT_FORMAT, type TableResult } from "../../src/report/result.ts";
import type { ReplayInterval } from "../../src/evidence/bundle/replay.ts";

export const STEPS = 12, STEPS_PER_EPOCH = 4, EVERY = 3;
export const ADAPTER_CLASS = sha256("a synthetic adapter");

export interface SyntheticSpec {
  readonly method: string;
  readonly seed: number;
  readonly batch: number;
  readonly checkpointEvery: number;
}

export const specOf = (method: string, seed: number): SyntheticSpec => ({
  method,
  seed,
  batch: 8,
  checkpointEvery: EVERY,
});

export const initialState = (spec: SyntheticSpec): string => sha256(`initial ${spec.method} ${spec.seed}`);
export const nextState = (state: string, step: number): string => sha256(`${state} ${step}`);
export const lossOf = (state: string): number => Number.parseInt(state.slice(0, 8), 16) / 2 ** 32 + 1;
const accuracyOf = (state: string): number => Number.parseInt(state.slice(8, 12), 16) % 1000 / 10;

/** Runs in a folder; goes on from the last checkpoint of a log that is there. `killAt` throws after that many steps. */
export async function trainSynthetic(folder: string, spec: SyntheticSpec, killAt = Infinity): Promise<void> {
  const log = join(folder, "events.jsonl"), hash = canonicalHash(spec);
  const earlier = await readEventLog(log, true).then((l) => l.events, () => []);
  const from = eventsOf(earlier, "checkpoint").at(-1);
  let clock = 1_700_000_000_000 + earlier.length * 60_000;
  const now = () => new Date(clock += 1000);
  await Deno.mkdir(join(folder, "checkpoints"), { recursive: true });
  await Deno.writeTextFile(join(folder, "spec.json"), `${canonical(spec)}\n`);
  let state = initialState(spec), step = 0;
  let writer: EventWriter;
  if (earlier.length > 0) writer = await EventWriter.resume(log, hash, from?.step ?? 0, { now });
  else writer = EventWriter.create(log, hash, { now });
  try {
    if (from) {
      state = (await Deno.readTextFile(join(folder, from.file))).slice(0, 64);
      step = from.step;
    } else {
      const data = {
        name: "toy",
        split: "train",
        images: 32,
        pixels: sha256("pixels"),
        list: sha256("list"),
      };
      writer.write({
        event: "run-start",
        method: spec.method,
        seed: spec.seed,
        steps: STEPS,
        stepsPerEpoch: STEPS_PER_EPOCH,
        batch: spec.batch,
        program: sha256("program"),
        state,
        data: { train: data },
      });
    }
    let losses: number[] = [];
    for (; step < STEPS;) {
      const epoch = Math.floor(step / STEPS_PER_EPOCH);
      if (step % STEPS_PER_EPOCH === 0) writer.write({ event: "epoch-start", epoch, step });
      if (step >= killAt) throw new Error("killed");
      state = nextState(state, step++);
      losses.push(lossOf(state));
      const ends = step % STEPS_PER_EPOCH === 0;
      if (!ends && step % EVERY !== 0) continue;
      writer.write({
        event: "metrics",
        from: step - losses.length,
        to: step,
        series: { loss: losses },
        stepMs: clock % 7,
      });
      losses = [];
      if (ends) {
        writer.write({ event: "epoch-stop", epoch, step, seconds: clock % 11 });
        writer.write({
          event: "eval",
          step,
          epoch,
          protocol: { probe: "knn", k: 20 },
          values: { knn: accuracyOf(state) },
        });
      }
      if (step % EVERY === 0) {
        const file = `checkpoints/step-${step}.safetensors`;
        const bytes = new TextEncoder().encode(`${state}${"\0".repeat(200)}`); // stands for tensors
        await Deno.writeFile(join(folder, file), bytes);
        writer.write({ event: "checkpoint", step, file, bytes: bytes.length, sha256: sha256(bytes), state });
      }
    }
    writer.write({
      event: "run-stop",
      status: "completed",
      step,
      state,
      plannedBytes: 1024,
      peakBytes: 1024,
      residentBytes: clock % 1000,
      seconds: clock % 13,
    });
  } finally {
    writer.close();
  }
}

/** The environment that the synthetic runs state. */
export async function syntheticEnvironment(): Promise<Environment> {
  return {
    format: "assay-environment-1",
    code: await describeCode(),
    machine: {
      runtime: "Deno",
      typescript: "",
      v8: "",
      os: "none",
      cpu: null,
      cpus: 1,
      memoryBytes: null,
      adapter: null,
      adapterClass: ADAPTER_CLASS,
      commit: null,
      dirty: null,
      permissions: {},
    },
  };
}

/** The report of these runs: a table of last accuracies and one claim. */
export function regenerate(content: BundleContent): Promise<ReadonlyMap<string, string>> {
  const methods = [...new Set(content.runs.map((run) => String(run.spec.method)))];
  const rows = methods.map((method) => {
    const runs = content.runs.filter((run) => run.spec.method === method);
    return { method, knn: runs.map((run) => eventsOf(run.events, "eval").at(-1)!.values.knn!) };
  });
  const best = Math.max(...rows.flatMap((row) => row.knn));
  const lines = rows.map((row) => `| ${row.method} | ${row.knn.join(", ")} |`);
  const result: TableResult = {
    format: RESULT_FORMAT,
    table: "toy/table",
    title: "A synthetic table",
    scale: "smoke",
    headline: [],
    grids: [{
      title: "Results",
      columns: [{ id: "knn", heading: "kNN", unit: "percent" }],
      rows: rows.map(({ method, knn }) => ({ name: method, cells: { knn: { values: knn } } })),
    }],
    claims: [{
      id: "toy/best",
      statement: "At most 100 %.",
      source: { paper: "A synthetic paper" },
      paraphrase: false,
      verdict: best > 100 ? "EXCEEDS" : "REPRODUCED",
      inequality: `${best} <= 100`,
      differs: [],
    }],
    checks: [],
    protocol: [],
    notes: ["A synthetic table."],
    plots: [],
  };
  return Promise.resolve(
    new Map([
      ["run.json", `${JSON.stringify(result, null, 2)}\n`],
      ["report.md", ["# toy/table", "", "| method | kNN |", "| --- | --- |", ...lines, ""].join("\n")],
      ["report.html", `<!doctype html>\n<title>toy/table</title>\n<p>${best}</p>\n`],
      ["plots/loss.vl.json", "{}\n"],
    ]),
  );
}

/** Writes runs of two methods with two seeds, and their report, as `repro` would. */
export async function makeOutput(folder: string, interrupted = false): Promise<void> {
  const environment = JSON.stringify(await syntheticEnvironment());
  for (const [method, seed] of [["alpha", 1], ["alpha", 2], ["beta", 1]] as const) {
    const run = join(folder, "runs", `${method}-seed${seed}`);
    await Deno.mkdir(run, { recursive: true });
    const spec = specOf(method, seed);
    if (interrupted) {
      for (const killAt of [2, 7]) await trainSynthetic(run, spec, killAt).catch(() => {}); // killed, as asked
    }
    await trainSynthetic(run, spec);
    await Deno.writeTextFile(join(run, "environment.json"), environment);
  }
  await writeReport(folder);
}

/** Writes the report that the runs of a folder give. */
export async function writeReport(folder: string): Promise<void> {
  const { openBundle } = await import("../../src/record/files.ts");
  const { readContent } = await import("../../src/evidence/bundle/content.ts");
  const { content } = await readContent(await openBundle(folder));
  for (const [path, page] of await regenerate(content)) await put(join(folder, path), page);
}

/** Replays a synthetic interval; `adapter` is the class it claims to run on. */
export const replaySynthetic =
  (adapter = ADAPTER_CLASS, drift = 0): ReplayInterval => async (run, from, toStep) => {
    let state = from.file === undefined
      ? initialState(run.spec as unknown as SyntheticSpec)
      : (await Deno.readTextFile(from.file)).slice(0, 64);
    const startState = state, losses: number[] = [];
    for (let step = from.step; step < toStep; step++) {
      state = nextState(state, step);
      losses.push(lossOf(state) * (1 + drift));
    }
    return {
      startState,
      state: drift === 0 ? state : sha256(state),
      program: sha256("program"),
      adapterClass: adapter,
      losses,
    };
  };

/** Runs a test in a folder of its own and removes it. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir({ prefix: "assay-evidence-" });
  try {
    return await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Writes a file and its folders. */
export async function put(path: string, text: string | Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeFile(path, typeof text === "string" ? new TextEncoder().encode(text) : text);
}
