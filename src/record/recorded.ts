/** What the result of a table is computed from: settings, and the runs on disk. */
import { z } from "zod";
import { SCALES } from "../base/scales.ts";
import type { Event } from "./events.ts";

/** What was run, with every default filled in: chosen by the caller, never measured. */
export const settingsSchema = z.strictObject({
  scale: z.enum(SCALES),
  dataset: z.exactOptional(z.string()),
  /** Rows of the table by id. */
  rows: z.array(z.string()).readonly(),
  seeds: z.array(z.int().min(0)).readonly(),
  /** Present where they are not the scale's own. */
  epochs: z.exactOptional(z.int().min(1)),
});
export type Settings = z.infer<typeof settingsSchema>;

/** A run as it lies on disk: its folder's name, `spec.json` and `events.jsonl`. */
export interface RecordedRun {
  readonly name: string;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly events: readonly Event[];
}

/** The input of a report: settings, adapter and recorded runs. A report is computed from nothing else. */
export interface Evidence {
  readonly settings: Settings;
  /** The adapter as it describes itself; absent where nothing ran on one. */
  readonly adapter?: string;
  readonly runs: readonly RecordedRun[];
}
