/** The HTML page of a report: one file, no network, no script; follows the reader's light or dark setting. */
import { COLOURS, INKS } from "./plots.ts";
import type { TextTable } from "./cells.ts";
import { checkRemarks, claimGroups, claimRemarks, type Document, type Section } from "./document.ts";
import { escape } from "./site/html.ts";

const TONE: Readonly<Record<string, string>> = {
  REPRODUCED: "good",
  EXCEEDS: "bad",
  BELOW: "bad",
  TAMPERED: "bad",
  holds: "good",
  fails: "bad",
};

/** Plot colours of the dark page: rules on attributes win over the attributes themselves. */
const swaps = [...INKS, ...COLOURS].map(([light, dark]) =>
  `svg [fill="${light}"]{fill:${dark}}svg [stroke="${light}"]{stroke:${dark}}`
).join("");

const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--ink:#1c2128;--muted:#57606a;--line:#d5dae0;--head:#f4f6f8;--good:#1a6b4f;--bad:#a83232;--link:#1f5fa8}
@media (prefers-color-scheme:dark){:root{--bg:#14181d;--ink:#e6e9ee;--muted:#a4adb8;--line:#3a424c;--head:#1d232a;--good:#6fd0ab;--bad:#f08a8a;--link:#86b9f2}${swaps}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:1.5rem 1rem 3rem}
h1{font-size:1.55rem;line-height:1.25;margin:0 0 .5rem}
h2{font-size:1.15rem;margin:2.25rem 0 .6rem}
p{margin:.5rem 0;max-width:46rem}
code{font:.92em ui-monospace,monospace;overflow-wrap:anywhere}
.headline{font-size:1.06rem}
summary{cursor:pointer;color:var(--link);margin:.8rem 0}
.lead,.caption,.time{color:var(--muted)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
.scroll:focus-visible{outline:2px solid var(--link);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
th,td{padding:.4rem .7rem;text-align:left;border-bottom:1px solid var(--line);white-space:nowrap}
tr:last-child>*{border-bottom:0}
thead th{background:var(--head);font-weight:600}
tbody th{font-weight:500}
.r{text-align:right}
figure{margin:1.25rem 0}
figure .scroll{padding:.75rem}
svg{display:block;min-width:30rem;max-width:44rem;width:100%;height:auto}
.claim{border:1px solid var(--line);border-radius:6px;padding:.7rem .9rem;margin:.6rem 0}
.claim p{margin:.25rem 0}
.verdict{font-weight:700;font-size:.85rem;color:var(--muted)}
.verdict.good{color:var(--good)}
.verdict.bad{color:var(--bad)}
.inequality{font:.88rem/1.5 ui-monospace,monospace;overflow-wrap:anywhere}
li{margin:.3rem 0;max-width:46rem}
`;

/** The whole page; `svgs` holds the drawing of each plot by its name. */
export function renderHtml(doc: Document, svgs: ReadonlyMap<string, string>): string {
  const { claims, checks } = doc;
  const list = (heading: string, lines: readonly string[]) =>
    lines.length === 0
      ? []
      : [`<h2>${heading}</h2>`, `<ul>${lines.map((line) => `<li>${inline(line)}</li>`).join("")}</ul>`];
  const body = [
    `<h1>${escape(doc.title)}</h1>`,
    ...doc.headline.map((line) => `<p class="headline">${inline(line)}</p>`),
    `<p class="lead">${inline(doc.lead)}</p>`,
    ...doc.sections.map((s) => section(s)),
    ...(doc.plots.length === 0 ? [] : ["<h2>Plots</h2>"]),
    ...doc.plots.map((plot) =>
      `<figure><div class="scroll" tabindex="0" role="region" aria-label="plot: ${escape(plot.name)}">${
        svgs.get(plot.name) ?? ""
      }</div><figcaption class="caption">${escape(plot.caption)}</figcaption></figure>`
    ),
    ...(claims.lines.length === 0 ? [] : [
      section(claims),
      ...claimGroups(claims.lines).flatMap((group) => {
        const cards = group.claims.map((c) =>
          card(c.verdict, c.id, c.statement, c.inequality, claimRemarks(c))
        );
        const summary = `<summary>${group.claims.length} ${group.verdict}</summary>`;
        return group.folded ? [`<details>${summary}`, ...cards, "</details>"] : cards;
      }),
    ]),
    ...(checks.lines.length === 0 ? [] : [
      section(checks),
      ...checks.lines.map((c) => card(c.outcome, c.id, c.question, c.inequality, checkRemarks(c))),
    ]),
    ...list("Protocol", doc.protocol),
    ...list("Notes", doc.notes),
    ...(doc.times ? [section(doc.times, "time")] : []),
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(doc.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${body.join("\n")}
</main>
</body>
</html>
`;
}

function section(s: Section, tone = ""): string {
  return [
    `<h2>${escape(s.heading)}</h2>`,
    ...s.paragraphs.map((p) => `<p${tone ? ` class="${tone}"` : ""}>${inline(p)}</p>`),
    ...(s.table ? [grid(s.heading, s.table)] : []),
  ].join("\n");
}

/** A claim or check: its word, what it says, the comparison that decided, and remarks. */
function card(
  word: string,
  id: string,
  text: string,
  inequality: string,
  remarks: readonly string[],
): string {
  return [
    `<div class="claim"><p><span class="verdict ${TONE[word] ?? ""}">${word}</span> `,
    `<code>${escape(id)}</code></p><p>${escape(text)}</p>`,
    inequality === "" ? "" : `<p class="inequality">${escape(inequality)}</p>`,
    remarks.length === 0 ? "" : `<p class="caption">${escape(remarks.join(" "))}</p>`,
    "</div>",
  ].join("");
}

function grid(name: string, { head, align, rows }: TextTable): string {
  const style = (i: number) => align[i] === "r" ? ' class="r"' : "";
  const cell = (text: string, i: number): string =>
    i === 0 ? `<th scope="row">${inline(text)}</th>` : `<td${style(i)}>${inline(text)}</td>`;
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escape(name)}"><table>`,
    `<thead><tr>${
      head.map((text, i) => `<th scope="col"${style(i)}>${inline(text)}</th>`).join("")
    }</tr></thead>`,
    `<tbody>${rows.map((row) => `<tr>${row.map(cell).join("")}</tr>`).join("\n")}</tbody>`,
    "</table></div>",
  ].join("\n");
}

/** Text with `code` spans. */
function inline(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, "<code>$1</code>");
}
