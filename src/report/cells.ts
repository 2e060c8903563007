/** Cells of a grid as texts: every page prints a number in the same way. */
import { TIME_FIELDS } from "../record/events.ts";
import { bytes, count } from "../base/text.ts";
import { tInterval } from "../stats/t_interval.ts";
import type { Cell, Column, Grid, GridRow } from "./result.ts";

/** Level of the intervals over seeds, two-sided. */
export const LEVEL = 0.95;

/** What `±` means on every page. */
export const LEGEND =
  `± is half the width of the two-sided ${100 * LEVEL} % t interval of the mean over seeds; ` +
  "the number of seeds stands in brackets.";

/** Where a reader finds bytes to the last one. */
export const BYTES = "Bytes are rounded here and exact in `run.json`.";

/** A table as texts. `align` has one of l, r, c for each column. */
export interface TextTable {
  readonly head: readonly string[];
  readonly align: string;
  readonly rows: readonly (readonly string[])[];
}

/** `41.3 ± 1.2 (3)`: mean, half width of the t interval over seeds and their number; one value stands alone. */
export function estimate(values: readonly number[], print: number | ((value: number) => string) = 1): string {
  const show = typeof print === "number" ? (value: number) => value.toFixed(print) : print;
  if (values.length === 1) return `${show(values[0]!)} (1)`;
  const { centre, halfWidth } = tInterval(values, LEVEL);
  return `${show(centre)} ± ${show(halfWidth)} (${values.length})`;
}

/** One number in the way of its unit. */
export function printNumber(value: number, unit: Column["unit"]): string {
  switch (unit) {
    case "bytes":
      return bytes(value);
    case "count":
      return Number.isInteger(value) ? count(value) : value.toFixed(1);
    case "ratio":
      return value.toFixed(3);
    case "percent":
    case "points":
    case "ms":
    case "seconds":
      return value.toFixed(1);
    case "number":
    case "text":
      return short(value);
  }
}

/** A cell; an absent one is empty. Outcomes that do not vary, such as bytes, need no interval. */
export function printCell(cell: Cell | undefined, unit: Column["unit"]): string {
  if (cell === undefined) return "";
  if ("text" in cell) return cell.text;
  if ("value" in cell) return printNumber(cell.value, unit);
  const [first] = cell.values;
  const fixed = unit === "bytes" || unit === "count";
  if (fixed && cell.values.every((value) => value === first)) return printNumber(first!, unit);
  return estimate(cell.values, (value) => printNumber(value, unit));
}

/** A grid as texts, without columns of times. Rows that say why they have no results say it in a column of their own. */
export function gridTable({ names = "row", columns, rows }: Grid): TextTable {
  const shown = columns.filter((c) => !TIME_FIELDS.has(c.id));
  const state = rows.some((row) => row.state !== undefined);
  return {
    head: [names, ...shown.map((c) => c.heading), ...(state ? ["state"] : [])],
    align: `l${shown.map(({ unit }) => unit === "text" ? "l" : "r").join("")}${state ? "l" : ""}`,
    rows: rows.map((row) => [
      row.name,
      ...shown.map((c) => printCell(row.cells[c.id], c.unit)),
      ...(state ? [row.state ?? ""] : []),
    ]),
  };
}

/** Whether a grid says anything but times, which pages show in a table of their own. */
export function saysMoreThanTimes({ columns }: Grid): boolean {
  return columns.length === 0 || columns.some((c) => !TIME_FIELDS.has(c.id));
}

/** Whether a cell of the grid prints an interval, so that its page must say which. */
export function hasIntervals({ columns, rows }: Grid): boolean {
  return rows.some(({ cells }) =>
    columns.some(({ id, unit }) => !TIME_FIELDS.has(id) && printCell(cells[id], unit).includes(" ± "))
  );
}

/** Whether a cell of the grid prints a number of bytes less exactly than `run.json` has it. */
export function roundsBytes({ columns, rows }: Grid): boolean {
  const ids = columns.filter((c) => c.unit === "bytes").map((c) => c.id);
  return rows.some(({ cells }) => ids.some((id) => /[KMGT]iB/.test(printCell(cells[id], "bytes"))));
}

/** Times of all grids, by row; undefined where nothing was timed. */
export function timesTable(grids: readonly Grid[]): TextTable | undefined {
  const timed = (row: GridRow) => Object.keys(row.cells).some((id) => TIME_FIELDS.has(id));
  const rows = grids.flatMap((grid) => grid.rows.filter(timed));
  if (rows.length === 0) return undefined;
  const columns = [
    ...new Map(grids.flatMap((g) => g.columns).filter((c) => TIME_FIELDS.has(c.id)).map((c) => [c.id, c]))
      .values(),
  ];
  return {
    head: [grids.find((g) => g.rows.some(timed))!.names ?? "row", ...columns.map((c) => c.heading)],
    align: `l${"r".repeat(columns.length)}`,
    rows: rows.map(({ name, cells }) => [name, ...columns.map((c) => printCell(cells[c.id], c.unit))]),
  };
}

/** Four significant digits; very small and very large numbers with an exponent. */
export function short(x: number): string {
  return x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6)
    ? x.toExponential(1)
    : String(Number(x.toPrecision(4)));
}
