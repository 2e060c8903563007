/** What a static rule reports: which rule, which cells, the arithmetic, how bad. */
import type { Claim } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import type { Location } from "../positions.ts";

/** error: the published text and numbers contradict each other. warning: the numbers do not carry the words. note: know this before you use the number. */
export type Severity = "error" | "warning" | "note";
export const severities: readonly Severity[] = ["error", "warning", "note"];

export interface Finding {
  readonly rule: string;
  readonly severity: Severity;
  /** The sources concerned; the first is the one that the finding is about. */
  readonly sources: readonly string[];
  /** One sentence. */
  readonly message: string;
  /** The computation, line by line, with the numbers of the corpus. */
  readonly arithmetic: readonly string[];
  readonly claims: readonly Claim[];
  /** Where to look first; the claims carry their own places. */
  readonly at: Location;
}

/** A rule: it gets the whole corpus and reports findings. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  /** What is checked, why it matters and what it assumes. */
  readonly help: string;
  check(corpus: Corpus): readonly Finding[];
}

/** The ways to build a finding: from cells, or from a place in a source. */
export function findingOn(
  rule: string,
  severity: Severity,
  claims: readonly [Claim, ...Claim[]],
  message: string,
  arithmetic: readonly string[],
): Finding {
  const sources = [...new Set(claims.map((c) => c.source))];
  return { rule, severity, sources, message, arithmetic, claims, at: claims[0].at };
}

/** Text order of severities, sources and places, so that a report is the same every time. */
export function compareFindings(a: Finding, b: Finding): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    a.rule.localeCompare(b.rule) || a.at.file.localeCompare(b.at.file) || a.at.line - b.at.line ||
    a.at.column - b.at.column;
}

/** Fixed decimals without a negative zero. */
export function fixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
}

/** A signed difference. */
export function signed(value: number, decimals: number): string {
  const text = fixed(value, decimals);
  return text.startsWith("-") || Number(text) === 0 ? text : `+${text}`;
}
