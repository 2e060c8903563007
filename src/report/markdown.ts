/** The Markdown page of a report. */
import { table } from "../base/text.ts";
import { checkRemarks, claimRemarks, type Document, type Section } from "./document.ts";
import type { TextTable } from "./cells.ts";

/** The whole page. */
export function renderMarkdown(doc: Document): string {
  const { claims, checks } = doc;
  const list = (heading: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`## ${heading}`, "", ...lines.map((line) => `- ${line}`), ""];
  return [
    `# ${doc.title}`,
    "",
    ...doc.headline.flatMap((line) => [line, ""]),
    doc.lead,
    "",
    ...doc.sections.flatMap(section),
    ...(doc.plots.length === 0 ? [] : ["## Plots", ""]),
    ...doc.plots.flatMap(({ name, caption }) => [`![${caption}](plots/${name}.svg)`, "", caption, ""]),
    ...(claims.lines.length === 0 ? [] : section({
      ...claims,
      table: {
        head: ["claim", "verdict", "inequality", "statement"],
        align: "llll",
        rows: claims.lines.map((c) => [
          `\`${c.id}\``,
          c.verdict,
          c.inequality,
          [ended(c.statement), ...claimRemarks(c)].join(" "),
        ]),
      },
    })),
    ...(checks.lines.length === 0 ? [] : section({
      ...checks,
      table: {
        head: ["check", "outcome", "inequality", "question"],
        align: "llll",
        rows: checks.lines.map((c) => [
          `\`${c.id}\``,
          c.outcome,
          c.inequality,
          [ended(c.question), ...checkRemarks(c)].join(" "),
        ]),
      },
    })),
    ...list("Protocol", doc.protocol),
    ...list("Notes", doc.notes),
    ...(doc.times ? section(doc.times) : []),
  ].join("\n");
}

function section({ heading, paragraphs, table: cells }: Section): string[] {
  return [
    `## ${heading}`,
    "",
    ...paragraphs.flatMap((p) => [p, ""]),
    ...(cells ? [markdown(cells), ""] : []),
  ];
}

const markdown = ({ head, rows, align }: TextTable): string => table([head, ...rows], align);

/** Text with a full stop, unless it ends in another mark. */
const ended = (text: string): string => /[.?!]$/.test(text) ? text : `${text}.`;
