/**
 * Holds files to their size: a median of `src` under 220 lines, 300 lines at most for any .ts and 170 for any .wgsl,
 * methods under 100. Prints a table per folder; exits with 1 past a limit.
 */
import { join } from "node:path";
import { projectFiles } from "./files.ts";

const LIMITS = { medianOfSource: 220, typescript: 300, wgsl: 170, method: 99 } as const;

/** A file's path and its number of lines. */
export interface Sized {
  readonly path: string;
  readonly lines: number;
}

/** Middle value; the mean of the two middle ones for an even count; 0 for none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return 0;
  return sorted.length % 2 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

/** The most lines that `path` may have. */
export function limitOf(path: string): number {
  if (path.endsWith(".wgsl")) return LIMITS.wgsl;
  return path.startsWith("src/methods/") ? LIMITS.method : LIMITS.typescript;
}

/** One sentence per broken limit. */
export function violations(files: readonly Sized[]): string[] {
  const found = files.filter((f) => f.lines > limitOf(f.path)).map((f) =>
    `${f.path} has ${f.lines} lines, at most ${
      limitOf(f.path)
    } are allowed: find its second concept and move it out.`
  );
  const source = files.filter((f) => f.path.startsWith("src/") && f.path.endsWith(".ts")).map((f) => f.lines);
  const middle = median(source);
  if (middle >= LIMITS.medianOfSource) {
    found.push(
      `The median file of src has ${middle} lines, it must have fewer than ${LIMITS.medianOfSource}.`,
    );
  }
  return found;
}

/** Folder, number of files, median and largest file, a line each. */
export function table(files: readonly Sized[]): string {
  const folders = Map.groupBy(
    files,
    (f) => f.path.split("/").slice(0, f.path.startsWith("src/") ? 2 : 1).join("/"),
  );
  const rows = [["folder", "files", "median", "largest", ""]];
  for (const [folder, members] of [...folders].sort(([a], [b]) => a < b ? -1 : 1)) {
    const largest = members.reduce((a, b) => b.lines > a.lines ? b : a);
    const middle = String(median(members.map((m) => m.lines)));
    rows.push([folder, String(members.length), middle, String(largest.lines), largest.path]);
  }
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  const line = (row: string[]) =>
    row.map((cell, i) => i === 0 || i === 4 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)).join("  ")
      .trimEnd();
  return rows.map(line).join("\n");
}

async function sizes(root: string): Promise<Sized[]> {
  const paths = (await Promise.all(
    ["src", "tests", "tools", "bench", "experiments"].map((folder) =>
      projectFiles(root, folder, [".ts", ".wgsl"])
    ),
  )).flat();
  return await Promise.all(paths.map(async (path) => {
    const text = await Deno.readTextFile(join(root, path));
    return { path, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) };
  }));
}

/** Prints the table and the broken limits of the project at `root`; gives the exit code. */
export async function checkSize(root = "."): Promise<number> {
  const files = await sizes(root);
  console.log(table(files));
  const found = violations(files);
  for (const sentence of found) console.error(sentence);
  return found.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await checkSize());
