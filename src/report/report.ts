/**
 * The pages of a result. A report is a pure function of the result: `reportFiles` gives every file of it by path, and
 * `regenerate` makes the result itself again from what the runs recorded. Times are shown in one section that says so.
 */
import { ROLES } from "../base/roles.ts";
import { canonical } from "../base/canonical.ts";
import { TIME_FIELDS } from "../record/events.ts";
import type { Row, TableResult } from "./result.ts";
import { plotFile, renderSvg } from "./plots.ts";
import { renderHtml } from "./report_html.ts";
import { tInterval } from "../stats/t_interval.ts";
import { bytes, count, table } from "../base/text.ts";

/** A table as texts. `align` has one of l, r, c for each column. */
export interface Grid {
  readonly head: readonly string[];
  readonly align: string;
  readonly rows: readonly (readonly string[])[];
}

export interface Section {
  readonly heading: string;
  readonly paragraphs: readonly string[];
  readonly grid?: Grid;
}

/** A result as a reader meets it: what both page formats are made from. */
export interface Document {
  readonly title: string;
  readonly lead: string;
  readonly sections: readonly Section[];
  readonly claims: TableResult["claims"];
  readonly notes: readonly string[];
  readonly plots: TableResult["plots"];
  readonly times: Section | undefined;
}

/** Level of the intervals over seeds. */
export const LEVEL = 0.95;

/** `41.3 ± 1.2 (3)`: mean, half width of the t interval over seeds and their number; one value stands alone. */
export function estimate(values: readonly number[], digits = 1): string {
  if (values.length === 1) return `${values[0]!.toFixed(digits)} (1)`;
  const { centre, halfWidth } = tInterval(values, LEVEL);
  return `${centre.toFixed(digits)} ± ${halfWidth.toFixed(digits)} (${values.length})`;
}

/** Makes the document of a result. */
export function documentOf(result: TableResult): Document {
  const { title, scale, dataset, adapter, rows, tables = [] } = result;
  const lead = [
    `Table \`${result.table}\``,
    `scale \`${scale}\``,
    ...(dataset === undefined ? [] : [`dataset \`${dataset}\``]),
    ...(adapter === undefined ? ["no adapter was used"] : [`adapter ${adapter}`]),
  ].join(", ");
  const main = gridOf(rows, result.columns ?? []);
  const roles = roleGrid(rows);
  return {
    title,
    lead: `${lead}.`,
    sections: [
      { heading: "Results", paragraphs: legend(rows), grid: main },
      ...(roles ? [{ heading: "Planned bytes by role", paragraphs: [], grid: roles }] : []),
      ...tables.map((side) => ({
        heading: side.title,
        paragraphs: side.note === undefined ? [] : [side.note],
        grid: { head: side.headings, align: `l${"r".repeat(side.headings.length - 1)}`, rows: side.rows },
      })),
    ],
    claims: result.claims,
    notes: result.notes,
    plots: result.plots,
    times: timesOf(result),
  };
}

function legend(rows: readonly Row[]): string[] {
  return rows.some((row) => row.accuracy)
    ? [
      `Accuracies in percent: mean ± half width of the ${
        100 * LEVEL
      } % t interval over seeds (number of seeds).`,
    ]
    : [];
}

type Column = readonly [heading: string, align: "l" | "r", cell: (row: Row) => string];

function gridOf(rows: readonly Row[], order: readonly string[]): Grid {
  const present = new Set(rows.flatMap((row) => Object.keys(row.values ?? {})));
  const values = [
    ...order.filter((name) => present.has(name)),
    ...[...present].filter((n) => !order.includes(n)).sort(),
  ]
    .filter((name) => !TIME_FIELDS.has(name));
  const has = (test: (row: Row) => unknown, columns: readonly Column[]): readonly Column[] =>
    rows.some(test) ? columns : [];
  const columns: readonly Column[] = [
    ["method", "l", (r) => r.method],
    ...has((r) => r.accuracy?.knn, [["kNN", "r", (r) => accuracy(r.accuracy?.knn)]]),
    ...has((r) => r.accuracy?.linear, [["linear", "r", (r) => accuracy(r.accuracy?.linear)]]),
    ...has((r) => r.planned, [["planned peak", "r", (r) => r.planned ? bytes(r.planned.peakBytes) : ""]]),
    ...values.map((name): Column => [
      name,
      typeof rows.find((r) => r.values?.[name] !== undefined)!.values![name] === "number" ? "r" : "l",
      shownAs(rows, name),
    ]),
    ...has((r) => r.measured, [
      ["measured bytes", "r", (r) => r.measured ? count(r.measured.peakBytes) : ""],
      ["planned for the same step", "r", (r) => r.measured ? count(r.measured.plannedBytes) : ""],
    ]),
  ];
  return {
    head: columns.map(([heading]) => heading),
    align: columns.map(([, align]) => align).join(""),
    rows: rows.map((row) => columns.map(([, , cell]) => cell(row))),
  };
}

