/** The grids of a table: its rows under its measures, planned bytes by role, grids beside it, and times. */
import { ROLES } from "../../base/roles.ts";
import type { Cell, Column, Grid, GridRow } from "../../report/result.ts";
import { cellOf, columnOf, differencesOf, planOf, type Telling } from "./cells.ts";
import { columnsOf, isTrained } from "./resolve.ts";
import type { Beside, Measure, Table } from "./vocabulary.ts";

export async function gridsOf(t: Telling): Promise<Grid[]> {
  const shown = Object.keys(t.table.measures).filter((id) => !t.table.hidden?.includes(id));
  const roles = await roleGrid(t);
  const times = t.table.columns && await timeGrid(t, shown);
  const beside: Grid[] = [];
  for (const one of t.table.beside ?? []) beside.push(await besideGrid(t, one));
  return [
    await grid(t, t.chosen.rows, shown, { title: "Results" }),
    ...(roles ? [roles] : []),
    ...(times ? [times] : []),
    ...beside.filter((g) => g.rows.length > 0),
  ];
}

/** How a row is called on pages. */
export const nameOf = (table: Table, id: string): string => table.rows[id]!.name ?? id;

/** A name in one of several columns. */
export const inColumn = (name: string, column: string): string => column === "" ? name : `${name}, ${column}`;

/** Rows under measures; with several columns each measure stands once a column. */
async function grid(
  t: Telling,
  rows: readonly string[],
  measures: readonly string[],
  head: { readonly title: string; readonly note?: string },
): Promise<Grid> {
  const single = Object.keys(columnsOf(t.table)).join() === "";
  const here = measures.filter((id) => single || !isTime(t.table.measures[id]!));
  const places = Object.keys(columnsOf(t.table)).flatMap((column) =>
    here.map((measure): { column: string; measure: string; shown: Column } => {
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

/** Times of a table with columns: digests leave out what is called `stepMs` or `seconds`, so each stands once. */
async function timeGrid(t: Telling, shown: readonly string[]): Promise<Grid | undefined> {
  const times = shown.filter((id) => isTime(t.table.measures[id]!));
  const rows: GridRow[] = [];
  for (const row of t.chosen.rows) {
    for (const column of Object.keys(columnsOf(t.table))) {
      const cells: Record<string, Cell> = {};
      for (const id of times) {
        const cell = await cellOf(t, row, id, column);
        if (cell) cells[columnOf(t.table, id).id] = cell;
      }
      if (Object.keys(cells).length > 0) rows.push({ name: inColumn(nameOf(t.table, row), column), cells });
    }
  }
  return rows.length > 0
    ? { title: "Times", columns: times.map((id) => columnOf(t.table, id)), rows }
    : undefined;
}

const isTime = ({ kind }: Measure): boolean => kind === "stepMs" || kind === "seconds";

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
      for (const own of Object.keys(columnsOf(t.table))) {
        const cells: Record<string, Cell> = {};
        for (const [column, part] of Object.entries(beside.columns)) {
          const cell = await cellOf(t, row, measure, own, part);
          if (cell) cells[column] = cell;
        }
        if (Object.keys(cells).length === 0) continue;
        const { heading } = columnOf(t.table, measure);
        lines.push({ name: `${inColumn(nameOf(t.table, row), own)}: ${heading}`, cells });
      }
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
    for (const column of Object.keys(columnsOf(t.table))) {
      const cells: Record<string, Cell> = of === undefined ? {} : { of: { text: of } };
      for (const measure of measures) {
        const at = { measure, column };
        const values = await differencesOf(t, { row: first, ...at }, { row: second, ...at });
        if (values) cells[measure] = { values };
      }
      if (measures.some((id) => id in cells)) {
        const name = `${nameOf(t.table, first)} - ${nameOf(t.table, second)}`;
        rows.push({ name: inColumn(name, column), cells });
      }
    }
  }
  const described = rows.some((row) => "of" in row.cells);
  return {
    columns: described ? [...columns, { id: "of", heading: "what it is of", unit: "text" }] : columns,
    rows,
  };
}
