/** That a report follows from the events: it is made again and compared, cell by cell. */
import { AssayError } from "../../error.ts";
import type { BundleContent } from "./content.ts";
import { type Line, notChecked, ok, tampered } from "./line.ts";
import { NAMES } from "./paths.ts";

/** A report made from events. `json` is what `run.json` holds. */
export interface Regenerated {
  readonly json: unknown;
  readonly markdown?: string;
  readonly html?: string;
}

/** Makes the report of a bundle again from its runs, claims and the table's name. Must not copy measured values. */
export type Regenerate = (content: BundleContent) => Promise<Regenerated> | Regenerated;

/** Most differences reported for one file. */
const SHOWN = 5;

/** Compares the report with the one made again. */
export async function checkReport(
  content: BundleContent,
  regenerate: Regenerate | undefined,
): Promise<Line[]> {
  if (content.result === undefined) return [notChecked("report", `the bundle has no ${NAMES.run}`)];
  if (!regenerate) {
    return [notChecked("report", "this program cannot make this kind of report again from its events")];
  }
  let again: Regenerated;
  try {
    again = await regenerate(content);
  } catch (error) {
    if (error instanceof AssayError) {
      return [tampered("report", NAMES.run, `it cannot be made again: ${error.message}`)];
    }
    throw error;
  }
  const lines = differences(content.result, again.json).slice(0, SHOWN).map(({ path, stated, found }) =>
    tampered("report", `${NAMES.run} ${path}`, `says ${stated}, the events give ${found}`)
  );
  const texts = [
    [NAMES.markdown, content.markdown, again.markdown],
    [NAMES.html, content.html, again.html],
  ] as const;
  for (const [name, stated, made] of texts) {
    if (made === undefined || stated === undefined) {
      if (stated !== undefined) lines.push(notChecked("report", "this page was not made again", name));
      continue;
    }
    const different = textDifference(stated, made);
    if (different) {
      lines.push(tampered("report", `${name}:${different.line}${different.cell}`, different.message));
    }
  }
  if (lines.some((line) => line.status === "TAMPERED")) return lines;
  return [ok("report", `${NAMES.run} and its pages follow from the events`), ...lines];
}

interface Difference {
  /** Such as `rows[2].accuracy.knn[0]`. */
  readonly path: string;
  readonly stated: string;
  readonly found: string;
}

/** Places where two JSON values differ, in order. */
export function differences(stated: unknown, found: unknown, path = ""): Difference[] {
  if (Array.isArray(stated) && Array.isArray(found)) {
    const length = Math.max(stated.length, found.length);
    return Array.from({ length }, (_, i) => differences(stated[i], found[i], `${path}[${i}]`)).flat();
  }
  if (isObject(stated) && isObject(found)) {
    const keys = [...new Set([...Object.keys(stated), ...Object.keys(found)])];
    return keys.flatMap((key) => differences(stated[key], found[key], path === "" ? key : `${path}.${key}`));
  }
  return Object.is(stated, found) ? [] : [{ path, stated: shown(stated), found: shown(found) }];
}

/** First line in which two texts differ; in a Markdown table with the column's heading. */
export function textDifference(
  stated: string,
  made: string,
): { line: number; cell: string; message: string } | undefined {
  const a = stated.split("\n"), b = made.split("\n");
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [ours = "", theirs = ""] = [b[i], a[i]];
    if (a[i] === b[i]) continue;
    const column = columnOf(theirs, ours);
    const heading = column === undefined ? undefined : headingAbove(a, i)?.[column];
    const cells = [theirs, ours].map((line) => column === undefined ? line : cellsOf(line)[column]!);
    return {
      line: i + 1,
      cell: column === undefined ? "" : `, column ${heading || column + 1}`,
      message: `says ${shown(cells[0])}, the events give ${shown(cells[1])}`,
    };
  }
  return undefined;
}

function cellsOf(line: string): string[] {
  return line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
}

function columnOf(a: string, b: string): number | undefined {
  if (!a.trim().startsWith("|") || !b.trim().startsWith("|")) return undefined;
  const [left, right] = [cellsOf(a), cellsOf(b)];
  if (left.length !== right.length) return undefined;
  const column = left.findIndex((cell, i) => cell !== right[i]);
  return column < 0 ? undefined : column;
}

function headingAbove(lines: readonly string[], at: number): string[] | undefined {
  while (at > 0 && lines[at - 1]!.trim().startsWith("|")) at--;
  return lines[at] === undefined ? undefined : cellsOf(lines[at]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
