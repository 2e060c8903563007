/** What a file under experiments/ exports: a typed experiment, committed before it runs. */
import type { Evidence } from "../record/recorded.ts";
import type { TableResult } from "../report/result.ts";
import { needsRuns, type RunContext, runTable } from "./table/run.ts";
import { requireSound } from "./table/sound.ts";
import { tell } from "./table/tell.ts";
import type { Table } from "./table/vocabulary.ts";

/** What a caller may vary besides the scale. */
export const CHOICES = ["dataset", "rows", "methods", "seeds", "epochs"] as const;

/** What a caller chose, and where it is run. An experiment states its own defaults for what is absent. */
export type ExperimentContext = RunContext;

export interface Experiment {
  /** `<paper>/<table>`, the file's place under experiments/. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for `repro` without a table. */
  readonly summary: string;
  /** Whether it can run on a machine without an adapter. */
  readonly needsAdapter: boolean;
  /** Options that change what it does; any other option is refused. */
  readonly takes: readonly (typeof CHOICES[number])[];
  readonly run: (context: ExperimentContext) => Promise<TableResult>;
  /** The result again from what the runs recorded; pure, no device. Absent where nothing is recorded. */
  readonly tell?: (evidence: Evidence) => Promise<TableResult>;
  /** The value it follows from; absent for exact checks, which are code. */
  readonly table?: Table;
}

/** The experiment that a table's value describes. Errors: a field that it lacks, or a name that it does not have. */
export function experimentOf(table: Table): Experiment {
  requireSound(table);
  const fixed = Object.values(table.scales).some((setting) => setting.all?.steps !== undefined);
  return {
    id: table.id,
    title: table.title,
    summary: table.summary,
    needsAdapter: needsRuns(table),
    takes: CHOICES.filter((choice) => choice !== "epochs" || !fixed),
    run: (context) => runTable(table, context),
    tell: (evidence) => tell(table, evidence),
    table,
  };
}
