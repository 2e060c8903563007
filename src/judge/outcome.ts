/**
 * What a report says of one claim or check. A published sentence or cell gets a verdict; a question of this project's own
 * holds or fails. The two have different words and are never counted together.
 */
import { z } from "zod";
import type { Judged } from "./judge_all.ts";
import { DIRECTIONS, type Judgement, type Verdict, VERDICTS } from "./judgement.ts";

const text = z.string();

/** How the test behind a line was made; all absent where nothing was tested, as in exact comparisons. */
const test = {
  /** Level of the test, such as 0.05, before any correction for the number of claims. */
  level: z.exactOptional(z.number().gt(0).lt(1)),
  /** Sides of the test and of its interval. */
  sides: z.exactOptional(z.union([z.literal(1), z.literal(2)])),
  /** p-value of the test that the claim holds, or, where the runs point the other way, that it fails; then corrected over its family. */
  p: z.exactOptional(z.number().min(0).max(1)),
  pCorrected: z.exactOptional(z.number().min(0).max(1)),
};

/** A published sentence or cell, and what the runs or plans of a table show about it. */
export const claimResultSchema = z.strictObject({
  /** Its id in claims/, such as `sdiet:half-memory`; what follows a slash names one comparison of several. */
  id: text.min(1),
  /** The claim in words, with the reading of words that state no number. */
  statement: text,
  source: z.strictObject({ paper: text, url: z.exactOptional(text) }),
  /** Whether the statement is in this project's words. */
  paraphrase: z.boolean(),
  verdict: z.enum(VERDICTS),
  /** The comparison that decided, with its numbers; empty where nothing was compared. */
  inequality: text,
  ...test,
  /** What a reduced scale shows about the direction of the claim. */
  direction: z.exactOptional(z.enum(DIRECTIONS)),
  /** Conditions in which the runs depart from the claim. */
  differs: z.array(text).readonly(),
  /** What a reader must know before relying on the verdict. */
  notes: z.exactOptional(z.array(text).readonly()),
});
export type ClaimResult = z.infer<typeof claimResultSchema>;

/** Answers to a question of this project's own. */
export const OUTCOMES = ["holds", "fails", "undecided", "not-run"] as const;
export type Outcome = typeof OUTCOMES[number];

/** A question of this project's own: an exact identity, a plan kept to the byte, a method that learned anything. */
export const checkResultSchema = z.strictObject({
  id: text.min(1),
  question: text,
  outcome: z.enum(OUTCOMES),
  /** The comparison that decided, with its numbers; empty where nothing was compared. */
  inequality: text,
  ...test,
  notes: z.exactOptional(z.array(text).readonly()),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

/** `3 REPRODUCED, 1 BELOW`: how often each word occurs, in the order of `words`; `spoken` says a word otherwise. */
export function tally<W extends string>(
  words: readonly W[],
  found: readonly W[],
  spoken: (word: W, n: number) => string = (word) => word,
): string {
  return words.map((word) => [found.filter((w) => w === word).length, word] as const)
    .filter(([n]) => n > 0).map(([n, word]) => `${n} ${spoken(word, n)}`).join(", ");
}

/** Words of a count: of one, of several. */
const SPOKEN = {
  holds: ["holds", "hold"],
  fails: ["fails", "fail"],
  undecided: ["undecided", "undecided"],
  "not-run": ["not run", "not run"],
  supports: ["supported", "supported"],
  contradicts: ["contradicted", "contradicted"],
} as const;

const spokenOf = (word: keyof typeof SPOKEN, n: number): string => SPOKEN[word][n === 1 ? 0 : 1];

/**
 * How many published claims were judged and how, what a reduced scale says of their directions, and how many own checks
 * hold: one sentence each, without those that do not apply.
 */
export function countsOf(claims: readonly ClaimResult[], checks: readonly CheckResult[]): string[] {
  const directions = claims.flatMap((c) => c.direction ?? []);
  const many = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  return [
    ...(claims.length === 0 ? [] : [
      `${many(claims.length, "published claim")} ${claims.length === 1 ? "was" : "were"} judged: ${
        tally(VERDICTS, claims.map((c) => c.verdict))
      }.`,
    ]),
    ...(directions.length === 0 ? [] : [
      `This reduced scale can say something about the direction of ${directions.length} of them: ${
        tally(DIRECTIONS, directions, spokenOf)
      }.`,
    ]),
    ...(checks.length === 0 ? [] : [
      `${many(checks.length, "own check")}: ${tally(OUTCOMES, checks.map((c) => c.outcome), spokenOf)}.`,
    ]),
  ];
}

/** A judgement, corrected over its family or made alone. */
type Corrected = Judgement & Partial<Pick<Judged, "level" | "adjusted" | "side">>;

/** How the test of a judgement was made. */
function testOf(judgement: Corrected): Pick<ClaimResult, "level" | "sides" | "p" | "pCorrected"> {
  const { p, adjusted, level = 0.05, side = "holds" } = judgement;
  if (p === null) return {};
  return { level, sides: 1, p: p[side], ...(adjusted && { pCorrected: adjusted[side] }) };
}

/** A published claim's line of a report. */
export function asClaim(
  judgement: Corrected,
  about: Pick<ClaimResult, "id" | "statement" | "source" | "paraphrase">,
): ClaimResult {
  const { verdict, inequality, direction, differs, notes } = judgement;
  return {
    ...about,
    verdict,
    inequality,
    ...testOf(judgement),
    ...(direction !== null && { direction }),
    differs,
    ...(notes.length > 0 && { notes }),
  };
}

const OUTCOME_OF: Readonly<Record<Verdict, Outcome>> = {
  REPRODUCED: "holds",
  EXCEEDS: "fails",
  BELOW: "fails",
  TAMPERED: "fails",
  INCONCLUSIVE: "undecided",
  "NOT-COMPARABLE": "undecided",
  "NOT-RUN": "not-run",
};

/** An own question's line of a report. */
export function asCheck(judgement: Corrected, about: Pick<CheckResult, "id" | "question">): CheckResult {
  const { verdict, inequality, notes } = judgement;
  return {
    ...about,
    outcome: OUTCOME_OF[verdict],
    inequality,
    ...testOf(judgement),
    ...(notes.length > 0 && { notes }),
  };
}
