/** What a file under experiments/ exports: a typed experiment, committed before it runs. */
import type { DeviceOptions } from "../gpu/device.ts";
import type { Role } from "../gpu/value.ts";
import type { Event } from "./events.ts";
import type { Scale, Verdict } from "./judge/judgement.ts";

/** What a caller may vary besides the scale. */
export const CHOICES = ["dataset", "methods", "seeds", "epochs"] as const;

/** What a caller chose. An experiment states its own defaults for what is absent. */
export interface ExperimentContext {
  readonly scale: Scale;
  readonly dataset: string | undefined;
  readonly methods: readonly string[] | undefined;
  readonly seeds: readonly number[] | undefined;
  /** Epochs of training instead of the scale's own. */
  readonly epochs?: number | undefined;
  /** Folder for runs, checkpoints and reports of this invocation. */
  readonly out: string;
  /** Continue runs found in `out` instead of refusing to overwrite them. */
  readonly resume: boolean;
  /** How the adapter is opened, such as under a memory limit. */
  readonly adapter?: DeviceOptions;
  /** Says something to the person watching; goes nowhere else. */
  readonly say: (line: string) => void;
}

/** What was run, with every default filled in: chosen by the caller, never measured. */
export interface Settings {
  readonly scale: Scale;
  readonly dataset?: string;
  readonly methods: readonly string[];
  readonly seeds: readonly number[];
  /** Present where they are not the scale's own. */
  readonly epochs?: number;
}

/** A run as it lies on disk: its folder's name, `spec.json` and `events.jsonl`. */
export interface RecordedRun {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly events: readonly Event[];
}

/** All that a table may be told from. */
export interface Evidence {
  readonly settings: Settings;
  /** The adapter as it describes itself; absent where nothing ran on one. */
  readonly adapter?: string;
  readonly runs: readonly RecordedRun[];
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

/** A table beside the main one. Cells are texts as printed. */
export interface SideTable {
  readonly title: string;
  readonly note?: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
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
  /** The experiment's id, `<paper>/<table>`. */
  readonly table: string;
  readonly title: string;
  readonly scale: Scale;
  /** Present where the table can be told again from its runs. */
  readonly settings?: Settings;
  readonly dataset?: string;
  readonly adapter?: string;
  readonly rows: readonly Row[];
  /** Order of the rows' further columns; those not named follow by name. */
  readonly columns?: readonly string[];
  readonly claims: readonly ClaimResult[];
  /** Sentences a reader needs to judge the table: protocol, reductions of scale, what was not run. */
  readonly notes: readonly string[];
  /** Further tables. Times do not belong here: they stay in fields of TIME_FIELDS, outside every digest. */
  readonly tables?: readonly SideTable[];
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
  /** Choices that change what it does; a caller who makes another one is told so. */
  readonly takes: readonly (typeof CHOICES[number])[];
  readonly run: (context: ExperimentContext) => Promise<TableResult>;
  /** The result again from what the runs recorded; pure, no device. Absent where nothing is recorded. */
  readonly tell?: (evidence: Evidence) => Promise<TableResult>;
}
