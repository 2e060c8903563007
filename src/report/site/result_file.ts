/** `run.json` as read from disk: checked before a page is made of it, because its author may be anyone. */
import { z } from "zod";
import { AssayError, failure } from "../../base/error.ts";
import type { TableResult } from "../result.ts";
import { SCALES } from "../../base/scales.ts";

const verdicts = [
  "REPRODUCED",
  "EXCEEDS",
  "BELOW",
  "INCONCLUSIVE",
  "NOT-COMPARABLE",
  "NOT-RUN",
  "TAMPERED",
] as const;

const values = z.array(z.number());
const text = z.string();

const row = z.object({
  method: text,
  planned: z.object({ peakBytes: z.number(), roles: z.record(text, z.number()) }).optional(),
  measured: z.object({ peakBytes: z.number(), plannedBytes: z.number(), stepMs: z.number() }).optional(),
  accuracy: z.object({ knn: values.optional(), linear: values.optional() }).optional(),
  values: z.record(text, z.union([z.number(), text])).optional(),
});

const resultSchema = z.object({
  table: text.min(1),
  title: text.min(1),
  scale: z.enum(SCALES),
  settings: z.object({
    scale: z.enum(SCALES),
    dataset: text.optional(),
    methods: z.array(text),
    seeds: z.array(z.number()),
  }).optional(),
  dataset: text.optional(),
  adapter: text.optional(),
  rows: z.array(row),
  claims: z.array(z.object({ id: text, statement: text, verdict: z.enum(verdicts), inequality: text })),
  notes: z.array(text),
  tables: z.array(
    z.object({
      title: text,
      note: text.optional(),
      headings: z.array(text).min(1),
      rows: z.array(z.array(text)),
    }).refine(
      ({ headings, rows }) => rows.every((r) => r.length === headings.length),
      "every row must have one cell a heading",
    ),
  ).optional(),
  plots: z.array(z.object({ name: text.min(1), caption: text, spec: z.record(text, z.unknown()) })),
});

/** Parses a result. Throws an AssayError that names the file and the field. */
export function parseResult(source: string, place: string): TableResult {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw refuse(place, "it must be JSON", cause instanceof Error ? cause.message : String(cause), cause);
  }
  const { data, error } = resultSchema.safeParse(value);
  if (!data) {
    const [issue] = error.issues;
    throw refuse(
      place,
      "it must be the run.json of a table",
      `${issue!.path.join(".") || "the file"}: ${issue!.message}`,
    );
  }
  const outside = data.plots.find((plot) => readsElsewhere(plot.spec));
  if (outside) {
    throw new AssayError(
      `Cannot draw plot "${outside.name}" of ${place}: a plot must carry its data, found an address in it; make the report again.`,
    );
  }
  return data as unknown as TableResult;
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
