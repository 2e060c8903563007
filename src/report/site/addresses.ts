/** Where each page lies. Names follow from content alone: not from times, not from the order of reading. */
import { canonical, sha256 } from "../../base/canonical.ts";
import type { Claim, Table } from "../../claims/claim.ts";
import type { Finding } from "../../claims/rules/finding.ts";
import type { FoundResult, FoundRun } from "./collect.ts";

/** Page of a source. */
export const sourcePath = (source: string): string => `sources/${source}.html`;

/** Page with every claim of one published table. */
export const claimsPath = (table: Pick<Table, "source" | "id">): string =>
  `claims/${table.source}/${table.id}.html`;

/** Anchor of a claim on that page. */
export const claimAnchor = (claim: Claim): string => `${claim.row}/${claim.column}`;

/** A claim's place: page and anchor. */
export const claimPath = (claim: Claim): string =>
  `${claimsPath({ source: claim.source, id: claim.table })}#${claimAnchor(claim)}`;

/** Anchor of a statement on its source's page. */
export const statementAnchor = (statement: string): string => `statement-${statement}`;

/** A statement's place: page and anchor. */
export const statementPath = (source: string, statement: string): string =>
  `${sourcePath(source)}#${statementAnchor(statement)}`;

export interface Addresses {
  readonly finding: (finding: Finding) => string;
  readonly result: (result: FoundResult) => string;
  readonly run: (run: FoundRun) => string;
}

/** Gives every finding, result and run a name of its own. */
export function addressesOf(
  findings: readonly Finding[],
  results: readonly FoundResult[],
  runs: readonly FoundRun[],
): Addresses {
  return {
    finding: name("findings", findings, (f) => [`${f.rule} ${f.sources[0]}`, findingDigest(f)]),
    result: name("tables", results, (r) => [`${r.result.table} ${r.result.scale}`, r.digest]),
    run: name("runs", runs, (r) => [r.name, r.digest]),
  };
}

/** What a finding says, without its line numbers: a link keeps working when a file of claims grows. */
function findingDigest(f: Finding): string {
  return sha256(canonical([f.rule, f.sources, f.message, f.claims.map((c) => c.id)]));
}

/** `folder/words-digest.html`; equal digests are numbered in their order. */
function name<T>(
  folder: string,
  items: readonly T[],
  of: (item: T) => readonly [string, string],
): (item: T) => string {
  const taken = new Set([`${folder}/index`]);
  const paths = new Map<T, string>();
  for (const item of items) {
    const [words, digest] = of(item);
    const stem = `${folder}/${slug(words)}-${digest.slice(0, 8)}`;
    let path = stem;
    for (let n = 2; taken.has(path); n++) path = `${stem}-${n}`;
    taken.add(path);
    paths.set(item, `${path}.html`);
  }
  return (item) => paths.get(item)!;
}

/** Lower-case letters, digits and hyphens: safe on any file system and in any address. */
export function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "page";
}