/** Integers with separators; a column with one number that is none gets three decimals throughout. */
function shownAs(rows: readonly Row[], name: string): (row: Row) => string {
  const whole = rows.every((row) =>
    typeof row.values?.[name] !== "number" || Number.isInteger(row.values[name])
  );
  return ({ values }) => {
    const value = values?.[name];
    if (typeof value !== "number") return value ?? "";
    return whole ? count(value) : value.toFixed(3);
  };
}

const accuracy = (values: readonly number[] | undefined): string => values?.length ? estimate(values) : "";

function roleGrid(rows: readonly Row[]): Grid | undefined {
  const planned = rows.filter((row) => row.planned);
  if (planned.length === 0) return undefined;
  return {
    head: ["method", ...ROLES, "peak"],
    align: `l${"r".repeat(ROLES.length + 1)}`,
    rows: planned.map(({ method, planned }) => [
      method,
      ...ROLES.map((role) => count(planned!.roles[role])),
      count(planned!.peakBytes),
    ]),
  };
}

function timesOf({ rows }: TableResult): Section | undefined {
  const timed = rows.filter((row) => row.measured !== undefined || typeof row.values?.seconds === "number");
  if (timed.length === 0) return undefined;
  const some = timed.some((row) => row.values?.seconds !== undefined);
  return {
    heading: "Times",
    paragraphs: [
      "Measured on this machine, of finished work. They vary from run to run and belong to no digest and no verdict.",
    ],
    grid: {
      head: ["method", "median ms a step", ...(some ? ["training seconds"] : [])],
      align: some ? "lrr" : "lr",
      rows: timed.map(({ method, measured, values }) => [
        method,
        measured ? measured.stepMs.toFixed(1) : "",
        ...(some ? [typeof values?.seconds === "number" ? values.seconds.toFixed(1) : ""] : []),
      ]),
    },
  };
}

/** The Markdown page. */
export function renderMarkdown(doc: Document): string {
  const grid = (g: Grid): string[] => [table([g.head, ...g.rows], g.align), ""];
  const section = (s: Section): string[] => [
    `## ${s.heading}`,
    "",
    ...s.paragraphs.flatMap((p) => [p, ""]),
    ...(s.grid ? grid(s.grid) : []),
  ];
  return [
    `# ${doc.title}`,
    "",
    doc.lead,
    "",
    ...doc.sections.flatMap(section),
    ...(doc.plots.length === 0 ? [] : ["## Plots", ""]),
    ...doc.plots.flatMap(({ name, caption }) => [`![${caption}](plots/${name}.svg)`, "", caption, ""]),
    ...(doc.claims.length === 0 ? [] : [
      "## Claims",
      "",
      ...grid({
        head: ["claim", "verdict", "inequality", "statement"],
        align: "llll",
        rows: doc.claims.map((c) => [`\`${c.id}\``, c.verdict, c.inequality, c.statement]),
      }),
    ]),
    ...(doc.notes.length === 0 ? [] : ["## Notes", "", ...doc.notes.map((note) => `- ${note}`), ""]),
    ...(doc.times ? section(doc.times) : []),
  ].join("\n");
}

/** Every file of a report by its path in the output folder: `run.json`, both pages, plots. */
export async function reportFiles(result: TableResult): Promise<ReadonlyMap<string, string>> {
  const text = canonical(result);
  // From the text, so that whoever has run.json alone gets the same pages: its keys are sorted.
  const doc = documentOf(JSON.parse(text));
  const files = new Map<string, string>([["run.json", `${text}\n`]]);
  const svgs = new Map<string, string>();
  for (const plot of doc.plots) {
    const svg = await renderSvg(plot);
    svgs.set(plot.name, svg);
    files.set(`plots/${plot.name}.vl.json`, plotFile(plot));
    files.set(`plots/${plot.name}.svg`, `${svg}\n`);
  }
  files.set("report.md", renderMarkdown(doc));
  files.set("report.html", renderHtml(doc, svgs));
  return files;
}

/** The JSON of `repro --json`: field names are an interface; what does not apply is absent. */
export function interfaceJson(result: TableResult): unknown {
  const { table, scale, dataset, adapter, rows, claims } = result;
  return {
    table,
    scale,
    ...(dataset !== undefined && { dataset }),
    ...(adapter !== undefined && { adapter }),
    rows: rows.map(({ method, planned, measured, accuracy }) => ({
      method,
      ...(planned && { planned }),
      ...(measured && { measured }),
      ...(accuracy && { accuracy }),
    })),
    claims: claims.map(({ id, verdict, inequality }) => ({ id, verdict, inequality })),
  };
}
