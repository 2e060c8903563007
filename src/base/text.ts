/** Numbers and tables for a terminal. */
import { markdownTable } from "markdown-table";

/** `12.47 GiB`: powers of 1024, three significant digits or more. */
export function bytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let unit = 0;
  while (Math.abs(n) >= 1024 && unit < units.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${unit === 0 ? n : n.toFixed(2)} ${units[unit]}`;
}

/** Bytes of `12GiB`, `800MB`, `4096`: powers of 1024 with an i, of 1000 without. Undefined for anything else. */
export function parseBytes(text: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)\s*(?:([KMGT])(i?)B|B)?$/.exec(text.trim());
  if (!found) return undefined;
  const power = found[2] ? "KMGT".indexOf(found[2]) + 1 : 0;
  return Math.floor(Number(found[1]) * (found[3] ? 1024 : 1000) ** power);
}

/** `25,557,032`. */
export function count(n: number): string {
  return n.toLocaleString("en-US");
}

/** `1.2 %` of a fraction. */
export function percent(fraction: number, digits = 1): string {
  return `${(100 * fraction).toFixed(digits)} %`;
}

/** A Markdown table that also reads well in a terminal; `align` has one of l, r, c for each column. */
export function table(rows: readonly (readonly string[])[], align: string): string {
  return markdownTable(rows.map((row) => [...row]), { align: [...align] });
}
