/**
 * What verification takes from other parts of the program. A hook that is absent makes its check NOT-CHECKED, in
 * words.
 */
import type { Regenerate } from "./check_report.ts";
import type { ReplayInterval } from "./replay.ts";

export interface Hooks {
  /** Makes a report again from the events of a bundle. */
  readonly regenerate?: Regenerate;
  /** Runs a checkpoint interval again. */
  readonly replayInterval?: ReplayInterval;
}

/** The hooks of this program. */
export const hooks: Hooks = {};
