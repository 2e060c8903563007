/** Runs an experiment and leaves its report in a folder. */
import { AssayError } from "../base/error.ts";
import type { Evidence } from "../record/recorded.ts";
import { loadExperiment } from "./experiment_files.ts";
import { join } from "node:path";
import { replaceFile } from "../base/write_whole.ts";
import type { Experiment, ExperimentContext } from "./experiment.ts";
import type { TableResult } from "../report/result.ts";
import { reportFiles } from "../report/report.ts";

/** Runs the experiment, writes every file of its report below `context.out` and returns the result. */
export async function reproduce(experiment: Experiment, context: ExperimentContext): Promise<TableResult> {
  await Deno.mkdir(context.out, { recursive: true });
  const result = await experiment.run(context);
  await writeReport(context.out, await reportFiles(result));
  return result;
}

/** Writes the files of a report; each is whole or not there. */
export async function writeReport(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, text] of files) {
    const target = join(folder, path);
    await Deno.mkdir(join(target, ".."), { recursive: true });
    replaceFile(target, [new TextEncoder().encode(text)]);
  }
}

/**
 * The report again from recorded runs alone: nothing measured is taken from the old one. Errors: a table that does not
 * exist, or whose experiment records no runs.
 */
export async function regenerate(id: string, evidence: Evidence): Promise<ReadonlyMap<string, string>> {
  const experiment = await loadExperiment(id);
  if (!experiment.tell) {
    throw new AssayError(`Cannot make the report of "${id}" again: its experiment records no runs.`);
  }
  return await reportFiles(await experiment.tell(evidence));
}
