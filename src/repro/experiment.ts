/** What a file under experiments/ exports: a typed experiment, committed before it runs. */
import type { Role } from "../gpu/value.ts";
import type { Scale, Verdict } from "./judge/judgement.ts";

/** What a caller chose. An experiment states its own defaults for what is absent. */
export interface ExperimentContext {
  readonly scale: Scale;
  readonly dataset: string | undefined;
  readonly methods: readonly string[] | undefined;
  readonly seeds: readonly number[] | undefined;
  /** Folder for runs, checkpoints and reports of this invocation. */
  readonly out: string;
  /** Continue runs found in `out` instead of refusing to overwrite them. */
  readonly resume: boolean;
  /** Says something to the person watching; goes nowhere else. */
  readonly say: (line: string) => void;
}

/** One line of a table. Absent fields do not apply to the table. */
export interface Row {
  readonly method: string;
  readonly planned?: { readonly peakBytes: number; readonly roles: Readonly<Record<Role, number>> };
  readonly measured?: { readonly peakBytes: number; readonly plannedBytes: number; readonly stepMs: number };
  /** One value per seed, in percent. */
  readonly accuracy?: { readonly knn?: readonly number[]; readonly linear?: readonly number[] };
  /** Further columns by heading. */
  readonly values?: Readonly<Record<string, number | string>>;
}

export interface ClaimResult {
  readonly id: string;
  /** The claim in words, with its source. */
  readonly statement: string;
  readonly verdict: Verdict;
  /** The comparison that decided, with its numbers. */
  readonly inequality: string;
}

export interface Plot {
  readonly name: string;
  readonly caption: string;
  /** A Vega-Lite specification with its data inside. */
  readonly spec: Readonly<Record<string, unknown>>;
}

/** What an experiment found. The JSON of `repro --json` is this less `plots`. */
export interface TableResult {
  readonly table: string;
  readonly scale: Scale;
  readonly dataset?: string;
  readonly adapter?: string;
  readonly rows: readonly Row[];
  readonly claims: readonly ClaimResult[];
  /** Sentences a reader needs to judge the table: protocol, reductions of scale, what was not run. */
  readonly notes: readonly string[];
  readonly plots: readonly Plot[];
}

export interface Experiment {
  /** `<paper>/<table>`, the file's place under experiments/. */
  readonly id: string;
  readonly title: string;
  /** What it shows, for `repro` without a table. */
  readonly summary: string;
  /** Whether it can run on a machine without an adapter. */
  readonly needsAdapter: boolean;
  readonly run: (context: ExperimentContext) => Promise<TableResult>;
}
