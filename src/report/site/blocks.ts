/** Pieces that several pages are made of: tables in a box of their own, badges, facts, findings. */
import type { Finding, Severity } from "../../claims/rules/finding.ts";
import { severities } from "../../claims/rules/finding.ts";
import type { Verdict } from "../../judge/judgement.ts";
import type { Outcome } from "../../judge/outcome.ts";
import { attribute, type Html, markup, type Part } from "./html.ts";

/** One column: its heading and how its cells stand. `head` cells name their row; `wrap` breaks long texts. */
export interface Column {
  readonly title: string;
  readonly kind?: "text" | "number" | "head" | "wrap";
}

export interface Row {
  /** Anchor for links to the row. */
  readonly id?: string;
  readonly cells: readonly Part[];
}

/** A caption for those who do not see the heading above the table that says the same. */
export interface Unseen {
  readonly unseen: string;
}

/**
 * A table that scrolls inside its own box when it is wider than the page. `id` must differ from every other on the page:
 * the box is reached by keyboard and is named by the caption.
 */
export function tableBox(
  id: string,
  caption: Part | Unseen,
  columns: readonly Column[],
  rows: readonly Row[],
): Html {
  const hidden = typeof caption === "object" && "unseen" in caption;
  const style = ({ kind }: Column): Part =>
    attribute("class", kind === "number" ? "r" : kind === "wrap" && "wrap");
  const cell = (part: Part, i: number): Html =>
    columns[i]!.kind === "head"
      ? markup`<th scope="row">${part}</th>`
      : markup`<td${style(columns[i]!)}>${part}</td>`;
  return markup`<div class="box" role="region" tabindex="0" aria-labelledby="${id}"><table>
<caption id="${id}"${attribute("class", hidden && "unseen")}><span>${
    hidden ? caption.unseen : caption
  }</span></caption>
<thead><tr>${columns.map((c) => markup`<th scope="col"${style(c)}>${c.title}</th>`)}</tr></thead>
<tbody>${rows.map((r) => markup`<tr${attribute("id", r.id)}>${r.cells.map(cell)}</tr>\n`)}</tbody>
</table></div>
`;
}

/** Terms and what they are, without those that are undefined. */
export function facts(entries: readonly (readonly [string, Part])[]): Html {
  const given = entries.filter(([, value]) => value !== undefined && value !== false);
  return markup`<dl class="facts">${
    given.map(([term, value]) => markup`<dt>${term}</dt><dd>${value}</dd>`)
  }</dl>
`;
}

/** A word that stands in a badge. */
export type Word = Verdict | Outcome | Severity;

const TONES: Readonly<Record<Word, string>> = {
  REPRODUCED: "good",
  EXCEEDS: "bad",
  BELOW: "bad",
  TAMPERED: "bad",
  INCONCLUSIVE: "warn",
  "NOT-COMPARABLE": "",
  "NOT-RUN": "",
  holds: "good",
  fails: "bad",
  undecided: "warn",
  "not-run": "",
  error: "bad",
  warning: "warn",
  note: "",
};

/** A verdict, outcome or severity, as a word that does not rest on its colour. */
export function badge(word: Word): Html {
  const tone = TONES[word];
  return markup`<span class="badge ${tone}">${word}</span>`;
}

/** `1 claim`, `2 claims`. */
export function plural(n: number, word: string): string {
  return `${n.toLocaleString("en-US")} ${word}${n === 1 ? "" : "s"}`;
}

/** How many findings there are of each severity. */
export function bySeverity(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const of = (severity: Severity) => findings.filter((f) => f.severity === severity).length;
  return Object.fromEntries(severities.map((s) => [s, of(s)])) as Record<Severity, number>;
}

/** A finding in a list: how bad, and a link by its rule's title. */
export interface FindingLink {
  readonly finding: Finding;
  readonly address: string;
  readonly title: string;
}

/** Findings as a list of cards, with what each says. */
export function findingCards(links: readonly FindingLink[]): Html {
  return markup`<ul class="cards">
${
    links.map(({ finding, address, title }) =>
      markup`<li><p>${
        badge(finding.severity)
      } <a href="${address}">${title}</a></p><p>${finding.message}</p></li>
`
    )
  }</ul>
`;
}

/** Findings as a compact list. */
export function findingLines(links: readonly FindingLink[]): Html {
  return markup`<ul class="plain small">
${
    links.map(({ finding, address, title }) =>
      markup`<li>${badge(finding.severity)} <a href="${address}">${title}</a>: ${finding.message}</li>
`
    )
  }</ul>
`;
}

/** A hash, whole, so that a reader can copy it. */
export function hash(text: string): Html {
  return markup`<code>${text}</code>`;
}
