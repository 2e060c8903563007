/**
 * The shape of `claims/<source>.yaml`: what one paper or library published, as data.
 *
 * A table shares what its cells have in common; the reader of the corpus expands it to one claim per cell. Fields
 * written further in win: source, table, column, row, cell. Every object is strict, so a misspelt key is an error.
 */
import { z } from "zod";
import { assertion, measuredForms } from "./assertions.ts";

const id = z.string().regex(/^[a-z0-9][a-z0-9.+-]*$/, "must be lower case letters, digits, '.', '+' and '-'");

/** How a published spread was computed: `sd` when only "standard deviation" is said, `unstated` when nothing is. */
export const spreadKinds = ["sample-sd", "population-sd", "sd", "se", "ci95", "range", "unstated"] as const;

/** Where the transcription came from, from the surest to the least sure. */
export const certainties = [
  "read-in-repository",
  "read-on-page",
  "transcribed-from-image",
  "quoted-by-authors",
  "quoted-by-reviewer",
  "read-off-plot",
] as const;

export const units = [
  "percent",
  "fraction",
  "points",
  "minutes",
  "hours",
  "gigabytes",
  "megabytes",
  "ratio",
  "count",
] as const;

/** What was trained and how it was measured. An absent field means that the source does not state it. */
export const protocol = z.strictObject({
  encoder: z.string().optional(),
  width: z.number().positive().optional(),
  teacher: z.string().optional(),
  epochs: z.number().int().positive().optional(),
  batch: z.number().int().positive().optional(),
  views: z.string().optional(),
  extra_layers: z.boolean().optional(),
  decoder_sharing: z.boolean().optional(),
  queue: z.number().int().positive().optional(),
  temperature: z.number().positive().optional(),
  probe: z.enum(["linear", "knn", "1-nn", "cluster-alignment", "finetune", "detection", "supervised"])
    .optional(),
  mode: z.enum(["online", "offline"]).optional(),
  tuned_layers: z.enum(["linear-only", "all"]).optional(),
  layer: z.string().optional(),
  labels: z.number().positive().max(100).optional(),
  k: z.number().int().positive().optional(),
  knn_temperature: z.number().positive().optional(),
  selection: z.enum(["last", "best"]).optional(),
  /** Number of evaluations on the test set from which the best was kept. */
  selected_over: z.number().int().positive().optional(),
  decoder: z.string().optional(),
  tuning: z.enum(["heavy", "not-marked"]).optional(),
  crops: z.number().int().positive().optional(),
  hardware: z.string().optional(),
  loader: z.string().optional(),
});
export type Protocol = z.infer<typeof protocol>;

const spread = z.strictObject({ value: z.number().nonnegative(), kind: z.enum(spreadKinds) });

/** Fields that a source, table, column, row or cell may set; the innermost wins. */
const inherited = {
  title: z.string().optional(),
  reference: id.optional(),
  dataset: id.optional(),
  metric: z.enum([
    "top1",
    "top5",
    "map",
    "time",
    "peak-memory",
    "storage",
    "memory-saving",
    "gain",
    "score",
    "setting",
  ])
    .optional(),
  unit: z.enum(units).optional(),
  n: z.number().int().positive().nullable().optional(),
  protocol: protocol.optional(),
  method: id.optional(),
  role: z.enum(["proposed", "baseline", "reported"]).optional(),
  bound: z.enum(["exact", "at-least", "at-most", "about"]).optional(),
  reading_error: z.number().positive().optional(),
};

const cell = z.union([
  z.number(),
  z.null(),
  z.strictObject({
    ...inherited,
    value: z.number(),
    spread: spread.optional(),
    runs: z.array(z.number()).min(2).optional(),
    quote: z.string().min(1).optional(),
  }),
]);

const table = z.strictObject({
  ...inherited,
  id,
  title: z.string().min(1),
  /** The source invites its reader to rank the rows of a column. */
  ranking: z.boolean().default(false),
  /** Rows that a ranking leaves out, such as a teacher or a supervised bound. */
  unranked: z.array(id).default([]),
  /** Columns whose ranks are compared together (Friedman); at least two. */
  blocks: z.array(id).min(2).optional(),
  columns: z.array(z.strictObject({ ...inherited, id })).min(1),
  rows: z.array(
    z.strictObject({
      ...inherited,
      id,
      cells: z.array(cell).min(1),
      /** What the source publishes beside the numbers: file names, optimizer steps, the metadata of its listing. */
      artifact: z.strictObject({
        /** Names that encode the recipe, such as `...-8xb32-coslr-200e...` (GPUs x batch, epochs). */
        name: z.string().min(1).optional(),
        config: z.string().min(1).optional(),
        weights: z.string().min(1).optional(),
        probe_weights: z.string().min(1).optional(),
        steps: z.number().int().positive().optional(),
        listed: protocol.optional(),
      }).optional(),
    }),
  ).min(1),
});

const reference = z.strictObject({
  where: z.string().min(1),
  revision: z.string().min(1),
  certainty: z.enum(certainties),
  /** Content that the public address no longer serves. */
  gone: z.string().min(1).optional(),
});

const statement = z.strictObject({
  id,
  quote: z.string().min(1),
  /** True where the sentence is ours, because only its sense reached us. */
  paraphrase: z.boolean().default(false),
  reference: id,
  asserts: assertion,
  /**
   * What measured cells must satisfy, where no published cell can be asked. Its patterns name rows and columns of a table
   * of this project, under the id that its cells bear.
   */
  measured: assertion.refine(
    ({ form }) => (measuredForms as readonly string[]).includes(form),
    `must have one of the forms ${measuredForms.join(", ")}`,
  ).optional(),
});

const doubt = z.strictObject({
  id: z.string().regex(/^[A-Z]\d+$/, "must be a capital letter and a number, such as D1"),
  doubt: z.string().min(1),
  experiment: z.string().min(1),
  expected: z.string().min(1),
});

export const sourceFile = z.strictObject({
  source: id,
  title: z.string().min(1),
  kind: z.enum(["paper", "library"]),
  references: z.record(id, reference),
  n: inherited.n,
  protocol: protocol.optional(),
  /** Assumed movement of test accuracy from epoch to epoch (percentage points), for the best-epoch rule. */
  epoch_jitter: z.number().positive().optional(),
  tables: z.array(table).default([]),
  statements: z.array(statement).default([]),
  doubts: z.array(doubt).default([]),
});
export type SourceFile = z.infer<typeof sourceFile>;
export type TableFile = SourceFile["tables"][number];

/** `claims/datasets.yaml`: the test sets the corpus speaks of, by id. */
export const datasetsFile = z.strictObject({
  datasets: z.record(
    id,
    z.strictObject({
      title: z.string().min(1),
      test: z.number().int().positive().optional(),
      train: z.number().int().positive().optional(),
      classes: z.number().int().positive().optional(),
    }),
  ),
});
export type DatasetsFile = z.infer<typeof datasetsFile>;
