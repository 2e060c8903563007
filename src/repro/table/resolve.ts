/** From the value of a table to the specification of every cell. Pure but for methods and manifests, which are read. */
import { AssayError, failure } from "../../base/error.ts";
import type { Scale } from "../../base/scales.ts";
import { readManifest } from "../../data/manifest.ts";
import { recipeViews } from "../../data/augment/recipes.ts";
import { hyperValues } from "../../nn/hyper.ts";
import type { Method } from "../../nn/method.ts";
import type { ProbeInput } from "../../record/spec/probe.ts";
import { parseSpec, type RunSpec, type RunSpecInput, specHash, specSchema } from "../../record/spec/spec.ts";
import { loadMethod } from "../method_files.ts";
import { settingsOf } from "../presets/settings.ts";
import { joinParts, type Part } from "./part.ts";
import type { Row, Setting, Table } from "./vocabulary.ts";

/** A row that trains. */
export type TrainRow = Extract<Row, { readonly method: string }>;

/** One training that a table asks for. */
export interface CellRun {
  readonly row: string;
  /** Empty where the table has no columns. */
  readonly column: string;
  readonly seed: number;
  readonly spec: RunSpec;
  readonly hash: string;
}

/** What was chosen of a table. */
export interface Chosen {
  readonly scale: Scale;
  readonly dataset: string;
  /** Rows by id, in the table's order. */
  readonly rows: readonly string[];
  readonly seeds: readonly number[];
  readonly epochs?: number;
}

export const isTrained = (row: Row): row is TrainRow => "method" in row;

/** The setting of a scale. Errors: the table has none there. */
export function settingOf(table: Table, scale: Scale): Setting {
  const setting = table.scales[scale];
  if (setting) return setting;
  throw failure({
    operation: "reproduce",
    object: `${table.id} at scale ${scale}`,
    required: `the table must have that scale; it has ${Object.keys(table.scales).join(", ")}`,
    found: scale,
    wayOut: "choose one of these with --scale",
  });
}

/** Columns of a table by name; one without a name where it has none. */
export const columnsOf = (table: Pick<Table, "columns">): Readonly<Record<string, Part>> =>
  table.columns ?? { "": {} };

/** Every training of the chosen rows. */
export async function resolveRuns(table: Table, chosen: Chosen): Promise<CellRun[]> {
  const runs: CellRun[] = [];
  for (const seed of chosen.seeds) {
    for (const id of chosen.rows) {
      if (!isTrained(table.rows[id]!)) continue;
      for (const column of Object.keys(columnsOf(table))) {
        const spec = await specOfCell(table, chosen, id, column, seed);
        runs.push({ row: id, column, seed, spec, hash: specHash(spec) });
      }
    }
  }
  return runs;
}

/** The specification of one cell with one seed. */
export async function specOfCell(
  table: Table,
  chosen: Chosen,
  row: string,
  column: string,
  seed: number,
): Promise<RunSpec> {
  const setting = settingOf(table, chosen.scale);
  const part = partOf(table, chosen, row, column);
  const input = await specOf(part, {
    seed,
    perClass: setting.perClass,
    probes: probesOf(table, setting),
    teacher: (row) => specOfCell(table, chosen, row, column, seed),
  });
  return parseSpec(input, `the specification of "${row}" in ${table.id}`);
}

/** What decides a cell: named settings, then the scale, the column, the row, and what the scale says of the row. */
export function partOf(table: Table, chosen: Chosen, row: string, column: string): Part {
  const setting = settingOf(table, chosen.scale);
  const { name: _, about: __, ...own } = table.rows[row] as TrainRow;
  const data = setting.rows?.[row]?.data ?? own.data ?? columnsOf(table)[column]!.data ?? chosen.dataset;
  const length = chosen.epochs === undefined ? undefined : { epochs: chosen.epochs };
  return joinParts(
    settingsOf(setting.settings, own.method, data),
    { data },
    setting.all,
    length,
    columnsOf(table)[column],
    own,
    setting.rows?.[row],
  );
}

/** What a specification needs besides the part. */
export interface Surroundings {
  readonly seed: number;
  readonly perClass?: Setting["perClass"];
  readonly probes?: readonly ProbeInput[];
  /** The specification of another row's run. */
  readonly teacher?: (row: string) => Promise<RunSpec>;
}

