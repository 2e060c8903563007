/** A paper or library: where its numbers were read, what the audit finds, its tables as published, its sentences, doubts. */
import { type Claim, show, type Source, type Statement, type Table } from "../claims/claim.ts";
import { type Finding, severities } from "../findings/finding.ts";
import { claimPath, claimsPath, sourcePath } from "./addresses.ts";
import { bySeverity, findingCards, plural, tableBox } from "./blocks.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, html, type Part } from "./html.ts";

export function sourcePage(context: Context, source: Source): string {
  const path = sourcePath(source.id);
  const to = (target: string) => link(path, target);
  const findings = context.findings.filter((f) => f.sources.includes(source.id));
  const n = bySeverity(findings);
  const cards = (list: readonly Finding[]) =>
    findingCards(list, (f) => to(context.address.finding(f)), context.ruleTitle);
  const body = html`
    <p
      class="lead">${source.kind === "paper" ? "A paper" : "A library"} with ${plural(
        source.claims.length,
        "claim",
      )} in ${plural(source.tables.length, "table")} and ${plural(
        source.statements.length,
        "statement",
      )}. The audit finds ${plural(n.error, "error")}, ${plural(n.warning, "warning")} and ${plural(
        n.note,
        "note",
      )}.</p>
    ${contents(source, findings)}
    <h2 id="read-from">Read from</h2>
    ${tableBox(
      "read-caption",
      html`Transcribed in <code>${source.file}</code>.`,
      [{ title: "reference", kind: "head" }, { title: "where", kind: "wrap" }, { title: "revision" }, {
        title: "transcription",
      }],
      source.references.map((r) => ({
        cells: [
          r.id,
          html`<code>${r.where}</code>${r.gone !== undefined && html`<br>No longer served: ${r.gone}`}`,
          html`<code>${r.revision}</code>`,
          words(r.certainty),
        ],
      })),
    )}
    <h2 id="findings">Findings</h2>
    ${findings.length === 0 ? html`<p>None.</p>` : cards(findings)}
    <h2 id="published">Published tables</h2>
    <p>As published. A marked number is named by a finding; it leads to the claim with its quote, protocol and findings.</p>
    ${source.tables.map((table) => publishedTable(context, source, table, to, cards))}
    ${source.statements.length > 0 && statements(context, source, cards)}
    ${source.doubts.length > 0 &&
      html`<h2 id="doubts">Doubts that need a run</h2>
${
        tableBox(
          "doubts-caption",
          "Raised by reviewers or by us; an audit cannot settle them.",
          [{ title: "id", kind: "head" }, { title: "doubt", kind: "wrap" }, { title: "run", kind: "wrap" }, {
            title: "expected",
            kind: "wrap",
          }],
          source.doubts.map((d) => ({ cells: [d.id, d.doubt, d.experiment, d.expected] })),
        )
      }`}
  `;
  return frame({ path, title: source.title, trail: [], body });
}

/** Hyphenated names of the corpus as words. */
export const words = (name: string): string => name.replaceAll("-", " ");

/** Links to the parts of a long page. */
function contents(source: Source, findings: readonly Finding[]): Html {
  const entries: [string, string][] = [
    ["findings", `Findings (${findings.length})`],
    ["published", `Published tables (${source.tables.length})`],
    ...(source.statements.length > 0
      ? [["statements", `Statements (${source.statements.length})`] as [string, string]]
      : []),
    ...(source.doubts.length > 0 ? [["doubts", `Doubts (${source.doubts.length})`] as [string, string]] : []),
  ];
  return html`
    <nav aria-label="On this page">
      <ul class="inline">${entries.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul>
    </nav>
  `;
}

/** The grid of a table, then where it was read and the findings that name its cells. */
function publishedTable(
  context: Context,
  source: Source,
  table: Table,
  to: (target: string) => string,
  cards: (findings: readonly Finding[]) => Html,
): Html {
  const claims = source.claims.filter((c) => c.table === table.id);
  const cell = new Map(claims.map((c) => [`${c.row}/${c.column}`, c]));
  const findings = [...new Set(claims.flatMap((c) => context.about(c)))];
  const units = [...new Set(claims.map((c) => c.unit))];
  const mixed = units.length > 1;
  return html`
    <h3 id="table-${table.id}">${table.title}</h3>
    ${tableBox(
      `caption-${table.id}`,
      html`${plural(claims.length, "claim")}${!mixed && units[0] !== undefined && ` in ${units[0]}`}, ${
        readAt(claims)
      }.`,
      [{ title: "row", kind: "head" }, ...table.columns.map((title) => ({ title, kind: "number" as const }))],
      table.rows.map((row) => ({
        cells: [row, ...table.columns.map((c) => value(context, cell.get(`${row}/${c}`), mixed, to))],
      })),
    )}<p><a href="${to(claimsPath(table))}">All ${plural(claims.length, "claim")} of ${table
      .title} in full</a></p>
    ${findings.length > 0 &&
      html`<h4>${plural(findings.length, "finding")} on cells of this table</h4>${cards(findings)}`}
  `;
}

function value(context: Context, claim: Claim | undefined, mixed: boolean, to: (t: string) => string): Part {
  if (!claim) return html`<span class="muted">none</span>`;
  const text = claimValue(claim, mixed);
  const about = context.about(claim);
  if (about.length === 0) return text;
  const worst = severities.find((s) => about.some((f) => f.severity === s))!;
  const tone = worst === "error" ? "bad" : worst === "warning" ? "warn" : "";
  return html`<a${
    tone && html`
      class="${tone}"
    `
  } href="${to(claimPath(claim))}" title="${plural(about.length, "finding")}">${text}</a>`;
}

/** The number as printed, with bound, spread and, if asked for, unit. */
export function claimValue(claim: Claim, unit: boolean): string {
  const bound = { exact: "", "at-least": ">= ", "at-most": "<= ", about: "about " }[claim.bound];
  const spread = claim.spread ? ` ± ${show(claim.spread)}` : "";
  return `${bound}${show(claim)}${spread}${unit ? ` ${claim.unit}` : ""}`;
}

/** `read from X at REVISION (certainty)` for every reference that the claims use. */
function readAt(claims: readonly Claim[]): Part {
  const references = [...new Map(claims.map((c) => [c.reference.id, c.reference])).values()];
  return references.map((r, i) =>
    html`${i > 0 && "; "}read from <code>${r.where}</code> at <code>${r.revision}</code> (${
      words(r.certainty)
    })`
  );
}

function statements(
  context: Context,
  source: Source,
  cards: (findings: readonly Finding[]) => Html,
): Html {
  const about = (s: Statement) =>
    context.findings.filter((f) =>
      f.at.file === s.at.file && f.at.line === s.at.line && f.at.column === s.at.column
    );
  return html`<h2 id="statements">Statements</h2>
${
    source.statements.map((s) => {
      const findings = about(s);
      return html`
        <h3 id="statement-${s.id}">${words(s.id)}</h3>
        <blockquote>
          <p>${s.quote}</p>
        </blockquote>
        <p
          class="small muted">${s.paraphrase ? "In our words, from" : "Quoted from"} <code>${s.reference
            .where}</code> at <code>${s.reference.revision}</code> (${words(
              s.reference.certainty,
            )}); checked as ${words(s.asserts.form)}; <code>${s.at.file}:${s.at.line}</code></p>
        ${findings.length === 0 ? html`<p>No finding.</p>` : cards(findings)}
      `;
    })
  }`;
}
