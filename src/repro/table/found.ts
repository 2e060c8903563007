/** Runs on disk, found by the hash of their specification: in a table's output folder, or in folders next to it. */
import { AssayError } from "../../base/error.ts";
import { basename, dirname, join } from "node:path";
import { adapterClass, environmentSchema } from "../../record/environment.ts";
import { eventsOf } from "../../record/events.ts";
import type { RecordedRun } from "../../record/recorded.ts";
import { specHash } from "../../record/spec/spec.ts";
import { stepOf } from "../../train/trainer.ts";
import { loadMethod } from "../method_files.ts";
import { recordedRuns } from "../recorded_runs.ts";
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
 * The wanted runs that are there, by hash. A finished one of another table beside this one's folder is copied here when it
 * ran on an adapter of the same class, with the program and the data of today; of its checkpoints the last, if it teaches.
 */
export async function findRuns(
  wanted: readonly CellRun[],
  out: string,
  workshop: Workshop,
): Promise<Map<string, FoundRun>> {
  const found = new Map<string, FoundRun>();
  for (const run of await recordedRuns(out, { unfinished: true })) {
    const hash = await hashOf(run);
    if (hash === undefined) continue;
    found.set(hash, {
      folder: join(out, "runs", run.name),
      state: isFinished(run) ? "finished" : "unfinished",
    });
  }
  const teachers = new Set(wanted.map(teacherOf));
  const missing = new Map(wanted.filter((run) => !found.has(run.hash)).map((run) => [run.hash, run]));
  for (const other of missing.size > 0 ? await neighbours(out) : []) {
    for (const run of await readable(other)) {
      const hash = isFinished(run) ? await hashOf(run) : undefined;
      const asked = hash === undefined ? undefined : missing.get(hash);
      if (!asked || !await isOfToday(asked, run, join(other, "runs", run.name), workshop)) continue;
      const folder = join(out, "runs", run.name);
      if (await isThere(folder)) continue;
      const last = eventsOf(run.events, "checkpoint").at(-1);
      const weights = teachers.has(hash!) ? last?.file : undefined;
      if (weights !== undefined && !await isThere(join(other, "runs", run.name, weights))) continue;
      for (const file of [...TOLD_FROM, ...(weights === undefined ? [] : [weights])]) {
        await Deno.mkdir(dirname(join(folder, file)), { recursive: true });
        await Deno.copyFile(join(other, "runs", run.name, file), join(folder, file));
      }
      workshop.say(`${run.name} was run for ${basename(other)} and is not run again`);
      found.set(hash!, { folder, state: "finished" });
      missing.delete(hash!);
    }
  }
  return found;
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

/** Whether a run was made by the program, on the data and on an adapter of the class that would make it now. */
async function isOfToday(
  asked: CellRun,
  run: RecordedRun,
  folder: string,
  workshop: Workshop,
): Promise<boolean> {
  const [start] = eventsOf(run.events, "run-start");
  const environment = await Deno.readTextFile(join(folder, "environment.json")).then(
    JSON.parse,
    () => undefined,
  );
  const { data: known } = environmentSchema.safeParse(environment);
  const { device } = workshop;
  if (!start || known?.machine.adapterClass !== adapterClass(device.fingerprint)) return false;
  const data = await workshop.dataOf(asked.spec);
  const same = Object.entries(data).every(([use, d]) => start.data[use]?.pixels === d.hashes.pixels);
  const { train } = data;
  const shape = { size: train.size, images: train.labels.length, classes: train.classes.length };
  const step = stepOf(asked.spec, await loadMethod(asked.spec.method), shape, { target: device.target });
  return same && step.program.hash() === start.program;
}
