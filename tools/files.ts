import { join } from "node:path";

/** Folders that hold nothing of the project's own text: installed, downloaded or generated. */
const SKIPPED = new Set([
  ".git",
  ".toolchain",
  "node_modules",
  "datasets/cache",
  "runs",
  "out",
  "reports",
  "tests/fixtures",
]);

/**
 * Files of the project below `folder` whose name ends in one of `endings`, as sorted paths relative to `root` with
 * forward slashes. A folder that does not exist holds no file.
 */
export async function projectFiles(
  root: string,
  folder: string,
  endings: readonly string[],
): Promise<string[]> {
  const found: string[] = [];
  let entries: Deno.DirEntry[];
  try {
    entries = await Array.fromAsync(Deno.readDir(join(root, folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
  for (const entry of entries) {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory && !SKIPPED.has(path)) found.push(...await projectFiles(root, path, endings));
    if (entry.isFile && endings.some((ending) => entry.name.endsWith(ending))) found.push(path);
  }
  return found.sort();
}
