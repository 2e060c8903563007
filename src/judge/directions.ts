/** Directions: one arm's accuracies above another's, paired by seed. */
import { type RecordedRun, type Settings } from "../record/recorded.ts";
import { eventsOf } from "../record/events.ts";
import type { Scale } from "../base/scales.ts";
import { judgeAll, type Judged } from "./judge_all.ts";
import { asCheck, asClaim, type CheckResult, type ClaimResult } from "./outcome.ts";

/** One side of a comparison: runs that differ in their seeds alone, and an accuracy of each in percent. */
export interface Side {
  readonly name: string;
  readonly runs: readonly RecordedRun[];
  readonly values: readonly number[];
}

/** Two sides of which one should lie above. */
export interface Direction {
  readonly id: string;
  /** Claimed to lie above the other; absent where it was not run. */
  readonly above: Side | undefined;
  readonly below: Side | undefined;
}

/** A published sentence that says which side lies above. */
export interface PublishedDirection
  extends Direction, Pick<ClaimResult, "statement" | "source" | "paraphrase"> {}

/** Judges published directions together, as one family; what is claimed at full scale gets the direction that this scale shows. */
export function judgeDirections(settings: Settings, claims: readonly PublishedDirection[]): ClaimResult[] {
  return judged(settings, claims, "paper").map((judgement, i) => {
    const { id, statement, source, paraphrase } = claims[i]!;
    return asClaim(judgement, { id, statement, source, paraphrase });
  });
}

/** Answers own questions of a direction together, as one family, at the table's own scale. */
export function checkDirections(
  settings: Settings,
  questions: readonly (Direction & Pick<CheckResult, "question">)[],
): CheckResult[] {
  return judged(settings, questions, settings.scale).map((judgement, i) => {
    const { id, question } = questions[i]!;
    return asCheck(judgement, { id, question });
  });
}

function judged(settings: Settings, directions: readonly Direction[], scale: Scale): Judged[] {
  const conditions = { unit: "percent", dataset: settings.dataset ?? "", protocol: {} };
  return judgeAll(directions.map(({ id, above, below }) => {
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
  }));
}

const sideOf = ({ name, runs, values }: Side) => ({
  name,
  seeds: runs.map((r) => Number(r.spec.seed)),
  values,
});

const testImages = (run: RecordedRun): number | null =>
  eventsOf(run.events, "run-start")[0]?.data.test?.images ?? null;
