/** A paper or library: where its numbers were read, what the audit finds, its tables as published, its sentences, doubts. */
import { type Claim, show, type Source, type Statement, type Table } from "../../claims/claim.ts";
import { type Finding, severities } from "../../claims/rules/finding.ts";
import { claimPath, claimsPath, sourcePath, statementAnchor } from "./addresses.ts";
import { bySeverity, findingCards, findingLines, plural, tableBox } from "./blocks.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { attribute, type Html, markup, type Part } from "./html.ts";

export function sourcePage(context: Context, source: Source): string {
  const path = sourcePath(source.id);
  const findings = context.findings.filter((f) => f.sources.includes(source.id));
  const n = bySeverity(findings);
  const counts = {
    claims: plural(source.claims.length, "claim"),
    tables: plural(source.tables.length, "table"),
    statements: plural(source.statements.length, "statement"),
  };
  const body = markup`<p class="lead">${
    source.kind === "paper" ? "A paper" : "A library"
  } with ${counts.claims} in ${counts.tables} and ${counts.statements}.
The audit finds ${plural(n.error, "error")}, ${plural(n.warning, "warning")} and ${
    plural(n.note, "note")
  }.</p>
${contents(source, findings)}
<h2 id="findings">Findings</h2>
${findings.length === 0 ? markup`<p>None.</p>` : findingCards(context.links(path, findings))}
<h2 id="published">Published tables</h2>
<p>As published. A linked number is named by a finding; it leads to the claim with its quote, protocol and findings.</p>
${source.tables.map((table) => publishedTable(context, source, table))}
${source.statements.length > 0 && statements(context, source)}
${source.doubts.length > 0 && doubts(source)}
<h2 id="read-from">Read from</h2>
${references(source)}`;
  return frame({ path, title: source.title, trail: [], body });
}

/** Hyphenated names of the corpus as words. */
export const words = (name: string): string => name.replaceAll("-", " ");

/** Links to the parts of a long page. */
function contents(source: Source, findings: readonly Finding[]): Html {
  const part = (id: string, title: string, n: number) =>
    n > 0 && markup`<li><a href="#${id}">${title} (${n})</a></li>`;
  return markup`<nav aria-label="On this page"><ul class="inline">
${part("findings", "Findings", findings.length)}
${part("published", "Published tables", source.tables.length)}
${part("statements", "Statements", source.statements.length)}
${part("doubts", "Doubts", source.doubts.length)}
${part("read-from", "References", source.references.length)}
</ul></nav>
`;
}

/** The grid of a table, then where it was read and the findings that name its cells. */
function publishedTable(context: Context, source: Source, table: Table): Html {
  const path = sourcePath(source.id);
  const claims = source.claims.filter((c) => c.table === table.id);
  const cell = new Map(claims.map((c) => [`${c.row}/${c.column}`, c]));
  const named = new Set(claims.flatMap((c) => context.about(c)));
  const findings = context.findings.filter((f) => named.has(f)); // the most severe first
  const units = [...new Set(claims.map((c) => c.unit))];
  const mixed = units.length > 1;
  const unit = mixed ? "" : ` in ${units[0]}`;
  return markup`<h3 id="table-${table.id}">${table.title}</h3>
${
    tableBox(
      `caption-${table.id}`,
      markup`${plural(claims.length, "claim")}${unit}, ${readAt(claims)}.`,
      [{ title: "row", kind: "head" }, ...table.columns.map((title) => ({ title, kind: "number" as const }))],
      table.rows.map((row) => ({
        cells: [row, ...table.columns.map((c) => value(context, cell.get(`${row}/${c}`), mixed))],
      })),
    )
  }${
    findings.length > 0 &&
    markup`<p>${plural(findings.length, "finding")} on its cells:</p>
${findingLines(context.links(path, findings))}`
  }<p><a href="${link(path, claimsPath(table))}">Quotes and protocols of ${table.title}</a></p>
`;
}

function value(context: Context, claim: Claim | undefined, unit: boolean): Part {
  if (!claim) return undefined; // the source leaves the cell empty
  const text = claimValue(claim, unit);
  const about = context.about(claim);
  if (about.length === 0) return text;
  const worst = severities.find((s) => about.some((f) => f.severity === s))!;
  const tone = attribute("class", worst === "error" ? "bad" : worst === "warning" && "warn");
  const address = link(sourcePath(claim.source), claimPath(claim));
  return markup`<a${tone} href="${address}" title="${plural(about.length, "finding")}">${text}</a>`;
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
    markup`${i > 0 && "; "}read from <code>${r.where}</code> at <code>${r.revision}</code> (${
      words(r.certainty)
    })`
  );
}

function statements(context: Context, source: Source): Html {
  const about = ({ at }: Statement) =>
    context.findings.filter((f) =>
      f.at.file === at.file && f.at.line === at.line && f.at.column === at.column
    );
  const one = (s: Statement): Html => {
    const findings = about(s);
    const from = s.paraphrase ? "In our words, from" : "Quoted from";
    return markup`<h3 id="${statementAnchor(s.id)}">${words(s.id)}</h3>
<blockquote><p>${s.quote}</p></blockquote>
<p class="small muted">${from} <code>${s.reference.where}</code> at <code>${s.reference.revision}</code> (${
      words(s.reference.certainty)
    }); checked as ${words(s.asserts.form)}; <code>${s.at.file}:${s.at.line}</code></p>
${
      findings.length === 0
        ? markup`<p>No finding.</p>`
        : findingLines(context.links(sourcePath(source.id), findings))
    }`;
  };
  return markup`<h2 id="statements">Statements</h2>
${source.statements.map(one)}`;
}

function doubts(source: Source): Html {
  return markup`<h2 id="doubts">Doubts that need a run</h2>
${
    tableBox(
      "doubts-caption",
      "Raised by reviewers or by us; an audit cannot settle them.",
      [
        { title: "id", kind: "head" },
        { title: "doubt", kind: "wrap" },
        { title: "run", kind: "wrap" },
        { title: "expected", kind: "wrap" },
      ],
      source.doubts.map((d) => ({ cells: [d.id, d.doubt, d.experiment, d.expected] })),
    )
  }`;
}

function references(source: Source): Html {
  return tableBox(
    "references-caption",
    markup`Transcribed in <code>${source.file}</code>.`,
    [
      { title: "reference", kind: "head" },
      { title: "where", kind: "wrap" },
      { title: "revision", kind: "wrap" },
      { title: "transcription" },
    ],
    source.references.map((r) => ({
      cells: [
        r.id,
        markup`<code>${r.where}</code>${r.gone !== undefined && markup`<br>No longer served: ${r.gone}`}`,
        markup`<code>${r.revision}</code>`,
        words(r.certainty),
      ],
    })),
  );
}
