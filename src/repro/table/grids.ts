/** The grids of a table: its rows under its measures, planned bytes by role, grids beside it, and times. */
import { ROLES } from "../../base/roles.ts";
import type { Cell, Column, Grid, GridRow } from "../../report/result.ts";
import { cellOf, columnOf, planOf, type Telling } from "./cells.ts";
import { columnsOf, isTrained } from "./resolve.ts";
import type { Beside, Measure, Table } from "./vocabulary.ts";

export async function gridsOf(t: Telling): Promise<Grid[]> {
  const shown = Object.keys(t.table.measures).filter((id) => !t.table.hidden?.includes(id));
  const roles = await roleGrid(t);
  const beside: Grid[] = [];
  for (const one of t.table.beside ?? []) beside.push(await besideGrid(t, one));
  return [
    await grid(t, t.chosen.rows, shown, { title: "Results" }),
    ...(roles ? [roles] : []),
    ...beside.filter((g) => g.rows.length > 0),
  ];
}

/** How a row is called on pages. */
export const nameOf = (table: Table, id: string): string => table.rows[id]!.name ?? id;

/** Rows under measures; with several columns each measure stands once a column. */
async function grid(
  t: Telling,
  rows: readonly string[],
  measures: readonly string[],
  head: { readonly title: string; readonly note?: string },
): Promise<Grid> {
  const places = Object.keys(columnsOf(t.table)).flatMap((column) =>
    measures.map((measure): { column: string; measure: string; shown: Column } => {
      const shown = columnOf(t.table, measure);
      return column === "" ? { column, measure, shown } : {
        column,
        measure,
        shown: { ...shown, id: `${column}/${measure}`, heading: `${column}, ${shown.heading}` },
      };
    })
  );
  const lines: GridRow[] = [];
  for (const row of rows) {
    const cells: Record<string, Cell> = {};
    for (const { column, measure, shown } of places) {
      const cell = await cellOf(t, row, measure, column);
      if (cell) cells[shown.id] = cell;
    }
    const ran = !isTrained(t.table.rows[row]!) || t.runs.some((run) => run.row === row && run.recorded);
    const asks = places.some(({ measure }) => RECORDED.has(t.table.measures[measure]!.kind));
    lines.push({ name: nameOf(t.table, row), cells, ...(!ran && asks && { state: "NOT-RUN" }) });
  }
  const used = places.map((place) => place.shown).filter(({ id }) => lines.some((line) => id in line.cells));
  return { ...head, columns: used, rows: lines };
}

/** Kinds of measures that need a run. */
const RECORDED: ReadonlySet<Measure["kind"]> = new Set([
  "probe",
  "gain",
  "measured",
  "planned-here",
  "images",
  "metric",
  "gradient-evaluations",
]);

async function roleGrid(t: Telling): Promise<Grid | undefined> {
  const measure = Object.values(t.table.measures).find((m) => m.kind === "planned");
  if (!measure) return undefined;
  const rows = [];
  for (const row of t.chosen.rows.filter((id) => isTrained(t.table.rows[id]!))) {
    const { roles, peakBytes } = await planOf(t, row, measure, Object.keys(columnsOf(t.table))[0]!);
    const cells = Object.fromEntries([...ROLES.map((role) => [role, { value: roles[role] }]), ["peak", {
      value: peakBytes,
    }]]);
    rows.push({ name: nameOf(t.table, row), cells });
  }
  const columns = [...ROLES, "peak"].map((id): Column => ({ id, heading: id, unit: "count" }));
  return { title: "Planned bytes by role", columns, rows };
}

async function besideGrid(t: Telling, beside: Beside): Promise<Grid> {
  const head = { title: beside.title, ...(beside.note !== undefined && { note: beside.note }) };
  if ("differences" in beside) return { ...head, ...await differences(t, beside) };
  const rows = beside.rows.filter((id) => t.chosen.rows.includes(id));
  if (!beside.columns) return await grid(t, rows, beside.measures, head);
  const lines = [];
  for (const row of rows) {
    for (const measure of beside.measures) {
      const cells: Record<string, Cell> = {};
      for (const [column, part] of Object.entries(beside.columns)) {
        const cell = await cellOf(t, row, measure, "", part);
        if (cell) cells[column] = cell;
      }
      const { heading } = columnOf(t.table, measure);
      if (Object.keys(cells).length > 0) lines.push({ name: `${nameOf(t.table, row)}: ${heading}`, cells });
    }
  }
  const unit = columnOf(t.table, beside.measures[0]!).unit;
  return {
    ...head,
    columns: Object.keys(beside.columns).map((id) => ({ id, heading: id, unit })),
    rows: lines,
  };
}

/** First less second with the same seed, in points. */
async function differences(
  t: Telling,
  { differences, measures }: Extract<Beside, { readonly differences: unknown }>,
): Promise<Pick<Grid, "columns" | "rows">> {
  const columns = measures.map((id): Column => ({
    id,
    heading: columnOf(t.table, id).heading,
    unit: "points",
  }));
  const rows = [];
  for (const [first, second, of] of differences) {
    const cells: Record<string, Cell> = of === undefined ? {} : { of: { text: of } };
    for (const measure of measures) {
      const values = paired(await cellOf(t, first, measure), await cellOf(t, second, measure));
      if (values) cells[measure] = { values };
    }
    if (measures.some((id) => id in cells)) {
      rows.push({ name: `${nameOf(t.table, first)} - ${nameOf(t.table, second)}`, cells });
    }
  }
  const described = rows.some((row) => "of" in row.cells);
  return {
    columns: described ? [...columns, { id: "of", heading: "what it is of", unit: "text" }] : columns,
    rows,
  };
}

/** Differences of two cells of the same seeds. */
export function paired(first: Cell | undefined, second: Cell | undefined): number[] | undefined {
  if (!first || !second || !("values" in first) || !("values" in second)) return undefined;
  if (first.values.length !== second.values.length) return undefined;
  return first.values.map((v, i) => v - second.values[i]!);
}
