/** Rows of the tables that are written as programs, as grids of a result. */
import { type Role, ROLES } from "../base/roles.ts";
import type { Cell, Column, Grid, GridRow } from "../report/result.ts";

/** One line of a table. Absent fields do not apply to the table. */
export interface Row {
  readonly method: string;
  readonly planned?: { readonly peakBytes: number; readonly roles: Readonly<Record<Role, number>> };
  readonly measured?: { readonly peakBytes: number; readonly plannedBytes: number; readonly stepMs: number };
  /** One value per seed, in percent. */
  readonly accuracy?: { readonly knn?: readonly number[]; readonly linear?: readonly number[] };
  /** Further columns by heading; `seconds` is a time and `state` says why a row has no results. */
  readonly values?: Readonly<Record<string, number | string>>;
}

/** A table of texts beside the main one. */
export interface SideTable {
  readonly title: string;
  readonly note?: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The grids of rows and side tables. `order` names the further columns that come first. */
export function gridsOf(
  rows: readonly Row[],
  { order = [], tables = [] }: { readonly order?: readonly string[]; readonly tables?: readonly SideTable[] },
): Grid[] {
  const present = new Set(rows.flatMap((row) => Object.keys(row.values ?? {})));
  present.delete("state");
  const names = [
    ...order.filter((n) => present.has(n)),
    ...[...present].filter((n) => !order.includes(n)).sort(),
  ];
  const columns: (Column & { readonly of: (row: Row) => Cell | undefined })[] = [
    { id: "knn", heading: "kNN", unit: "percent", of: (r) => values(r.accuracy?.knn) },
    { id: "linear", heading: "linear", unit: "percent", of: (r) => values(r.accuracy?.linear) },
    { id: "planned", heading: "planned peak", unit: "bytes", of: (r) => value(r.planned?.peakBytes) },
    ...names.map((name) => ({
      id: name,
      heading: name === "seconds" ? "training seconds" : name,
      unit: unitOf(name, rows),
      of: (r: Row) => {
        const found = r.values?.[name];
        return typeof found === "string" ? { text: found } : value(found);
      },
    })),
    { id: "measured", heading: "measured bytes", unit: "bytes", of: (r) => value(r.measured?.peakBytes) },
    {
      id: "measuredPlan",
      heading: "planned for the same step",
      unit: "bytes",
      of: (r) => value(r.measured?.plannedBytes),
    },
    { id: "stepMs", heading: "median ms a step", unit: "ms", of: (r) => value(r.measured?.stepMs) },
  ];
  const used = columns.filter((c) => rows.some((row) => c.of(row) !== undefined));
  const planned = rows.filter((row) => row.planned);
  return [
    {
      title: "Results",
      names: "method",
      columns: used.map(({ id, heading, unit }) => ({ id, heading, unit })),
      rows: rows.map((row): GridRow => ({
        name: row.method,
        cells: Object.fromEntries(used.flatMap((c) => {
          const cell = c.of(row);
          return cell === undefined ? [] : [[c.id, cell]];
        })),
        ...(row.values?.["state"] !== undefined && { state: String(row.values["state"]) }),
      })),
    },
    ...(planned.length === 0 ? [] : [{
      title: "Planned bytes by role",
      names: "method",
      columns: [...ROLES, "peak"].map((id): Column => ({ id, heading: id, unit: "bytes" })),
      rows: planned.map(({ method, planned }) => ({
        name: method,
        cells: Object.fromEntries(
          Object.entries({ ...planned!.roles, peak: planned!.peakBytes }).map((
            [id, n],
          ) => [id, { value: n }]),
        ),
      })),
    }]),
    ...tables.map(sideGrid),
  ];
}

/** A table of texts as a grid; its first column names the rows. */
export function sideGrid({ title, note, headings, rows }: SideTable): Grid {
  const columns = headings.slice(1).map((heading): Column => ({ id: heading, heading, unit: "text" }));
  return {
    title,
    ...(note !== undefined && { note }),
    names: headings[0]! === "" ? "row" : headings[0]!,
    columns,
    rows: rows.map(([name, ...cells]) => ({
      name: name!,
      cells: Object.fromEntries(columns.map(({ id }, i) => [id, { text: cells[i]! }])),
    })),
  };
}

const value = (n: number | undefined): Cell | undefined => n === undefined ? undefined : { value: n };
const values = (n: readonly number[] | undefined): Cell | undefined => n?.length ? { values: n } : undefined;

function unitOf(name: string, rows: readonly Row[]): Column["unit"] {
  const found = rows.flatMap((row) => row.values?.[name] ?? []);
  if (found.some((v) => typeof v === "string")) return "text";
  if (name === "seconds") return "seconds";
  return found.every(Number.isInteger) ? "count" : "ratio";
}
