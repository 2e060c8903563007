/**
 * What a table found: `run.json`. One schema for what the program writes, what pages are made from and what is read back
 * from a disk, where its author may be anyone.
 */
import { z } from "zod";
import { AssayError, failure } from "../base/error.ts";
import { SCALES } from "../base/scales.ts";
import { checkResultSchema, claimResultSchema } from "../judge/outcome.ts";
import { settingsSchema } from "../record/recorded.ts";

export const RESULT_FORMAT = "assay-result-2";

/** What the numbers of a column are; pages print each in its own way. */
export const UNITS = [
  "percent",
  "points",
  "bytes",
  "count",
  "ratio",
  "ms",
  "seconds",
  "text",
  "number",
] as const;

const text = z.string();

const columnSchema = z.strictObject({
  /** Key of the cells. A column of times is called `stepMs` or `seconds`: digests leave those out. */
  id: text.min(1),
  heading: text,
  unit: z.enum(UNITS),
});
export type Column = z.infer<typeof columnSchema>;

/** One outcome a seed, one number without seeds, or words. */
const cellSchema = z.union([
  z.strictObject({ values: z.array(z.number()).min(1).readonly() }),
  z.strictObject({ value: z.number() }),
  z.strictObject({ text }),
]);
export type Cell = z.infer<typeof cellSchema>;

const rowSchema = z.strictObject({
  name: text,
  /** By column id; a cell that does not apply is absent. */
  cells: z.record(text, cellSchema),
  /** Why a row has no results, such as `NOT-RUN`. */
  state: z.exactOptional(text),
});
export type GridRow = z.infer<typeof rowSchema>;

const gridSchema = z.strictObject({
  title: text,
  note: z.exactOptional(text),
  /** What the rows are, as the heading of their names; `row` where it is absent. */
  names: z.exactOptional(text),
  columns: z.array(columnSchema).readonly(),
  rows: z.array(rowSchema).readonly(),
}).superRefine(({ columns, rows }, context) => {
  const ids = columns.map((c) => c.id);
  const twice = ids.find((id, i) => ids.indexOf(id) < i);
  if (twice !== undefined) context.addIssue(`two columns are called "${twice}"`);
  for (const { name, cells } of rows) {
    const stray = Object.keys(cells).find((id) => !ids.includes(id));
    if (stray !== undefined) context.addIssue(`row "${name}" has a cell for "${stray}", which is no column`);
  }
});
/** A table of a result: columns with units, rows with cells. */
export type Grid = z.infer<typeof gridSchema>;

const plotSchema = z.strictObject({
  /** Name of its files, and prefix of the names inside its drawing. */
  name: text.regex(/^[A-Za-z0-9][\w-]*$/, "must be letters, digits, - and _"),
  caption: text,
  /** A Vega-Lite specification with its data inside. */
  spec: z.record(text, z.unknown()),
}).refine(({ spec }) => !readsElsewhere(spec), "a plot must carry its data, found an address in it");
export type Plot = z.infer<typeof plotSchema>;

export const resultSchema = z.strictObject({
  format: z.literal(RESULT_FORMAT),
  /** The experiment's id, `<paper>/<table>`. */
  table: text.min(1),
  title: text.min(1),
  scale: z.enum(SCALES),
  /** Present where the table can be told again from its runs. */
  settings: z.exactOptional(settingsSchema),
  dataset: z.exactOptional(text),
  adapter: z.exactOptional(text),
  /** What a reader must know first, one sentence each; pages add counts of claims and checks. */
  headline: z.array(text).readonly(),
  grids: z.array(gridSchema).readonly(),
  /** Published sentences and cells. */
  claims: z.array(claimResultSchema).readonly(),
  /** Questions of this project's own. */
  checks: z.array(checkResultSchema).readonly(),
  /** How it was run: what a reader needs to run it again. */
  protocol: z.array(text).readonly(),
  /** Reductions of scale, what was not run, and other remarks. */
  notes: z.array(text).readonly(),
  plots: z.array(plotSchema).readonly(),
});
export type TableResult = z.infer<typeof resultSchema>;

/** Parses a `run.json`. Throws an AssayError that names the file, and its older format or the field that is not as it must be. */
export function parseResult(source: string, place: string): TableResult {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw refuse(place, "it must be JSON", cause instanceof Error ? cause.message : String(cause), cause);
  }
  const old = olderFormat(value);
  if (old !== undefined) {
    throw new AssayError(
      `Cannot read result "${place}": it is of the older format ${old}; make it again with ./run repro, or read it ` +
        "with the version of Assay that made it.",
    );
  }
  const { data, error } = resultSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw refuse(
    place,
    "it must be the run.json of a table",
    `${issue!.path.join(".") || "the file"}: ${issue!.message}`,
  );
}

/** Name of an earlier format of results, where the value is one. */
export function olderFormat(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { format, rows, claims } = value as Record<string, unknown>;
  return format === undefined && Array.isArray(rows) && Array.isArray(claims) ? "assay-result-1" : undefined;
}

/** Whether a specification names an address anywhere: drawing it would read a file or the network. */
function readsElsewhere(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(readsElsewhere);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, v]) => key === "url" || key === "href" || readsElsewhere(v));
}

function refuse(place: string, required: string, found: string, cause?: unknown): AssayError {
  return failure({
    operation: "read",
    object: `result "${place}"`,
    required,
    found,
    wayOut: "make it again with ./run repro",
  }, cause);
}
