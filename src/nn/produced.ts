/**
 * What a step produces beside its losses. The parts of a step put it down in the trace while it is being recorded
 * (guard, metrics, head rows, features of encoders); the code that replays the step reads it from `Step`.
 */
import type { Value } from "../gpu/value.ts";
import type { RowUpdate } from "./multistep.ts";

/** The test for values that are not finite. */
export interface Guard {
  /** u32 (2): step + 1 of the first fault or 0, and its span. Effects that change state bind it. */
  readonly flag: Value;
  /** Label of the value behind each tested span, in order of testing. */
  readonly labels: string[];
}

/** The last steps' scalars. */
export interface MetricsRing {
  /** f32 (rows, names). */
  readonly value: Value;
  readonly names: readonly string[];
  /** Steps it holds. */
  readonly rows: number;
}

/** The rows of a head that belong to a batch; they are written and read between steps. */
export interface HeadRows {
  /** State (B, 3, width): weights, first moment, second moment. */
  readonly rows: Value;
  /** State (B, 16), as `movesOf` makes it. */
  readonly moves: Value;
  readonly batch: number;
  readonly width: number;
  readonly update: RowUpdate;
}

/** What one pass through a stage of an encoder, or through its pool, gave. */
export interface StageFeatures {
  /** Path of the encoder in its scope, such as `encoder`. */
  readonly path: string;
  /** Arena of its parameters: `online` is what the optimizer trains. */
  readonly arena: string;
  /** How batch norm behaved in the pass. */
  readonly mode: string;
  /** Index of the stage, or "pooled" behind the last. */
  readonly stage: number | "pooled";
  /** A feature map (N, H, W, C), or pooled features (N, D). */
  readonly value: Value;
}

/** What is read back from a step, as a trace or a step holds it. */
export interface Reported {
  readonly guard: Guard | undefined;
  readonly metrics: MetricsRing | undefined;
}
