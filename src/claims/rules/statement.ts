/** What every check of a published statement shares: its outcome, its finding, numbers as the words state them. */
import type { Assertion, AssertionForm } from "../assertions.ts";
import type { Claim, Statement } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import type { Finding, Severity } from "./finding.ts";

/** The assertions of one form. */
export type Asserted<F extends AssertionForm> = Extract<Assertion, { form: F }>;

/** What a check of one statement gives: nothing, or how the cells fail the words. */
export interface Outcome {
  readonly rule: string;
  readonly severity: Severity;
  readonly verdict: string;
  readonly arithmetic: readonly string[];
  readonly claims: readonly Claim[];
}

export const rules = {
  unsupported: "statement/unsupported",
  contradicted: "statement/contradicted",
  unequal: "statement/unequal-protocol",
  undecidable: "statement/undecidable",
} as const;

/**
 * A finding about a statement: what the cells say of it, then the words. Where the words had to be read in one of several
 * ways it is a warning at most; cells from another revision than the words are named.
 */
export function findingAbout(s: Statement, o: Outcome): Finding {
  const words = s.paraphrase ? `In our words: ${s.quote}` : `Stated: "${s.quote}"`;
  const reading = "reading" in s.asserts ? s.asserts.reading : undefined;
  const cells = o.claims.filter((c) =>
    c.source === s.source && c.reference.revision !== s.reference.revision
  );
  const revisions = [...new Set(cells.map((c) => c.reference.revision))];
  return {
    rule: o.rule,
    severity: reading !== undefined && o.severity === "error" ? "warning" : o.severity,
    sources: [...new Set([s.source, ...o.claims.map((c) => c.source)])],
    message: `${s.source}/${s.id} ${o.verdict}. ${words}`,
    arithmetic: [
      ...o.arithmetic,
      ...(reading === undefined ? [] : [`our reading: ${reading}`]),
      ...(revisions.length === 0
        ? []
        : [`words at ${s.reference.revision}, cells at ${revisions.join(", ")}`]),
    ],
    claims: o.claims,
    at: s.at,
  };
}

/** Rules over every statement that assert one of `forms`. */
export function statements<F extends AssertionForm>(
  corpus: Corpus,
  form: F,
  check: (asserts: Asserted<F>, s: Statement) => readonly Outcome[],
): Finding[] {
  return corpus.sources.flatMap((source) => source.statements).flatMap((s) =>
    s.asserts.form === form ? check(s.asserts as Asserted<F>, s).map((o) => findingAbout(s, o)) : []
  );
}

/** A number as words state it. */
export interface Stated {
  readonly stated: number;
  readonly decimals: number;
  readonly bound: "about" | "at-least" | "at-most";
}

/** Whether a computed number, known to +- `error`, is what the words state. */
export function matches(a: Stated, value: number, error: number): boolean {
  if (a.bound === "at-least") return value + error >= a.stated - 1e-9;
  if (a.bound === "at-most") return value - error <= a.stated + 1e-9;
  return Math.abs(value - a.stated) <= 0.5 * 10 ** -a.decimals + error + 1e-9;
}

const boundWord = { about: "", "at-least": "at least ", "at-most": "at most " } as const;
export const statedText = (a: Stated) => `${boundWord[a.bound]}${a.stated.toFixed(a.decimals)}`;

/** The most decimals that any of the cells prints. */
export const places = (...cs: readonly Claim[]) => Math.max(...cs.map((c) => c.decimals));
