/** A reproduced table: what was measured beside what was published, verdicts with their inequalities, plots, runs. */
import type { CheckResult, ClaimResult } from "../../judge/outcome.ts";
import type { TextTable } from "../cells.ts";
import {
  checkRemarks,
  claimGroups,
  claimRemarks,
  type Document,
  documentOf,
  type Section,
} from "../document.ts";
import { badge, facts, hash, plural, tableBox } from "./blocks.ts";
import type { FoundResult, FoundRun } from "./collect.ts";
import type { Context } from "./context.ts";
import { frame, link } from "./frame.ts";
import { type Html, inline, markup, type Part } from "./html.ts";
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
  const { claims, checks } = doc;
  const body = markup`${doc.headline.map((line) => markup`<p class="lead">${inline(line)}</p>`)}
<p class="muted">${inline(doc.lead)}</p>
${doc.sections.map((s, i) => section(s, `section-${i + 1}`))}
${
    claims.lines.length > 0 &&
    markup`${section(claims, "claims")}
${
      claimGroups(claims.lines).map((group) => {
        const cards = markup`<ul class="cards">${group.claims.map((c) => claimCard(context, c, to))}</ul>`;
        const summary = markup`<summary>${group.claims.length} ${group.verdict}</summary>`;
        return group.folded ? markup`<details>${summary}${cards}</details>` : cards;
      })
    }`
  }
${
    checks.lines.length > 0 &&
    markup`${section(checks, "checks")}
<ul class="cards">${checks.lines.map(checkCard)}</ul>`
  }
${
    doc.plots.length > 0 &&
    markup`<h2 id="plots">Plots</h2>
${doc.plots.map((plot, i) => figure(`plot-${i + 1}`, to(images[i]!), plot.caption))}`
  }
${list("protocol", "Protocol", doc.protocol)}
${list("notes", "Notes", doc.notes)}
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
    comparison(claim.inequality, claimRemarks(claim))
  }</li>
`;
}

function checkCard(check: CheckResult): Html {
  return markup`<li><p>${badge(check.outcome)} <code>${check.id}</code></p><p>${check.question}</p>${
    comparison(check.inequality, checkRemarks(check))
  }</li>
`;
}

/** The comparison that decided, and what else must be known. */
function comparison(inequality: string, remarks: readonly string[]): Part {
  return [
    inequality !== "" && markup`<p class="inequality">${inequality}</p>`,
    remarks.length > 0 && markup`<p class="small muted">${remarks.join(" ")}</p>`,
  ];
}

function list(id: string, heading: string, lines: readonly string[]): Part {
  return lines.length > 0 && markup`<h2 id="${id}">${heading}</h2>
<ul>${lines.map((line) => markup`<li>${inline(line)}</li>`)}</ul>`;
}

function section(s: Section, id: string): Html {
  return markup`<h2 id="${id}">${s.heading}</h2>
${s.paragraphs.map((p) => markup`<p>${inline(p)}</p>`)}
${s.table && grid(s.table, `${id}-caption`, s.heading)}`;
}

function grid({ head, align, rows }: TextTable, id: string, caption: string): Html {
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
