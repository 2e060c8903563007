/** Whether a table's value holds together: a name that is none of its rows or measures would be left out in silence. */
import { failure } from "../../base/error.ts";
import { nearest } from "../../base/nearest.ts";
import { strayField } from "./fields.ts";
import type { Part } from "./part.ts";
import { isTrained } from "./resolve.ts";
import type { At, Beside, Check, Comparison, Measure, Table } from "./vocabulary.ts";

const FIELDS = ["id", "title", "summary", "rows", "measures", "scales", "checks"] as const;

/** A name that a place of a table gives. */
interface Named {
  readonly by: string;
  readonly name: string;
}

/**
 * Errors: a field that is absent; a row, measure or column that the table has not; an ordering of what has no outcome a
 * seed; a teacher that trains nothing or is its own.
 */
export function requireSound(table: Table): void {
  const absent = FIELDS.find((field) => table[field] === undefined);
  if (absent !== undefined) throw refuse(table, `it must have ${FIELDS.join(", ")}`, `no ${absent}`);
  const other = strayField(table);
  if (other !== undefined) throw refuse(table, "every field must be one that tables have", other);
  const rows = Object.keys(table.rows);
  const trained = rows.filter((id) => isTrained(table.rows[id]!));
  requireNames(table, "row", rows, rowsNamed(table));
  requireNames(table, "measure", Object.keys(table.measures), measuresNamed(table));
  requireNames(table, "row that trains", trained, teachersNamed(table));
  for (const row of trained) requireOthersTeach(table, row);
  const places = table.checks.flatMap((check) => placesOf(check).map((at) => ({ by: nameOf(check), ...at })));
  const columns = places.flatMap(({ by, column }) => column === undefined ? [] : [{ by, name: column }]);
  requireNames(table, "column", Object.keys(table.columns ?? {}), columns);
  const ordered = table.checks.flatMap((check) =>
    check.kind !== "own"
      ? []
      : check.means.filter((one) => one.kind === "above").flatMap((one) =>
        placesIn(one).map(({ measure }) => ({ by: nameOf(check), name: measure }))
      )
  );
  requireStarts(table);
  const seeded = Object.keys(table.measures).filter((id) => SEEDED.has(table.measures[id]!.kind));
  requireNames(table, "measure of one outcome a seed", seeded, ordered);
}

/** What is set beside the untrained encoder must have been asked of it. */
function requireStarts(table: Table): void {
  const untrained = new Set(Object.keys(table.rows).filter((id) => "untrained" in table.rows[id]!));
  const asked = [
    ...table.checks.flatMap(placesOf).filter(({ row }) => untrained.has(row)).map(({ measure }) => measure),
    ...Object.values(table.measures).flatMap((m) => m.kind === "gain" ? [m.of] : []),
  ];
  const late = asked.find((id) => {
    const measure = table.measures[id];
    return measure?.kind === "probe" && !measure.probe.at?.includes("start");
  });
  if (late === undefined) return;
  throw refuse(
    table,
    `"${late}" must be taken before the first step too, where it is compared with the untrained encoder`,
    "a probe at the end alone; give it { curve: true }",
  );
}

/** Kinds of measures with an outcome for each seed: what one row can be above another in. */
const SEEDED: ReadonlySet<Measure["kind"]> = new Set(["probe", "gain", "metric"]);

function requireNames(table: Table, what: string, known: readonly string[], named: readonly Named[]): void {
  const other = named.find(({ name }) => !known.includes(name));
  if (!other) return;
  const near = nearest(other.name, known);
  throw refuse(
    table,
    `every ${what} that ${other.by} names must be one of ${known.join(", ") || "none"}`,
    `"${other.name}"${near === undefined ? "" : `, did you mean "${near}"`}`,
  );
}

const naming = (by: string) => (name: string): Named => ({ by, name });

function rowsNamed({ measures, scales, beside = [], checks }: Table): Named[] {
  return [
    ...Object.values(measures).flatMap((m: Measure) => m.kind === "ratio" ? [m.to] : []).map(
      naming("a ratio"),
    ),
    ...Object.values(scales).flatMap((setting) => Object.keys(setting.rows ?? {})).map(naming("a scale")),
    ...beside.flatMap(rowsBeside).map(naming("a grid beside it")),
    ...checks.flatMap((check) =>
      check.kind === "sentence"
        ? Object.values(check.rows ?? {}).map(naming(`the sentence ${check.of}`))
        : placesOf(check).map((at) => at.row).map(naming(nameOf(check)))
    ),
  ];
}

const rowsBeside = (beside: Beside): readonly string[] =>
  "differences" in beside ? beside.differences.flatMap(([first, second]) => [first, second]) : beside.rows;

function measuresNamed({ rows, measures, hidden = [], beside = [], checks }: Table): Named[] {
  return [
    ...Object.values(rows).flatMap((row) => "pixels" in row ? row.pixels : []).map(naming("a row of pixels")),
    ...Object.values(measures).flatMap((m: Measure) => m.kind === "gain" || m.kind === "ratio" ? [m.of] : [])
      .map(naming("a gain or ratio")),
    ...hidden.map(naming("`hidden`")),
    ...beside.flatMap(({ measures }) => measures).map(naming("a grid beside it")),
    ...checks.flatMap((check) => placesOf(check).map((at) => at.measure).map(naming(nameOf(check)))),
  ];
}

/** Places of the cells that an own check looks at. */
const placesOf = (check: Check): At[] => check.kind === "own" ? check.means.flatMap(placesIn) : [];

const nameOf = (check: Check): string => `the check "${check.kind === "own" ? check.id : check.of}"`;

/** Places that a comparison looks at. */
export const placesIn = (one: Comparison): At[] =>
  one.kind === "above"
    ? [one.above, one.below]
    : one.kind === "same"
    ? [...one.cells]
    : [one.left, one.right].filter((side) => typeof side !== "number");

/** Parts that decide of a row at some scale or in some column; the row's own alone for `row`. */
function partsOf({ rows, columns = {}, scales }: Table, row?: string): (Part | undefined)[] {
  return [
    ...Object.entries(rows).flatMap(([id, r]) => isTrained(r) && (row ?? id) === id ? [r] : []),
    ...Object.values(columns),
    ...Object.values(scales).flatMap((setting) => [
      setting.all,
      ...Object.entries(setting.rows ?? {}).flatMap(([id, part]) => (row ?? id) === id ? [part] : []),
    ]),
  ];
}

const teachersIn = (parts: readonly (Part | undefined)[]): string[] =>
  parts.flatMap((part) => part?.teacher && "row" in part.teacher ? [part.teacher.row] : []);

const teachersNamed = (table: Table): Named[] => teachersIn(partsOf(table)).map(naming("a teacher"));

function requireOthersTeach(table: Table, row: string, trail: readonly string[] = []): void {
  const path = [...trail, row];
  if (trail.includes(row)) {
    throw refuse(table, "no row may be its own teacher, or its teacher's", path.join(", "));
  }
  for (const teacher of teachersIn(partsOf(table, row))) requireOthersTeach(table, teacher, path);
}

function refuse({ id }: Table, required: string, found: string) {
  return failure({
    operation: "use",
    object: `the table "${id}"`,
    required,
    found,
    wayOut: "correct the table's file",
  });
}
