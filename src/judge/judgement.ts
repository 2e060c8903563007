/** A verdict with the arithmetic behind it. */
import type { Scale } from "../base/scales.ts";

/**
 * What a run shows about a published number. `EXCEEDS` and `BELOW` are numerical: the measured quantity is larger or
 * smaller than claimed, whichever of the two is desirable.
 */
export const VERDICTS = [
  "REPRODUCED",
  "EXCEEDS",
  "BELOW",
  "INCONCLUSIVE",
  "NOT-COMPARABLE",
  "NOT-RUN",
  "TAMPERED",
] as const;
export type Verdict = typeof VERDICTS[number];

/** What must agree before two numbers may be compared. */
export interface Conditions {
  readonly unit: string;
  /** Dataset id, or its content hash where both sides have one. */
  readonly dataset: string;
  readonly scale: Scale;
  /** Encoder, epochs, probe, k, selection and so on; a key that is absent was not stated. */
  readonly protocol: Readonly<Record<string, string | number | boolean | undefined>>;
}

/** How far from the claim still counts as the same, in the claim's unit, and who decided that. */
export interface Margin {
  readonly value: number;
  readonly source: string;
}

/** What a reduced-scale run says about the direction of a full-scale claim. */
export const DIRECTIONS = ["supports", "contradicts", "undecided"] as const;
export type Direction = typeof DIRECTIONS[number];

/** The two variances of a measured number: over seeds, and over test sets of the same size. `null` is unknown. */
export interface Variances {
  readonly seeds: { readonly n: number; readonly sd: number | null; readonly se: number | null };
  readonly testSet: { readonly size: number; readonly se: number } | null;
}

/** A verdict with the arithmetic behind it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The comparison that decided, with its numbers; empty when nothing was compared. */
  readonly inequality: string;
  readonly variances: Variances;
  /** All seeds, not further ones, that would decide with the stated power; `null` when decided or when no number would. */
  readonly seedsNeeded: number | null;
  /** Only for reduced-scale runs. */
  readonly direction: Direction | null;
  /** Fields that made the run not comparable. */
  readonly differs: readonly string[];
  /** p-values that the claim holds and that it fails; `null` without a test. A table adjusts them. */
  readonly p: { readonly holds: number; readonly fails: number } | null;
  readonly notes: readonly string[];
}

/** The sentence that goes with every direction. */
export const REDUCED_SCALE =
  "A reduced-scale run can at most support the direction of a full-scale claim; it does not reproduce its value.";

const NO_VARIANCES: Variances = { seeds: { n: 0, sd: null, se: null }, testSet: null };

/** A judgement in which nothing was compared, with what differs from that given in `rest`. */
export function withoutTest(verdict: Verdict, rest: Partial<Judgement>): Judgement {
  return {
    verdict,
    inequality: "",
    variances: NO_VARIANCES,
    seedsNeeded: null,
    direction: null,
    differs: [],
    p: null,
    notes: [],
    ...rest,
  };
}

/** The verdict that comes before any arithmetic: evidence that was altered, or that does not exist; else `null`. */
export function beforeArithmetic(tampered: readonly string[], ran: boolean): Judgement | null {
  if (tampered.length > 0) {
    return withoutTest("TAMPERED", { notes: tampered.map((place) => `The evidence was altered: ${place}.`) });
  }
  return ran ? null : withoutTest("NOT-RUN", { notes: ["No run of this claim is recorded."] });
}
