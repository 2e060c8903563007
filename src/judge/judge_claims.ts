/** Published claims and own checks of a table: each kind is one family, judged together. */
import type { Statement } from "../claims/claim.ts";
import type { Corpus } from "../claims/corpus.ts";
import { type Case, judgeAll, type JudgeOptions } from "./judge_all.ts";
import type { ClaimCase, MeasuredTable } from "./measured.ts";
import { asCheck, asClaim, type CheckResult, type ClaimResult } from "./outcome.ts";
import { cellCases } from "./published_cell.ts";
import { sentenceCases } from "./sentence.ts";

/** A question of this project's own and what decides it. */
export interface CheckCase {
  readonly about: Pick<CheckResult, "id" | "question">;
  readonly decide: Case;
}

/**
 * Judges published claims together, as one family: the number of claims, the runs and spread behind each and the level of
 * every interval are in the results. Use it once for all sentences and cells of a table.
 */
export function judgeClaims(claims: readonly ClaimCase[], options: JudgeOptions = {}): ClaimResult[] {
  return judgeAll(claims.map((c) => c.decide), options).map((j, i) => asClaim(j, claims[i]!.about));
}

/** Answers own questions together, as one family. */
export function judgeChecks(checks: readonly CheckCase[], options: JudgeOptions = {}): CheckResult[] {
  return judgeAll(checks.map((c) => c.decide), options).map((j, i) => asCheck(j, checks[i]!.about));
}

/** Judges a published sentence by evaluating its assertion in claims/ over measured cells: a result per comparison. */
export function judgeSentence(
  statement: Statement,
  measured: MeasuredTable,
  options: JudgeOptions = {},
): ClaimResult[] {
  return judgeClaims(sentenceCases(statement, measured), options);
}

/** Judges every measured cell whose table, row and column were published, all of them together. */
export function judgeCells(
  corpus: Corpus,
  measured: MeasuredTable,
  options: JudgeOptions = {},
): ClaimResult[] {
  return judgeClaims(cellCases(corpus, measured), options);
}
