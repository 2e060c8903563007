/** A result as a reader meets it: what the Markdown page, both HTML pages and the terminal are made from. */
import { type CheckResult, type ClaimResult, countsOf } from "../judge/outcome.ts";
import { REDUCED_SCALE, type Verdict, VERDICTS } from "../judge/judgement.ts";
import {
  BYTES,
  gridTable,
  hasIntervals,
  LEGEND,
  roundsBytes,
  saysMoreThanTimes,
  short,
  type TextTable,
  timesTable,
} from "./cells.ts";
import type { TableResult } from "./result.ts";

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly table?: TextTable;
}

export interface Document {
  readonly title: string;
  /** First on the page: what the result states, then counts and what is not as published. */
  readonly headline: readonly string[];
  readonly lead: string;
  readonly sections: readonly Section[];
  readonly plots: TableResult["plots"];
  readonly claims: Judged<ClaimResult>;
  readonly checks: Judged<CheckResult>;
  readonly protocol: readonly string[];
  readonly notes: readonly string[];
  readonly times: Section | undefined;
}

/** Published claims or own checks, with what a reader must know about all of them. */
export interface Judged<T> {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly lines: readonly T[];
}

/** Makes the document of a result. */
export function documentOf(result: TableResult): Document {
  const { title, scale, dataset, adapter, grids, claims, checks } = result;
  const lead = [
    `Table \`${result.table}\``,
    `scale \`${scale}\``,
    ...(dataset === undefined ? [] : [`dataset \`${dataset}\``]),
    ...(adapter === undefined ? ["no adapter was used"] : [`adapter ${adapter}`]),
  ].join(", ");
  const times = timesTable(grids);
  const reduced = claims.some((c) => c.differs.includes("scale")) && !result.notes.includes(REDUCED_SCALE);
  return {
    title,
    headline: [...result.headline, ...countsOf(claims, checks), ...notAsPublished(result)],
    lead: `${lead}.`,
    sections: grids.filter(saysMoreThanTimes).map((grid) => ({
      heading: grid.title,
      paragraphs: [
        ...(grid.note === undefined ? [] : [grid.note]),
        ...(hasIntervals(grid) ? [LEGEND] : []),
        ...(roundsBytes(grid) ? [BYTES] : []),
      ],
      table: gridTable(grid),
    })),
    plots: result.plots,
    claims: {
      heading: "Published claims",
      paragraphs: [
        ...countsOf(claims, []),
        ...familyOf(claims, "claims"),
        ...(reduced ? [REDUCED_SCALE] : []),
      ],
      lines: claims,
    },
    checks: {
      heading: "Checks of this project",
      paragraphs: [
        ...countsOf([], checks),
        "These are own questions, not published claims.",
        ...familyOf(checks, "checks"),
      ],
      lines: checks,
    },
    protocol: result.protocol,
    notes: result.notes,
    times: times && {
      heading: "Times",
      paragraphs: [
        "Measured on this machine, of finished work. They vary from run to run and are excluded from hashes and verdicts.",
      ],
      table: times,
    },
  };
}

/** Claims that are contradicted and checks that fail, by name. */
function notAsPublished({ claims, checks }: TableResult): string[] {
  const named = (what: string, ids: readonly string[]) =>
    ids.length === 0 ? [] : [
      `${what}: ${ids.slice(0, 6).map((id) => `\`${id}\``).join(", ")}${
        ids.length > 6 ? ` and ${ids.length - 6} more` : ""
      }.`,
    ];
  const contradicted = claims.filter((c) => c.verdict === "EXCEEDS" || c.verdict === "BELOW");
  const other = claims.filter((c) => c.direction === "contradicts");
  return [
    ...named("Not as published", contradicted.map((c) => c.id)),
    ...named("Against the published direction at this scale", other.map((c) => c.id)),
    ...named("Own checks that fail", checks.filter((c) => c.outcome === "fails").map((c) => c.id)),
  ];
}

/** Verdicts that decide nothing about a claim: pages show them folded. */
const SILENT: ReadonlySet<Verdict> = new Set(["NOT-COMPARABLE", "NOT-RUN"]);

/** Claims by verdict, in the order of the verdicts; `folded` are those that pages show on request. */
export function claimGroups(
  claims: readonly ClaimResult[],
): { readonly verdict: Verdict; readonly claims: readonly ClaimResult[]; readonly folded: boolean }[] {
  return VERDICTS.map((verdict) => {
    const own = claims.filter((c) => c.verdict === verdict);
    return { verdict, claims: own, folded: SILENT.has(verdict) && own.length > 3 };
  }).filter((group) => group.claims.length > 0);
}

const DIRECTION = {
  supports: "At this reduced scale the runs support the direction.",
  contradicts: "At this reduced scale the runs contradict the direction.",
  undecided: "At this reduced scale the runs do not decide the direction.",
} as const;

/** What a page says about a claim besides its statement and inequality, one sentence each. */
export function claimRemarks(claim: ClaimResult): string[] {
  const { source, paraphrase, direction, differs, notes = [] } = claim;
  const told = notes.filter((note) => !differs.some((field) => note.startsWith(`${field}: `)));
  return [
    `${paraphrase ? "In this project's words, from" : "From"} ${source.paper}${
      source.url === undefined ? "" : ` (${source.url})`
    }.`,
    ...(direction === undefined ? [] : [DIRECTION[direction]]),
    ...(differs.length === 0 ? [] : [`Differs in ${differs.join(", ")}.`]),
    ...testRemark(claim),
    ...told,
  ];
}

/** What a page says about a check besides its question and inequality, one sentence each. */
export function checkRemarks(check: CheckResult): string[] {
  return [...testRemark(check), ...check.notes ?? []];
}

/** Over what p-values were corrected. */
function familyOf(lines: readonly Pick<ClaimResult, "pCorrected">[], what: string): string[] {
  const tested = lines.filter((line) => line.pCorrected !== undefined).length;
  return tested < 2
    ? []
    : [`p-values are corrected over the ${tested} tested ${what} by Benjamini and Hochberg's procedure.`];
}

function testRemark({ p, pCorrected }: Pick<ClaimResult, "p" | "pCorrected">): string[] {
  if (p === undefined) return [];
  return [`p = ${short(p)}${pCorrected === undefined ? "" : `, corrected ${short(pCorrected)}`}.`];
}