/** A specification from a part that decides everything. Errors: the field that is missing. */
export async function specOf(
  part: Part,
  { seed, perClass, probes, teacher }: Surroundings,
): Promise<RunSpecInput> {
  const need = <T>(value: T | undefined, what: string): T => {
    if (value !== undefined) return value;
    throw failure({
      operation: "train",
      object: `"${part.method ?? "a method"}"`,
      required: `its ${what} must be decided by the table, the scale or the settings of the method`,
      found: "nothing",
      wayOut: `give the row or the scale a value for "${what}"`,
    });
  };
  const method = await loadMethod(need(part.method, "method"));
  const side = need(part.size, "size");
  const images = { name: need(part.data, "data"), size: part.stored ?? side };
  const [train, test] = perClass ?? [null, null];
  return {
    method: method.name,
    hyper: completeHyper(method, part.hyper),
    encoder: typeof part.encoder === "string" ? { name: part.encoder } : need(part.encoder, "encoder"),
    ...(part.teacher && { teacher: await teacherOf(part.teacher, teacher) }),
    data: {
      train: { ...images, split: "train", perClass: train },
      test: { ...images, split: "test", perClass: test },
      ...Object.fromEntries(
        Object.entries(part.splits ?? {}).map(([use, { data, ...split }]) => [
          use,
          { ...images, ...split, ...(data !== undefined && { name: data }) },
        ]),
      ),
    },
    views: typeof part.views === "string"
      ? viewsOf(part.views, method, side)
      : need(part.views, "views").map(asChosen),
    batch: need(part.batch, "batch"),
    optimizer: need(part.optimizer, "optimizer"),
    probes: [...probes ?? []],
    stop: part.steps !== undefined
      ? { steps: part.steps }
      : part.gradientEvaluations !== undefined
      ? { gradientEvaluations: part.gradientEvaluations }
      : { epochs: need(part.epochs, "epochs") },
    ...(part.checkpointEvery && { checkpointEvery: part.checkpointEvery }),
    seed,
  };
}

async function teacherOf(part: NonNullable<Part["teacher"]>, specOfRow: Surroundings["teacher"]) {
  if (!("row" in part)) return part;
  if (!specOfRow) {
    throw new AssayError("Cannot name a teacher by its row outside a table: give a file by digest.");
  }
  const spec = await specOfRow(part.row);
  return { encoder: spec.encoder, weights: { run: specHash(spec) } };
}

/** The hyper-parameters of a method: those given, checked, and its defaults, but for letters declared later. */
export function completeHyper(method: Method, given: Part["hyper"]): RunSpec["hyper"] {
  const parsed = specSchema.shape.hyper.parse(given ?? {});
  const values = hyperValues<Extract<RunSpec["hyper"][string], object>>(method, parsed);
  return Object.fromEntries(
    Object.entries(values).filter(([letter, value]) => {
      const { later, default: usual } = method.hyper[letter]!;
      return !later || value !== usual;
    }),
  );
}

/** Groups of views of a named recipe: as many views as the method takes, equal neighbours in one group. */
export function viewsOf(
  recipe: string,
  { views }: Pick<Method, "views">,
  size: number,
): RunSpecInput["views"] {
  const recipes = recipeViews(recipe, views);
  const groups = recipes.reduce<RunSpecInput["views"]>((groups, next) => {
    const last = groups.at(-1);
    return last?.recipe.name === next.name
      ? [...groups.slice(0, -1), { ...last, count: last.count + 1 }]
      : [...groups, { count: 1, size, recipe: next }];
  }, []);
  return groups.map(asChosen);
}

/** A group without what its recipe does otherwise than its source: that is a text for reports, not a choice. */
function asChosen({ recipe: { departs: _, ...recipe }, ...group }: RunSpecInput["views"][number]) {
  return { ...group, recipe };
}

/** The probes of every run of a table: those of its measures, and the same of raw pixels where a row shows them. */
export function probesOf(table: Table, setting: Setting): ProbeInput[] {
  const onPixels = new Set(Object.values(table.rows).flatMap((row) => "pixels" in row ? row.pixels : []));
  return Object.entries(table.measures).flatMap(([id, measure]) => {
    if (measure.kind !== "probe") return [];
    const probe = { ...measure.probe, ...setting.probes?.[id] } as ProbeInput;
    const curve = probe.at?.includes("start") && setting.every !== undefined && { every: setting.every };
    return [
      { ...probe, ...curve },
      ...(onPixels.has(id) ? [{ ...probe, of: "pixels", at: ["start" as const] }] : []),
    ];
  });
}

/** Training images and classes of a split of a dataset, from its manifest. */
export async function countsOf(
  name: string,
  split: string,
  perClass: number | null,
): Promise<{ readonly images: number; readonly classes: number }> {
  const manifest = await readManifest(name);
  const classes = manifest.classes.count;
  const all = manifest.splits[split] ?? 0;
  return { images: perClass === null ? all : Math.min(all, perClass * classes), classes };
}
