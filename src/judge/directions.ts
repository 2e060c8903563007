/** Claims of a direction: one arm's accuracies above another's, paired by seed. */
import { type ClaimResult } from "./judgement.ts";
import { type RecordedRun, type Settings } from "../record/recorded.ts";
import { eventsOf } from "../record/events.ts";
import type { Scale } from "../base/scales.ts";
import { judgeTable } from "./table.ts";

/** One side of a comparison: runs that differ in their seeds alone, and an accuracy of each in percent. */
export interface Side {
  readonly name: string;
  readonly runs: readonly RecordedRun[];
  readonly values: readonly number[];
}

export interface Direction {
  readonly id: string;
  /** The claim in words, with its source. */
  readonly statement: string;
  /** Where the claim was made: `paper`, or the table's own scale for a check of this project. */
  readonly scale: Scale;
  /** Claimed to lie above the other; absent where it was not run. */
  readonly above: Side | undefined;
  readonly below: Side | undefined;
}

/** Judges comparisons together, as one family. A claim made at a larger scale gets the direction that this scale shows. */
export function judgeDirections(settings: Settings, directions: readonly Direction[]): ClaimResult[] {
  const conditions = { unit: "percent", dataset: settings.dataset ?? "", protocol: {} };
  const cases = directions.map(({ id, scale, above, below }) => {
    const ran = above !== undefined && below !== undefined && above.runs.length > 0 && below.runs.length > 0;
    const claim = { ...conditions, scale, relation: { kind: "above", by: 0 } } as const;
    const measured = ran
      ? {
        ...conditions,
        scale: settings.scale,
        a: sideOf(above),
        b: sideOf(below),
        testSetSize: testImages(above.runs[0]!),
      }
      : null;
    return { id, kind: "direction", input: { claim, measured } } as const;
  });
  return judgeTable(cases, { purpose: "report" }).map(({ id, verdict, inequality, direction }, i) => ({
    id,
    statement: directions[i]!.statement +
      (direction === null ? "" : `. Direction only, at a reduced scale: ${WORDS[direction]}`),
    verdict,
    inequality,
  }));
}

const WORDS = {
  supports: "this run supports it",
  contradicts: "this run contradicts it",
  undecided: "this run does not decide",
} as const;

const sideOf = ({ name, runs, values }: Side) => ({
  name,
  seeds: runs.map((r) => Number(r.spec.seed)),
  values,
});

const testImages = (run: RecordedRun): number | null =>
  eventsOf(run.events, "run-start")[0]?.data.test?.images ?? null;
