/** What a file under experiments/ exports: a typed experiment, committed before it runs. */
import type { Evidence } from "../record/recorded.ts";
import type { TableResult } from "../report/result.ts";
import type { DeviceOptions } from "../gpu/device.ts";
import type { Scale } from "../base/scales.ts";

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
