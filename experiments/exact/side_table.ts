/** Tables of texts as grids of a result. */
import type { Column, Grid } from "../../src/report/result.ts";

/** A table of texts beside the main one. */
export interface SideTable {
  readonly title: string;
  readonly note?: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly string[])[];
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
