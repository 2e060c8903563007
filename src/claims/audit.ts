/** All rules, and what they find in a source. */
import type { Doubt, Source } from "./claim.ts";
import type { Corpus } from "./corpus.ts";
import { acrossSources, twoValues, weakBaseline } from "./rules/cells.ts";
import { bestEpoch, oneRunGap, unequalProtocols } from "./rules/comparison.ts";
import { compareFindings, type Finding, type Rule } from "./rules/finding.ts";
import { accuracyRange, testSetGranularity } from "./rules/granularity.ts";
import { monotone, protocolSpread } from "./rules/ordering.ts";
import { metadataDisagrees, sharedWeights, sourceGone, stepCount } from "./rules/provenance.ts";
import { outsidePrediction, releasedBest, runMean, spreadKind } from "./rules/runs.ts";
import { rankSeparation } from "./rules/significance.ts";
import { rules as statementIds } from "./rules/statement.ts";
import { statementRules } from "./rules/statements.ts";
import { costModel, sameGradient, visitGap } from "./rules/theory.ts";

/** Every rule, in the order in which reports explain them. */
export const allRules: readonly Rule[] = [
  accuracyRange,
  testSetGranularity,
  runMean,
  spreadKind,
  releasedBest,
  outsidePrediction,
  twoValues,
  acrossSources,
  weakBaseline,
  monotone,
  protocolSpread,
  unequalProtocols,
  oneRunGap,
  bestEpoch,
  rankSeparation,
  ...statementRules,
  sameGradient,
  costModel,
  visitGap,
  sourceGone,
  metadataDisagrees,
  sharedWeights,
  stepCount,
];

/** Ids that one rule reports beside its own: the statement checks share one pass. */
export const ruleTitles: ReadonlyMap<string, { title: string; help: string }> = new Map([
  ...allRules.map((r) => [r.id, { title: r.title, help: r.help }] as const),
  [statementIds.unsupported, {
    title: "Published words that the published cells do not carry",
    help:
      "The cells do not contradict the words, but are too close, too few or without the spread that the words need.",
  }],
  [statementIds.unequal, {
    title: "A stated gain over cells with an unequal protocol",
    help:
      "The two cells of a stated comparison differ in a stated field; where the source also publishes the cell with the " +
      "equal protocol, the gain is recomputed with it.",
  }],
]);

export interface Audit {
  readonly source: Source;
  readonly findings: readonly Finding[];
  readonly doubts: readonly Doubt[];
}

/** Every finding in the corpus, most severe first. */
export function findAll(corpus: Corpus): readonly Finding[] {
  return allRules.flatMap((r) => r.check(corpus)).sort(compareFindings);
}

/** The findings that concern one source, its own and those of others that touch its cells. */
export function auditSource(corpus: Corpus, source: Source, findings = findAll(corpus)): Audit {
  return { source, findings: findings.filter((f) => f.sources.includes(source.id)), doubts: source.doubts };
}
