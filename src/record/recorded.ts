/** What a table is told from: settings, and the runs as they lie on disk. */
import type { Scale } from "../base/scales.ts";
import type { Event } from "./events.ts";

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
