/** The overview: what Assay is, reproduced tables with their verdicts, sources with their findings. */
import { VERDICTS } from "../../judge/judgement.ts";
import { OUTCOMES } from "../../judge/outcome.ts";
import { sourcePath } from "./addresses.ts";
import { badge, bySeverity, plural, tableBox, type Word } from "./blocks.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, inline, markup, type Part } from "./html.ts";

const PATH = "index.html";

export function indexPage(context: Context): string {
  const { corpus, findings, results, runs, problems } = context;
  const to = (target: string) => link(PATH, target);
  const body =
    markup`<p class="lead">Assay reproduces and audits papers on self-supervised learning. It trains their
encoders with its own WebGPU engine, measures accuracy and peak GPU memory, and sets what it measured beside what was
published, with a verdict for each claim. It also reads the published tables themselves and reports where they
contradict one another.</p>
<ul class="figures">
${figure(corpus.claims.length, "published claim")}
${figure(corpus.sources.length, "source")}
${figure(findings.length, "finding")}
${figure(results.length, "reproduced table")}
${figure(runs.length, "recorded run")}
</ul>
${problems.length > 0 && unreadable(problems)}
<h2 id="tables">Reproduced tables</h2>
${resultTable(context, to)}
<h2 id="sources">Published claims and what an audit finds in them</h2>
<p>Every number was transcribed with its place, the revision it was read at, and how sure the transcription is.
${
      findings.length > 0 &&
      markup`<a href="${to("findings/index.html")}">All ${plural(findings.length, "finding")}</a>
follow from these numbers alone, by arithmetic that each page shows.`
    }</p>
${sourceTable(context, to)}
<h2 id="words">What the words mean</h2>
<h3>Verdicts on a published claim, by a run</h3>
<dl class="facts words">
${meaning("REPRODUCED", "The difference lies inside the stated margin, shown by two one-sided tests.")}
${meaning("EXCEEDS", "The measured number is larger than claimed by more than the margin.")}
${meaning("BELOW", "The measured number is smaller than claimed by more than the margin.")}
${meaning("INCONCLUSIVE", "The runs do not decide; the page says how many seeds would.")}
${meaning("NOT-COMPARABLE", "Protocol, dataset or scale differ from the claim's.")}
${meaning("NOT-RUN", "No run of the claim is recorded.")}
${meaning("TAMPERED", "The evidence was altered.")}
</dl>
<h3>Checks of this project, which are no published claims</h3>
<dl class="facts words">
${meaning("holds", "The bound was kept, or the direction shown.")}
${meaning("fails", "The bound was broken, or the opposite direction shown.")}
${
      meaning(
        "undecided",
        "The runs do not decide, or the bound also lets a case through that is known to be wrong.",
      )
    }
${meaning("not-run", "No run of it is recorded.")}
</dl>
<h3>Findings in published numbers</h3>
<dl class="facts words">
${meaning("error", "Published words and numbers exclude each other.")}
${meaning("warning", "The published numbers do not support the words, or one another.")}
${meaning("note", "To know before using the numbers.")}
</dl>
`;
  return frame({ path: PATH, title: "Assay: published results, checked", body });
}

function figure(n: number, word: string): Html {
  return markup`<li><strong>${n.toLocaleString("en-US")}</strong> ${word}${n !== 1 && "s"}</li>`;
}

function meaning(word: Word, sentence: string): Html {
  return markup`<dt>${badge(word)}</dt><dd>${sentence}</dd>`;
}

/** How often each word occurs, in the order of `words`. */
export function wordCounts<W extends Word>(words: readonly W[], found: readonly W[]): Part {
  return words.map((word) => [word, found.filter((w) => w === word).length] as const)
    .filter(([, n]) => n > 0).map(([word, n]) => markup`${badge(word)} ${n} `);
}

function resultTable({ results, address }: Context, to: (target: string) => string): Html {
  if (results.length === 0) {
    return markup`<p>None is recorded here yet. <code>./run repro table6</code> makes the first.</p>`;
  }
  return tableBox(
    "tables-caption",
    "A reduced scale can at most support the direction of a claim, not its value.",
    [
      { title: "table", kind: "head" },
      { title: "published claims", kind: "wrap" },
      { title: "own checks", kind: "wrap" },
      { title: "what it shows", kind: "wrap" },
      { title: "scale" },
      { title: "dataset" },
    ],
    results.map((found) => ({
      cells: [
        markup`<a href="${to(address.result(found))}">${found.result.table}</a>`,
        found.result.claims.length === 0
          ? "none"
          : wordCounts(VERDICTS, found.result.claims.map((c) => c.verdict)),
        found.result.checks.length === 0
          ? "none"
          : wordCounts(OUTCOMES, found.result.checks.map((c) => c.outcome)),
        markup`${found.result.title}${found.result.headline.map((line) => markup`<br>${inline(line)}`)}`,
        found.result.scale,
        found.result.dataset ?? "none",
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
      { title: "errors", kind: "number" },
      { title: "warnings", kind: "number" },
      { title: "notes", kind: "number" },
      { title: "claims", kind: "number" },
      { title: "statements", kind: "number" },
      { title: "title", kind: "wrap" },
    ],
    corpus.sources.map((s) => {
      const n = bySeverity(findings.filter((f) => f.sources.includes(s.id)));
      return {
        cells: [
          markup`<a href="${to(sourcePath(s.id))}">${s.id}</a>`,
          n.error > 0 ? markup`<span class="bad">${n.error}</span>` : 0,
          n.warning > 0 ? markup`<span class="warn">${n.warning}</span>` : 0,
          n.note,
          s.claims.length,
          s.statements.length,
          s.title,
        ],
      };
    }),
  );
}

function unreadable(problems: readonly string[]): Html {
  return markup`<h2 id="unreadable">Not readable</h2>
<p>These files were found but could not be used; nothing on this site rests on them.</p>
<ul>${problems.map((p) => markup`<li>${p}</li>`)}</ul>
`;
}
