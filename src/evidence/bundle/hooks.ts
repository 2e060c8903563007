/**
 * What verification takes from other parts of the program. A hook that is absent makes its check NOT-CHECKED, in
 * words.
 */
import { z } from "zod";
import { AssayError } from "../../base/error.ts";
import type { TableResult } from "../../report/result.ts";
import { type Evidence, settingsSchema } from "../../record/recorded.ts";
import { experimentIds } from "../../repro/experiment_files.ts";
import type { Regenerate } from "./check_report.ts";
import { type BundleContent, recordedRuns } from "./content.ts";
import { NAMES } from "../../record/paths.ts";
import type { ReplayInterval } from "./replay.ts";

export interface Hooks {
  /** Makes a report again from the events of a bundle. */
  readonly regenerate?: Regenerate;
  /** Runs a checkpoint interval again. */
  readonly replayInterval?: ReplayInterval;
}

/** The hooks of this program. */
export const hooks: Hooks = { regenerate: regenerateReport, replayInterval: replayHere() };

/** Replays on this machine's adapter. */
function replayHere(): ReplayInterval {
  let ready: Promise<ReplayInterval> | undefined;
  return async (...interval) => {
    ready ??= Promise.all([import("./replay_run.ts"), import("../../gpu/device.ts")])
      .then(([{ replayOn }, { Device }]) => replayOn(() => Device.open()));
    return await (await ready)(...interval);
  };
}

/** The report of an experiment from the bundle's runs; undefined where its experiment records none. */
export async function regenerateReport(
  content: BundleContent,
): Promise<ReadonlyMap<string, string> | undefined> {
  const { table, settings, adapter } = content.result as Partial<TableResult>;
  // A table of another version is unknown here; and a name is only ever loaded when it is one of ours.
  if (typeof table !== "string" || settings === undefined || !experimentIds().includes(table)) {
    return undefined;
  }
  const parsed = settingsSchema.safeParse(settings);
  if (!parsed.success) {
    throw new AssayError(`Cannot read the settings of ${NAMES.run}: ${z.prettifyError(parsed.error)}.`);
  }
  // Pages pull in the plotting library, which most verifications do not need.
  const [{ regenerate }, { adapterName }] = await Promise.all([
    import("../../repro/reproduce.ts"),
    import("../../repro/recorded_runs.ts"),
  ]);
  // What an adapter is called comes from where it was recorded; the report's own word counts only without that.
  const recorded = content.runs.map((run) => run.environment?.machine.adapter).find((a) => a);
  const name = recorded ? adapterName(recorded) : adapter;
  const evidence: Evidence = {
    settings: parsed.data,
    ...(name !== undefined && { adapter: name }),
    runs: recordedRuns(content),
  };
  return await regenerate(table, evidence);
}
