/**
 * What verification takes from other parts of the program. A hook that is absent makes its check NOT-CHECKED, in
 * words.
 */
import type { Evidence, TableResult } from "../experiment.ts";
import type { Regenerate } from "./check_report.ts";
import { type BundleContent, recordedRuns } from "./content.ts";
import type { ReplayInterval } from "./replay.ts";

export interface Hooks {
  /** Makes a report again from the events of a bundle. */
  readonly regenerate?: Regenerate;
  /** Runs a checkpoint interval again. */
  readonly replayInterval?: ReplayInterval;
}

/** The hooks of this program. */
export const hooks: Hooks = { regenerate: regenerateReport };

/** The report of an experiment from the bundle's runs; undefined where its experiment records none. */
export async function regenerateReport(
  content: BundleContent,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { table, settings, adapter } = content.result as Partial<TableResult>;
  if (typeof table !== "string" || settings === undefined) return undefined;
  // Pages pull in the plotting library, which most verifications do not need.
  const [{ regenerate }, { adapterName }] = await Promise.all([
    import("../report.ts"),
    import("../run/table.ts"),
  ]);
  // What an adapter is called comes from where it was recorded; the report's own word counts only without that.
  const recorded = content.runs.map((run) => run.environment?.machine.adapter).find((a) => a);
  const name = recorded ? adapterName(recorded) : adapter;
  const evidence: Evidence = {
    settings,
    ...(name !== undefined && { adapter: name }),
    runs: recordedRuns(content),
  };
  return await regenerate(table, evidence);
}
