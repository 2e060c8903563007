/** Trains the runs of a table that are not on disk yet, and computes the result. */
import { join } from "node:path";
import { failure } from "../../base/error.ts";
import { Device, type DeviceOptions } from "../../gpu/device.ts";
import { readEventLog } from "../../record/event_log.ts";
import { eventsOf } from "../../record/events.ts";
import type { Teacher } from "../../record/spec/spec.ts";
import type { Evidence } from "../../record/recorded.ts";
import type { TableResult } from "../../report/result.ts";
import { adapterName, recordedRuns } from "../recorded_runs.ts";
import { requireTrainable } from "../../train/trainable.ts";
import { loadMethod } from "../method_files.ts";
import { planSpec } from "../plan_step.ts";
import { Workshop } from "../train_run.ts";
import { type Choice, chosenOf, settingsFor } from "./choose.ts";
import { findRuns, type FoundRun, freeFolder, runName, teacherOf } from "./found.ts";
import { type CellRun, resolveRuns } from "./resolve.ts";
import { tell } from "./tell.ts";
import type { Measure, Table } from "./vocabulary.ts";

/** Kinds of measures that follow from plans and specifications, without a run. */
const WITHOUT_RUNS: ReadonlySet<Measure["kind"]> = new Set(["planned", "head", "ratio", "field", "epochs"]);

/** Whether a table's cells need runs, and so an adapter. */
export const needsRuns = (table: Table): boolean =>
  Object.values(table.measures).some((measure) => !WITHOUT_RUNS.has(measure.kind));

/** Where and how a table is run. */
export interface RunContext extends Choice {
  /** Folder for runs, checkpoints and reports of this invocation. */
  readonly out: string;
  /** Continue unfinished runs found in `out` instead of refusing to overwrite them. */
  readonly resume: boolean;
  /** How the adapter is opened, such as under a memory limit. */
  readonly adapter?: DeviceOptions;
  /** Prints a line of progress; it is not recorded. */
  readonly say: (line: string) => void;
}

/** The result of a table at a scale; what has been run already, here or for another table beside it, is not run again. */
export async function runTable(table: Table, context: RunContext): Promise<TableResult> {
  const settings = settingsFor(table, context);
  const evidence = async (adapter?: string): Promise<Evidence> => ({
    settings,
    ...(adapter !== undefined && { adapter }),
    // A start that was refused leaves a folder without a log: no run yet.
    runs: await recordedRuns(context.out, { unfinished: true }),
  });
  if (!needsRuns(table)) return await tell(table, await evidence());
  const wanted = await resolveRuns(table, chosenOf(table, settings));
  const device = await Device.open(context.adapter);
  try {
    const workshop = new Workshop(device, context.say);
    const found = await findRuns(wanted, context.out, workshop);
    // Two cells of one specification are one run.
    const once = [...new Map(wanted.map((run) => [run.hash, run])).values()];
    const missing = once.filter((run) => found.get(run.hash)?.state !== "finished");
    // Whatever cannot be carried out is known before the first run, not after hours of others.
    for (const { spec } of missing) {
      requireTrainable(spec, await loadMethod(spec.method));
      await planSpec(spec);
    }
    if (missing.length < once.length) {
      context.say(`${once.length - missing.length} of ${once.length} runs are there already`);
    }
    for (const [i, run] of byDependence(missing).entries()) {
      context.say(`Run ${i + 1} of ${missing.length}: ${runName(run)}`);
      found.set(run.hash, { folder: await trainOne(run, found, context, workshop), state: "finished" });
    }
    return await tell(table, await evidence(adapterName(device.fingerprint)));
  } finally {
    device.close();
  }
}

/** Teachers before their students, which may be teachers as well; else in the given order. */
function byDependence(runs: readonly CellRun[]): CellRun[] {
  const ordered = new Set<CellRun>();
  const visit = (run: CellRun): void => {
    const teacher = teacherOf(run);
    for (const other of runs) if (other.hash === teacher) visit(other);
    ordered.add(run);
  };
  for (const run of runs) visit(run);
  return [...ordered];
}

/** Trains a run, or goes on with it; gives its folder. */
async function trainOne(
  run: CellRun,
  found: ReadonlyMap<string, FoundRun>,
  context: RunContext,
  workshop: Workshop,
): Promise<string> {
  const name = runName(run);
  const known = found.get(run.hash);
  if (known && !context.resume) {
    throw failure({
      operation: "start",
      object: `"${name}"`,
      required: `"${context.out}" must hold no unfinished run of its specification`,
      found: `"${known.folder}"`,
      wayOut: "continue it with --resume or choose another folder with --out",
    });
  }
  const folder = known?.folder ?? await freeFolder(context.out, run);
  const { teacher } = run.spec;
  const weights = teacher && await teacherWeights(teacher, found);
  await workshop.train(folder, run.spec, {
    resume: context.resume,
    label: name,
    ...(weights && { teacher: weights }),
  });
  return folder;
}

/** Where the weights of a teacher lie: a file by digest, or the last checkpoint of a run that was found or made. */
async function teacherWeights(
  { weights }: Teacher,
  found: ReadonlyMap<string, FoundRun>,
): Promise<{ readonly path: string; readonly sha256: string }> {
  if ("file" in weights) return { path: weights.file, sha256: weights.sha256 };
  const run = found.get(weights.run);
  const { events } = run ? await readEventLog(join(run.folder, "events.jsonl")) : { events: [] };
  const last = eventsOf(events, "checkpoint").at(-1);
  if (run && last) return { path: join(run.folder, last.file), sha256: last.sha256 };
  throw failure({
    operation: "train",
    object: "a student",
    required: `its teacher, the run ${
      weights.run.slice(0, 12)
    }, must have a checkpoint in the table's folder`,
    found: run ? "none" : "no such run",
    wayOut: "choose the teacher's row as well with --rows",
  });
}
