/** The fields that each part of a table's value may have: one that is none of them is refused, with the nearest. */
import { nearest } from "../../base/nearest.ts";
import { PROBE_KINDS, probeSchema } from "../../record/spec/probe.ts";
import { IMPLEMENTED_PROBES } from "../../train/trainable.ts";
import { methodNames } from "../method_files.ts";
import type { Part } from "./part.ts";
import { isTrained } from "./resolve.ts";
import type { Beside, Check, Measure, Setting, Table } from "./vocabulary.ts";

/** Every field of a type, so that one added to the type must be added here. */
type Fields<T> = Readonly<Record<keyof Required<T>, true>>;
type Every<T> = T extends unknown ? keyof T : never;

const PART: Fields<Part> = {
  ...{ method: true, hyper: true, encoder: true, teacher: true, views: true, size: true, stored: true },
  ...{ optimizer: true, batch: true, epochs: true, longer: true, steps: true, gradientEvaluations: true },
  ...{ checkpointEvery: true, data: true, splits: true, images: true },
};
const SETTING: Fields<Setting> = {
  ...{
    data: true,
    perClass: true,
    seeds: true,
    settings: true,
    all: true,
    rows: true,
    every: true,
    probes: true,
  },
};
const TABLE: Fields<Table> = {
  ...{
    kind: true,
    id: true,
    title: true,
    summary: true,
    rows: true,
    columns: true,
    measures: true,
    hidden: true,
  },
  ...{ scales: true, beside: true, checks: true, notes: true, roles: true },
};
const BESIDE: Readonly<Record<Every<Beside>, true>> = {
  ...{ title: true, note: true, rows: true, measures: true, columns: true, differences: true },
};
const CHECK: Readonly<Record<Every<Check>, true>> = {
  ...{ kind: true, of: true, columns: true, rows: true, suffix: true, id: true, question: true, means: true },
};
/** Fields of a measure of each kind. */
const MEASURE: Readonly<Record<Measure["kind"], readonly string[]>> = {
  probe: ["probe", "value", "heading"],
  gain: ["of"],
  planned: ["part", "settings", "heading"],
  head: ["of", "part", "settings", "heading"],
  ...{ measured: [], "planned-here": [], stepMs: [], seconds: [], epochs: [], images: [], program: [] },
  "gradient-evaluations": [],
  metric: ["name", "heading"],
  field: ["path", "heading"],
  ratio: ["of", "to", "heading"],
};

/** The first thing in a table's value that means nothing, in words; undefined where all of it does. */
export function strayField(table: Table): string | undefined {
  const parts: [string, object | undefined][] = [
    ...Object.entries(table.columns ?? {}).map((
      [id, part],
    ): [string, object] => [`the column "${id}"`, part]),
    ...Object.entries(table.scales).flatMap(([scale, setting]): [string, object | undefined][] => [
      [`the scale ${scale}`, setting.all],
      ...Object.entries(setting.rows ?? {}).map((
        [id, part],
      ): [string, object] => [`row "${id}" at ${scale}`, part]),
    ]),
  ];
  return first([
    () => stray("the table", table, Object.keys(TABLE)),
    ...Object.entries(table.scales).map(([scale, setting]) => () =>
      stray(`the scale ${scale}`, setting, Object.keys(SETTING))
    ),
    ...parts.map(([where, part]) => () => part && stray(where, part, Object.keys(PART))),
    ...Object.entries(table.rows).map(([id, row]) => () => {
      const own = isTrained(row) ? Object.keys(PART) : ["untrained", "pixels"];
      return stray(`the row "${id}"`, row, [...own, "name", "about"]) ??
        (isTrained(row) ? unknownMethod(id, row.method) : undefined);
    }),
    ...Object.entries(table.measures).map(([id, measure]) => () => strayMeasure(id, measure)),
    ...(table.beside ?? []).map((grid) => () => stray(`the grid "${grid.title}"`, grid, Object.keys(BESIDE))),
    ...table.checks.map((check) => () => stray("a check", check, Object.keys(CHECK))),
  ]);
}

const first = (tests: readonly (() => string | undefined)[]): string | undefined => {
  for (const test of tests) {
    const found = test();
    if (found !== undefined) return found;
  }
  return undefined;
};

function stray(where: string, value: object, known: readonly string[]): string | undefined {
  const other = Object.keys(value).find((key) => !known.includes(key));
  return other === undefined ? undefined : `"${other}" in ${where}${didYouMean(other, known)}`;
}

function didYouMean(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return near === undefined ? `, which may have ${known.join(", ")}` : `, did you mean "${near}"`;
}

function unknownMethod(row: string, method: string): string | undefined {
  const names = methodNames();
  return names.includes(method)
    ? undefined
    : `no method "${method}" for the row "${row}"${didYouMean(method, names)}`;
}

function strayMeasure(id: string, measure: Measure | undefined): string | undefined {
  const kind = measure?.kind;
  if (measure === undefined || kind === undefined || !Object.hasOwn(MEASURE, kind)) {
    return `no kind "${kind}" for the measure "${id}"${didYouMean(String(kind), Object.keys(MEASURE))}`;
  }
  const other = stray(`the measure "${id}"`, measure, ["kind", ...MEASURE[kind]]);
  if (other !== undefined || measure.kind !== "probe") return other;
  const { probe } = measure;
  if (!PROBE_KINDS.includes(probe.kind)) {
    return `no probe "${probe.kind}"${didYouMean(probe.kind, PROBE_KINDS)}`;
  }
  if (!IMPLEMENTED_PROBES.has(probe.kind)) return `the probe "${probe.kind}", which is not implemented`;
  const { error } = probeSchema.safeParse(probe);
  const [issue] = error?.issues ?? [];
  return issue &&
    `the probe of "${id}": ${issue.path.join(".")}${issue.path.length > 0 ? ": " : ""}${issue.message}`;
}
