/** What a reader of a table must know first, one sentence each: whether anything was learned, and who needs least memory. */
import { bytes } from "../../base/text.ts";
import type { Cell } from "../../report/result.ts";
import { cellOf, columnOf, type Telling } from "./cells.ts";
import { nameOf } from "./grids.ts";
import { columnsOf, isTrained } from "./resolve.ts";

export async function headlineOf(t: Telling): Promise<string[]> {
  return [...await againstBaselines(t), ...await ofMemory(t)];
}

const meanOf = (cell: Cell | undefined): number | undefined =>
  cell && "values" in cell ? cell.values.reduce((a, b) => a + b, 0) / cell.values.length : undefined;

/** How many trained rows the pixels and the untrained encoder are above, under the first measure that shows them. */
async function againstBaselines(t: Telling): Promise<string[]> {
  const sentences: string[] = [];
  const [column] = Object.keys(columnsOf(t.table));
  for (const baseline of t.chosen.rows.filter((id) => !isTrained(t.table.rows[id]!))) {
    for (const measure of Object.keys(t.table.measures)) {
      const own = meanOf(await cellOf(t, baseline, measure, column));
      if (own === undefined) continue;
      const others: number[] = [];
      for (const row of t.chosen.rows.filter((id) => isTrained(t.table.rows[id]!))) {
        const mean = meanOf(await cellOf(t, row, measure, column));
        if (mean !== undefined) others.push(mean);
      }
      const above = others.filter((mean) => own > mean).length;
      const name = nameOf(t.table, baseline);
      const { heading } = columnOf(t.table, measure);
      if (others.length > 0) {
        sentences.push(
          `${name[0]!.toUpperCase()}${name.slice(1)}: ${
            own.toFixed(1)
          } % ${heading}, above the mean of ${above} of ${others.length} trained rows.`,
        );
      }
      break;
    }
  }
  return sentences;
}

/** The rows that need least and most by plan. */
async function ofMemory(t: Telling): Promise<string[]> {
  const measure = Object.keys(t.table.measures).find((id) => t.table.measures[id]!.kind === "planned");
  if (measure === undefined) return [];
  const [column] = Object.keys(columnsOf(t.table));
  const plans: { readonly name: string; readonly peak: number }[] = [];
  for (const row of t.chosen.rows) {
    const cell = await cellOf(t, row, measure, column);
    if (cell && "value" in cell) plans.push({ name: nameOf(t.table, row), peak: cell.value });
  }
  if (plans.length < 2) return [];
  plans.sort((a, b) => a.peak - b.peak);
  const said = ({ name, peak }: typeof plans[number]) => `${name} ${bytes(peak)}`;
  return [`By plan ${said(plans[0]!)} is the least, ${said(plans.at(-1)!)} the most.`];
}
