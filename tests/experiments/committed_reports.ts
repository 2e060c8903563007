/** The reference results under reports/: their folders, and what their runs recorded. */
import { join } from "node:path";
import type { TableResult } from "../../src/report/result.ts";
import type { Evidence } from "../../src/record/recorded.ts";
import { recordedRuns } from "../../src/repro/recorded_runs.ts";

export const REPORTS = new URL("../../reports/", import.meta.url).pathname;

/** Folders of reference results that keep the logs of their runs. */
export function reportFolders(): string[] {
  return [...Deno.readDirSync(REPORTS)].filter((e) => e.isDirectory)
    .map((e) => join(REPORTS, e.name))
    .filter((folder) => {
      try {
        return Deno.statSync(join(folder, "runs")).isDirectory &&
          Deno.statSync(join(folder, "run.json")).isFile;
      } catch {
        return false;
      }
    }).sort();
}

export async function committedResult(folder: string): Promise<TableResult> {
  return JSON.parse(await Deno.readTextFile(join(folder, "run.json")));
}

/** What a committed table may be told from again. */
export async function committedEvidence(folder: string): Promise<{ table: string; evidence: Evidence }> {
  const { table, settings, adapter } = await committedResult(folder);
  const evidence = {
    settings: settings!,
    ...(adapter !== undefined && { adapter }),
    runs: await recordedRuns(folder),
  };
  return { table, evidence };
}

/** Makes every reference report again from its runs, after a change of what reports look like: `deno run -A` this file. */
if (import.meta.main) {
  const { regenerate, writeReport } = await import("../../src/repro/reproduce.ts");
  for (const folder of reportFolders()) {
    const { table, evidence } = await committedEvidence(folder);
    await writeReport(folder, await regenerate(table, evidence));
    console.log(folder);
  }
}
