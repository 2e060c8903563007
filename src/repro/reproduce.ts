/** Runs an experiment and leaves its report in a folder. */
import { join } from "node:path";
import { replaceFile } from "../nn/safetensors.ts";
import type { Experiment, ExperimentContext, TableResult } from "./experiment.ts";
import { reportFiles } from "./report.ts";

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
