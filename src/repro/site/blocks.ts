/** Pieces that several pages are made of: tables in a box of their own, badges, facts, findings. */
import type { Finding, Severity } from "../findings/finding.ts";
import { severities } from "../findings/finding.ts";
import type { Verdict } from "../judge/judgement.ts";
import { type Html, html, type Part } from "./html.ts";

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

/**
 * A table that scrolls inside its own box when it is wider than the page. `id` must differ from every other on the page:
 * the box is reached by keyboard and is named by the caption.
 */
export function tableBox(id: string, caption: Part, columns: readonly Column[], rows: readonly Row[]): Html {
  const style = ({ kind }: Column): Part =>
    kind === "number"
      ? html`
        class="r"
      `
      : kind === "wrap" && html`
        class="wrap"
      `;
  const cell = (part: Part, i: number): Html =>
    columns[i]!.kind === "head"
      ? html`<th scope="row">${part}</th>`
      : html`<td${style(columns[i]!)}>${part}</td>`;
  return html`
    <div class="box" role="region" tabindex="0" aria-labelledby="${id}">
      <table>
        <caption id="${id}"><span>${caption}</span></caption>
        <thead>
          <tr>${columns.map((c) =>
            html`
              <th scope="col" ${style(c)}>${c.title}</th>
            `
          )}</tr>
        </thead>
        <tbody>
    ${rows.map((r) =>
      html`<tr${
        r.id !== undefined && html`
          id="${r.id}"
        `
      }>${r.cells.map(cell)}</tr>\n`
    )}</tbody>
      </table>
    </div>
  `;
}

/** Terms and what they are, without those that are undefined. */
export function facts(entries: readonly (readonly [string, Part])[]): Html {
  const given = entries.filter(([, value]) => value !== undefined && value !== false);
  return html`
    <dl class="facts">${given.map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>\n`)}</dl>
  `;
}

const TONES: Readonly<Record<Verdict | Severity, string>> = {
  REPRODUCED: "good",
  EXCEEDS: "bad",
  BELOW: "bad",
  TAMPERED: "bad",
  INCONCLUSIVE: "warn",
  "NOT-COMPARABLE": "",
  "NOT-RUN": "",
  error: "bad",
  warning: "warn",
  note: "",
};

/** A verdict or severity, as a word that does not rest on its colour. */
export function badge(word: Verdict | Severity): Html {
  const tone = TONES[word];
  return html`<span class="badge${tone && ` ${tone}`}">${word}</span>`;
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

/** Findings as a list of cards: how bad, what, where to read on. */
export function findingCards(
  findings: readonly Finding[],
  address: (finding: Finding) => string,
  title: (finding: Finding) => string,
): Html {
  return html`
    <ul class="cards">
    ${findings.map((f) =>
      html`
        <li>
          <p>${badge(f.severity)} <a href="${address(f)}">${title(f)}</a></p>
          <p>${f.message}</p>
        </li>\\n
      `
    )}</ul>
  `;
}

/** The short form of a hash, with the whole in reach of a reader who copies it. */
export function hash(text: string): Html {
  return html`<code>${text}</code>`;
}
