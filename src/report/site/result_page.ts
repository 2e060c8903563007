/** A reproduced table: what was measured beside what was published, verdicts with their inequalities, plots, runs. */
import type { ClaimResult } from "../../judge/judgement.ts";
import { REDUCED_SCALE } from "../../judge/judgement.ts";
import { type Document, documentOf, type Grid, type Section } from "../report.ts";
import { badge, facts, hash, plural, tableBox } from "./blocks.ts";
import type { FoundResult, FoundRun } from "./collect.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, inline, markup } from "./html.ts";
import { figure, plotImage } from "./plot_image.ts";

/** The page and its images, by path. */
export async function resultFiles(context: Context, found: FoundResult): Promise<Map<string, string>> {
  const path = context.address.result(found);
  const doc = documentOf(found.result);
  const files = new Map<string, string>();
  const images: string[] = [];
  for (const [i, plot] of doc.plots.entries()) {
    const image = `${path.slice(0, -".html".length)}-plot-${i + 1}.svg`;
    files.set(image, await plotImage(plot));
    images.push(image);
  }
  files.set(path, resultPage(context, found, doc, images));
  return files;
}

function resultPage(
  context: Context,
  found: FoundResult,
  doc: Document,
  images: readonly string[],
): string {
  const path = context.address.result(found);
  const to = (target: string) => link(path, target);
  const { result } = found;
  const runs = context.runs.filter((run) => found.runs.includes(run.digest));
  const reduced = result.scale !== "paper" && result.claims.length > 0 && // a plan is exact at any scale
    result.rows.some((row) => row.accuracy) &&
    !result.notes.includes(REDUCED_SCALE);
  const body = markup`<p class="lead">${inline(doc.lead)}</p>
${
    result.claims.length > 0 &&
    markup`<h2 id="claims">Claims</h2>
${reduced && markup`<p>${REDUCED_SCALE}</p>`}
<ul class="cards">${result.claims.map((claim) => claimCard(context, claim, to))}</ul>`
  }
${doc.sections.map((s, i) => section(s, `section-${i + 1}`))}
${
    doc.plots.length > 0 &&
    markup`<h2 id="plots">Plots</h2>
${doc.plots.map((plot, i) => figure(`plot-${i + 1}`, to(images[i]!), plot.caption))}`
  }
${
    doc.notes.length > 0 &&
    markup`<h2 id="notes">Notes</h2>
<ul>${doc.notes.map((note) => markup`<li>${inline(note)}</li>`)}</ul>`
  }
${runs.length > 0 && runList(context, runs, to)}
<h2 id="evidence">Evidence</h2>
${
    facts([
      ["result", markup`SHA-256 ${hash(found.digest)}, without times`],
      ["file", markup`<code>${found.place}</code>`],
      ["again", markup`<code>./run repro ${result.table} --scale ${result.scale}</code>`],
    ])
  }
${doc.times && markup`<section class="times">${section(doc.times, "times")}</section>`}
`;
  return frame({ path, title: result.title, trail: [], body });
}

function claimCard(context: Context, claim: ClaimResult, to: (target: string) => string): Html {
  const published = context.published(claim.id);
  const id = published !== undefined
    ? markup`<a href="${to(published)}"><code>${claim.id}</code></a>`
    : markup`<code>${claim.id}</code>`;
  return markup`<li><p>${badge(claim.verdict)} ${id}</p><p>${claim.statement}</p>${
    claim.inequality !== "" &&
    markup`<p class="inequality">${claim.inequality}</p>`
  }</li>
`;
}

function section(s: Section, id: string): Html {
  return markup`<h2 id="${id}">${s.heading}</h2>
${s.paragraphs.map((p) => markup`<p>${inline(p)}</p>`)}
${s.grid && grid(s.grid, `${id}-caption`, s.heading)}`;
}

function grid({ head, align, rows }: Grid, id: string, caption: string): Html {
  return tableBox(
    id,
    { unseen: caption },
    head.map((title, i) => ({ title, kind: i === 0 ? "head" : align[i] === "r" ? "number" : "text" })),
    rows.map((row) => ({ cells: row.map(inline) })),
  );
}

function runList(context: Context, runs: readonly FoundRun[], to: (target: string) => string): Html {
  return markup`<h2 id="runs">Runs</h2>
<p>${plural(runs.length, "run")} behind this table.</p>
<ul>${
    runs.map((run) =>
      markup`<li><a href="${to(context.address.run(run))}">${run.name}</a> (${run.recorded.status})</li>`
    )
  }</ul>
`;
}
