/** Runs on disk, found by the hash of their specification: in a table's output folder, or in folders next to it. */
import { AssayError, failure } from "../../base/error.ts";
import { basename, dirname, join } from "node:path";
import { adapterClass, environmentSchema } from "../../record/environment.ts";
import { checkEvents } from "../../record/event_rules.ts";
import { eventsOf } from "../../record/events.ts";
import type { RecordedRun } from "../../record/recorded.ts";
import { recordedHash } from "../../record/spec/identity.ts";
import { specHash } from "../../record/spec/spec.ts";
import { stepOf } from "../../train/trainer.ts";
import { loadMethod } from "../method_files.ts";
import { adapterName, recordedRuns } from "../recorded_runs.ts";
import type { Workshop } from "../train_run.ts";
import { currentSpec } from "../upgrade.ts";
import type { CellRun } from "./resolve.ts";

/** The folder in which results of tables lie side by side. */
const HOME = "runs";

export interface FoundRun {
  readonly folder: string;
  readonly state: "finished" | "unfinished";
}

/** Hash of the run whose last checkpoint teaches another. */
export function teacherOf({ spec: { teacher } }: Pick<CellRun, "spec">): string | undefined {
  return teacher && "run" in teacher.weights ? teacher.weights.run : undefined;
}

/** Files of a run that a result is computed from. */
const TOLD_FROM = ["spec.json", "environment.json", "events.jsonl"] as const;

/**
 * The wanted runs that are there, by hash. A finished one of another table beside this one's folder is copied here when its
 * log keeps every rule and it ran on an adapter of the same class, with the program and the data of today; of its checkpoints
 * the last, if it teaches. Errors: a finished run in the folder itself that would not be made so now.
 */
export async function findRuns(
  wanted: readonly CellRun[],
  out: string,
  workshop: Workshop,
): Promise<Map<string, FoundRun>> {
  const found = new Map<string, FoundRun>();
  const missing = new Map(wanted.map((run) => [run.hash, run]));
  for (const run of await recordedRuns(out, { unfinished: true })) {
    const hash = await hashOf(run);
    const asked = hash === undefined ? undefined : missing.get(hash);
    if (!asked) continue;
    const folder = join(out, "runs", run.name);
    const finished = isFinished(run);
    const other = finished ? await departure(asked, run, folder, workshop) : undefined;
    if (other !== undefined) throw notOfToday(folder, other);
    found.set(asked.hash, { folder, state: finished ? "finished" : "unfinished" });
    missing.delete(asked.hash);
  }
  const teachers = new Set(wanted.map(teacherOf));
  for (const other of missing.size > 0 ? await neighbours(out) : []) {
    for (const run of await readable(other)) {
      const hash = isFinished(run) ? await hashOf(run) : undefined;
      const asked = hash === undefined ? undefined : missing.get(hash);
      const source = join(other, "runs", run.name);
      if (!asked || await departure(asked, run, source, workshop) !== undefined) continue;
      const last = eventsOf(run.events, "checkpoint").at(-1);
      const weights = teachers.has(asked.hash) ? last?.file : undefined;
      if (weights !== undefined && !await isThere(join(source, weights))) continue;
      const folder = await freeFolder(out, asked);
      for (const file of [...TOLD_FROM, ...(weights === undefined ? [] : [weights])]) {
        await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
        await Deno.copyFile(join(source, file), join(folder, file));
      }
      workshop.say(`${runName(asked)} was run for ${basename(other)} and is not run again`);
      found.set(asked.hash, { folder, state: "finished" });
      missing.delete(asked.hash);
    }
  }
  return found;
}

/** A folder for a run that is not there yet: by its row, column and seed, and by its hash where another run has that name. */
export async function freeFolder(out: string, run: CellRun): Promise<string> {
  const folder = join(out, "runs", runName(run));
  return await isThere(folder) ? `${folder}-${run.hash.slice(0, 8)}` : folder;
}

/** Name of a run's folder. */
export function runName({ row, column, seed }: Pick<CellRun, "row" | "column" | "seed">): string {
  const words = [row, column].filter((part) => part !== "").join("-").toLowerCase();
  return `${words.replaceAll(/[^a-z0-9.]+/g, "-").replaceAll(/^-|-$/g, "")}-seed${seed}`;
}

function notOfToday(folder: string, other: string): AssayError {
  return failure({
    operation: "use",
    object: `the run in "${folder}"`,
    required: "it must have been made as it would be made now",
    found: other,
    wayOut: "remove its folder to run it again, or choose another folder with --out",
  });
}

const isThere = (path: string): Promise<boolean> => Deno.stat(path).then(() => true, () => false);

const isFinished = (run: RecordedRun): boolean => eventsOf(run.events, "run-stop")[0]?.status === "completed";

async function hashOf(run: RecordedRun): Promise<string | undefined> {
  const spec = await currentSpec(run.spec, run.events);
  return spec && specHash(spec);
}

/** The runs of another table's folder; one that cannot be read is of no use here. */
async function readable(folder: string): Promise<RecordedRun[]> {
  try {
    return await recordedRuns(folder, { unfinished: true });
  } catch (error) {
    if (error instanceof AssayError) return [];
    throw error;
  }
}

/**
 * Output folders beside this one, where it lies in a folder called `runs`, as `repro` puts them. Elsewhere the neighbours are
 * somebody else's.
 */
async function neighbours(out: string): Promise<string[]> {
  const parent = dirname(out);
  if (basename(parent) !== HOME) return [];
  const names: string[] = [];
  try {
    for await (const { name, isDirectory } of Deno.readDir(parent)) {
      if (isDirectory && name !== basename(out)) names.push(join(parent, name));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable)) throw error;
  }
  return names.sort();
}

/** How a finished run departs from what would be made now, in words: its log, adapter, data or program; else undefined. */
async function departure(
  asked: CellRun,
  run: RecordedRun,
  folder: string,
  workshop: Workshop,
): Promise<string | undefined> {
  const [start] = eventsOf(run.events, "run-start");
  const [breach] = checkEvents(run.events);
  if (!start || breach) return `a log that breaks rule ${breach?.rule ?? "once"}`;
  if (start.spec !== recordedHash(run.spec)) return "events of another specification";
  const environment = await Deno.readTextFile(join(folder, "environment.json")).then(
    JSON.parse,
    () => undefined,
  );
  const { data: known } = environmentSchema.safeParse(environment);
  const { device } = workshop;
  if (known?.machine.adapterClass !== adapterClass(device.fingerprint)) {
    return `one of the adapter ${
      known?.machine.adapter ? adapterName(known.machine.adapter) : "that nobody recorded"
    }`;
  }
  const data = await workshop.dataOf(asked.spec);
  const other = Object.entries(data).find(([use, { hashes }]) => {
    const stated = start.data[use];
    return stated?.pixels !== hashes.pixels || stated.list !== hashes.split;
  });
  if (other) return `one on other data for the use "${other[0]}"`;
  const { train } = data;
  const shape = { size: train.size, images: train.labels.length, classes: train.classes.length };
  const step = stepOf(asked.spec, await loadMethod(asked.spec.method), shape, { target: device.target });
  return step.program.hash() === start.program ? undefined : "one of another program of the step";
}
