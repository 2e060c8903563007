/** A table's result from its value and the logs of its runs. Needs no device and no data; steps are planned. */
import type { Evidence, RecordedRun } from "../../record/recorded.ts";
import { eventsOf } from "../../record/events.ts";
import { specHash } from "../../record/spec/spec.ts";
import { RESULT_FORMAT, type TableResult } from "../../report/result.ts";
import { currentSpec } from "../upgrade.ts";
import type { Telling, Told } from "./cells.ts";
import { chosenOf } from "./choose.ts";
import { gridsOf } from "./grids.ts";
import { headlineOf } from "./headline.ts";
import { judge } from "./judge.ts";
import { plotsOf } from "./plots.ts";
import { protocolLines } from "./protocol.ts";
import { publishedNotes } from "./published_notes.ts";
import { columnsOf, isTrained, resolveRuns } from "./resolve.ts";
import type { Table } from "./vocabulary.ts";

/** The result of a table from what was recorded; runs of other specifications are left out. */
export async function tell(table: Table, { settings, adapter, runs }: Evidence): Promise<TableResult> {
  const chosen = chosenOf(table, settings);
  const recorded = await byHash(runs);
  const told = (await resolveRuns(table, chosen)).map((run): Told => ({
    ...run,
    recorded: recorded.get(run.hash),
  }));
  const t: Telling = { table, chosen, runs: told };
  const judged = await judge(t);
  return {
    format: RESULT_FORMAT,
    table: table.id,
    title: table.title,
    scale: chosen.scale,
    settings: { ...settings },
    dataset: chosen.dataset,
    ...(adapter !== undefined && { adapter }),
    headline: await headlineOf(t),
    grids: await gridsOf(t),
    ...judged,
    protocol: protocolLines(t),
    notes: notesOf(t),
    plots: await plotsOf(t),
  };
}

/** Runs that ended, by the hash of their specification in today's format. */
export async function byHash(runs: readonly RecordedRun[]): Promise<Map<string, RecordedRun>> {
  const found = new Map<string, RecordedRun>();
  for (const run of runs) {
    if (eventsOf(run.events, "run-stop")[0]?.status !== "completed") continue;
    const spec = await currentSpec(run.spec, run.events);
    if (spec) found.set(specHash(spec), run);
  }
  return found;
}

function notesOf(t: Telling): string[] {
  const { table, chosen, runs } = t;
  const about = chosen.rows.flatMap((id) => {
    const row = table.rows[id]!;
    return isTrained(row) && row.about !== undefined ? [`${row.name ?? id}: ${row.about}`] : [];
  });
  const missing = runs.filter((run) => run.recorded === undefined);
  const columns = Object.keys(columnsOf(table)).length;
  return [
    ...about,
    ...publishedNotes(t),
    ...(table.notes ?? []).flatMap((note) =>
      typeof note === "string" ? [note] : note.scale === chosen.scale ? [note.note] : []
    ),
    ...(missing.length > 0
      ? [
        `${missing.length} of ${runs.length} runs have not been made (${
          columns > 1 ? "by row, column and seed" : "by row and seed"
        }).`,
      ]
      : []),
  ];
}
