/** That a report follows from the events: it is made again and compared, cell by cell. */
import { AssayError } from "../../base/error.ts";
import type { BundleContent } from "./content.ts";
import type { BundleFiles } from "../../record/files.ts";
import { type Line, notChecked, ok, tampered } from "./line.ts";
import { AUDIT_FILES, checkAudit } from "./audit_report.ts";
import { NAMES } from "../../record/paths.ts";
import { olderResult } from "./older_format.ts";
import { shown, textDifference } from "./text_difference.ts";
import type { Codes } from "./statement.ts";

/**
 * Makes the files of a report again, by path, from a bundle's runs and what was asked of them; nothing measured may be
 * taken from the old report. Undefined where the kind of report cannot be made from runs.
 */
export type Regenerate = (content: BundleContent) => Promise<ReadonlyMap<string, string> | undefined>;

/** Most differences reported for one file. */
const SHOWN = 5;

/** What every version copies from the events as it is; all else may be worded or computed otherwise by other code. */
const COPIED = /^run\.json grids\[\d+\]\.rows\[\d+\]\.cells\.[^.]+\.values\b/;

/**
 * Compares the report with the one made again. Where other code made it, a difference in what is copied from the events
 * is still TAMPERED; others are NOT-CHECKED, because the code may account for them.
 */
export async function checkReport(
  files: BundleFiles,
  content: BundleContent,
  regenerate: Regenerate | undefined,
  { made, here }: Codes,
): Promise<Line[]> {
  const older = olderResult(content.result, { made, here });
  if (older !== undefined) return [notChecked("report", older)];
  const lines = await compareReport(files, content, regenerate);
  if (made === undefined || made.source === here.source) return lines;
  const open = lines.filter((line) => line.status === "TAMPERED" && !COPIED.test(line.place ?? ""));
  if (open.length === 0) return lines;
  const [first] = open;
  return [
    ...lines.filter((line) => !open.includes(line)),
    notChecked(
      "report",
      `made by version ${made.version}, source ${
        made.source.slice(0, 12)
      }; this is ${here.version}, source ` +
        `${here.source.slice(0, 12)}, and makes it otherwise in ${open.length} ${
          open.length === 1 ? "place" : "places"
        } ` +
        `or more, first ${first!.place}: ${first!.message}. Verify with the code that made it`,
    ),
  ];
}

async function compareReport(
  files: BundleFiles,
  content: BundleContent,
  regenerate: Regenerate | undefined,
): Promise<Line[]> {
  if (content.result === undefined) {
    if (files.sizes.has(AUDIT_FILES.data)) return await checkAudit(files);
    return [notChecked("report", `the bundle has no ${NAMES.run}`)];
  }
  let again: ReadonlyMap<string, string> | undefined;
  try {
    again = await regenerate?.(content);
  } catch (error) {
    if (error instanceof AssayError) {
      return [tampered("report", NAMES.run, `it cannot be made again from the runs: ${error.message}`)];
    }
    throw error;
  }
  if (!again) {
    return [notChecked("report", "this kind of report cannot be made again from the events of runs")];
  }
  const lines: Line[] = [];
  for (const [path, made] of again) {
    if (!files.sizes.has(path)) {
      lines.push(tampered("report", path, "the events give this page, the bundle lacks it"));
    } else lines.push(...compare(path, new TextDecoder().decode(await files.read(path)), made));
  }
  for (const path of files.sizes.keys()) {
    if (path.startsWith(NAMES.plots) && !again.has(path)) {
      lines.push(tampered("report", path, "the events give no such plot"));
    }
  }
  return lines.length > 0
    ? lines
    : [ok("report", `${again.size} files of the report follow from the events`)];
}

function compare(path: string, stated: string, made: string): Line[] {
  if (stated === made) return [];
  if (path === NAMES.run) {
    const cells = differences(parse(stated), parse(made)).slice(0, SHOWN);
    if (cells.length > 0) {
      return cells.map((d) =>
        tampered("report", `${path} ${d.path}`, `says ${d.stated}, the events give ${d.found}`)
      );
    }
  }
  const d = textDifference(stated, made)!;
  return [tampered("report", `${path}:${d.line}${d.cell}`, d.message)];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // told where the bundle was parsed
  }
}

interface Difference {
  /** Such as `grids[0].rows[2].cells.knn.values[0]`. */
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
