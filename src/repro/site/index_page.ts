/** The overview: what Assay is, reproduced tables with their verdicts, sources with their findings. */
import type { Verdict } from "../judge/judgement.ts";
import { sourcePath } from "./addresses.ts";
import { badge, bySeverity, plural, tableBox } from "./blocks.ts";
import type { FoundResult } from "./collect.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, html } from "./html.ts";

const PATH = "index.html";

export function indexPage(context: Context): string {
  const { corpus, findings, results, runs, problems } = context;
  const to = (target: string) => link(PATH, target);
  const body = html`
    <p
      class="lead">Assay reproduces and audits papers on self-supervised learning. It trains their encoders with its own
    WebGPU engine, measures accuracy and peak GPU memory, and sets what it measured beside what was published, with a
    verdict for each claim. It also reads the published tables themselves and reports where they contradict one
    another.</p>
    <ul class="figures">
      <li><strong>${corpus.claims.length.toLocaleString("en-US")}</strong> published claims</li>
      <li><strong>${corpus.sources.length}</strong> papers and libraries</li>
      <li><strong>${findings.length}</strong> findings</li>
      <li><strong>${results.length}</strong> reproduced tables</li>
      <li><strong>${runs.length}</strong> recorded runs</li>
    </ul>
    ${problems.length > 0 && unreadable(problems)}
    <h2 id="tables">Reproduced tables</h2>
    ${resultTable(context, to)}
    <h2 id="sources">Published claims and what an audit finds in them</h2>
    <p>Every number below was transcribed with its place, the revision it was read at, and how sure the transcription
    is. <a href="${to("findings/index.html")}">All ${plural(
      findings.length,
      "finding",
    )}</a> are recomputed from
    these numbers.</p>
    ${sourceTable(context, to)}
    <h2 id="words">How to read the words</h2>
    <dl class="facts">
      <dt>${badge("REPRODUCED")}</dt>
      <dd>The difference lies inside the stated margin, shown by two one-sided tests.</dd>
      <dt>${badge("EXCEEDS")} ${badge("BELOW")}</dt>
      <dd>The measured number is larger, or smaller, than claimed by more than the margin.</dd>
      <dt>${badge("INCONCLUSIVE")}</dt>
      <dd>The runs do not decide; the page says how many seeds would.</dd>
      <dt>${badge("NOT-COMPARABLE")}</dt>
      <dd>Protocol, dataset or scale differ from the claim's.</dd>
      <dt>${badge("NOT-RUN")}</dt>
      <dd>No run of the claim is recorded.</dd>
      <dt>${badge("TAMPERED")}</dt>
      <dd>The evidence was altered.</dd>
      <dt>${badge("error")}</dt>
      <dd>Published words and numbers exclude each other.</dd>
      <dt>${badge("warning")}</dt>
      <dd>The published numbers do not support the words, or one another.</dd>
      <dt>${badge("note")}</dt>
      <dd>To know before using the numbers.</dd>
    </dl>
  `;
  return frame({ path: PATH, title: "Assay: published results, checked", body });
}

/** Distinct verdicts of a table with their counts, in order of first appearance. */
export function verdictCounts({ result }: FoundResult): readonly (readonly [Verdict, number])[] {
  const counts = new Map<Verdict, number>();
  for (const { verdict } of result.claims) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  return [...counts];
}

function resultTable({ results, address }: Context, to: (target: string) => string): Html {
  if (results.length === 0) {
    return html`<p>None is recorded here yet. <code>./run repro table6</code> makes the first.</p>`;
  }
  return tableBox(
    "tables-caption",
    "A reduced scale can at most support the direction of a claim, not its value.",
    [
      { title: "table", kind: "head" },
      { title: "what it shows", kind: "wrap" },
      { title: "scale" },
      { title: "dataset" },
      { title: "verdicts", kind: "wrap" },
    ],
    results.map((found) => ({
      cells: [
        html`<a href="${to(address.result(found))}">${found.result.table}</a>`,
        found.result.title,
        found.result.scale,
        found.result.dataset ?? "none",
        found.result.claims.length === 0 ? "no claim" : verdictCounts(found).map(([verdict, n]) =>
          html`
            ${badge(verdict)} ${n}
          `
        ),
      ],
    })),
  );
}

function sourceTable({ corpus, findings }: Context, to: (target: string) => string): Html {
  return tableBox(
    "sources-caption",
    "A finding between two sources counts in both rows.",
    [
      { title: "source", kind: "head" },
      { title: "title", kind: "wrap" },
      { title: "claims", kind: "number" },
      { title: "statements", kind: "number" },
      { title: "errors", kind: "number" },
      { title: "warnings", kind: "number" },
      { title: "notes", kind: "number" },
    ],
    corpus.sources.map((s) => {
      const n = bySeverity(findings.filter((f) => f.sources.includes(s.id)));
      return {
        cells: [
          html`<a href="${to(sourcePath(s.id))}">${s.id}</a>`,
          s.title,
          s.claims.length,
          s.statements.length,
          n.error > 0 ? html`<span class="bad">${n.error}</span>` : 0,
          n.warning > 0 ? html`<span class="warn">${n.warning}</span>` : 0,
          n.note,
        ],
      };
    }),
  );
}

function unreadable(problems: readonly string[]): Html {
  return html`
    <h2 id="unreadable">Not readable</h2>
    <p>These files were found but could not be used; nothing on this site rests on them.</p>
    <ul>${problems.map((p) => html`<li>${p}</li>`)}</ul>
  `;
}
