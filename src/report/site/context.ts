/** What the makers of pages look things up in. */
import type { Claim } from "../../claims/claim.ts";
import type { Corpus } from "../../claims/corpus.ts";
import { ruleTitles } from "../../claims/audit.ts";
import type { Finding } from "../../claims/rules/finding.ts";
import { type Addresses, addressesOf, claimPath, statementPath } from "./addresses.ts";
import type { FindingLink } from "./blocks.ts";
import type { Collection } from "./collect.ts";
import { link } from "./frame.ts";

export interface SiteInput extends Collection {
  readonly corpus: Corpus;
  readonly findings: readonly Finding[];
}

/** Everything the pages say, with the places of the pages. */
export interface Context extends SiteInput {
  readonly address: Addresses;
  readonly claim: (id: string) => Claim | undefined;
  /**
   * Where the site shows what a verdict's id speaks of: the published cell, or the statement `source:id` (the id may go
   * on behind a slash). Undefined for what was never published.
   */
  readonly published: (id: string) => string | undefined;
  /** Findings that name a claim among their cells. */
  readonly about: (claim: Claim) => readonly Finding[];
  readonly ruleTitle: (finding: Finding) => string;
  /** Links to findings as written in the page `from`. */
  readonly links: (from: string, findings: readonly Finding[]) => readonly FindingLink[];
  /** What the rule checks, why it matters and what it assumes. */
  readonly ruleHelp: (finding: Finding) => string;
}

export function contextOf(input: SiteInput): Context {
  const claims = new Map(input.corpus.claims.map((c) => [c.id, c]));
  const statements = new Set(
    input.corpus.sources.flatMap((s) => s.statements.map(({ id }) => `${s.id}:${id}`)),
  );
  const about = new Map<string, Finding[]>();
  for (const finding of input.findings) {
    for (const id of new Set(finding.claims.map((c) => c.id))) {
      about.set(id, [...about.get(id) ?? [], finding]);
    }
  }
  const address = addressesOf(input.findings, input.results, input.runs);
  const ruleTitle = (f: Finding): string => ruleTitles.get(f.rule)?.title ?? f.rule;
  return {
    ...input,
    address,
    ruleTitle,
    links: (from, findings) =>
      findings.map((finding) => ({
        finding,
        address: link(from, address.finding(finding)),
        title: ruleTitle(finding),
      })),
    claim: (id) => claims.get(id),
    published: (id) => {
      const claim = claims.get(id);
      if (claim) return claimPath(claim);
      const name = id.split("/")[0]!;
      return statements.has(name) ? statementPath(...name.split(":") as [string, string]) : undefined;
    },
    about: (claim) => about.get(claim.id) ?? [],
    ruleHelp: (f) => ruleTitles.get(f.rule)?.help ?? "",
  };
}
