/**
 * Which test files need a GPU adapter, derived from what they load: a file needs one when a module that asks for an adapter can
 * be loaded by it, by what it imports, or by a program that it starts.
 */
import { join, posix } from "node:path";
import { importsOf } from "./check_layers.ts";
import { reachedFrom } from "./check_reached.ts";
import { projectFiles } from "./files.ts";

/** Whether a module outside the tests asks for an adapter, in Deno or in a page that it opens. */
const asks = (path: string, source: string): boolean =>
  !path.startsWith("tests/") && source.includes(".requestAdapter(");

/** Imports and exports that vanish before a program runs: of types alone. */
const TYPES_ONLY =
  /\b(?:import|export)\s+(?:type\s[^;"'`]*?|\{(?:\s*type\s[^,}]*,?)+\s*\}\s*)from\s*["'][^"'`]+["']/g;

/** Texts that may be the path of a program to start. */
const PATHS = /["'`]([\w@./-]+\.ts)["'`]/g;

/**
 * Project paths that the TypeScript at `path` imports for more than types; of a test that starts programs also every path
 * that it names, relative ones from its folder, others from the project's. Not all exist.
 */
export function loads(path: string, source: string): string[] {
  const imports = importsOf(path, source.replace(TYPES_ONLY, ""));
  if (!path.startsWith("tests/") || !source.includes("Deno.Command")) return imports;
  const named = [...source.matchAll(PATHS)].map(([, to]) =>
    to!.startsWith(".") ? posix.join(posix.dirname(path), to!) : posix.normalize(to!)
  );
  return [...imports, ...named];
}

/** Those of `files` (paths relative to `root`) that run without an adapter. */
export async function withoutAdapter(root: string, files: readonly string[]): Promise<string[]> {
  const known = new Set(await projectFiles(root, ".", [".ts"]));
  const graph = new Map<string, Set<string>>();
  const asking: string[] = [];
  const waiting = [...files];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (graph.has(path)) continue;
    const source = await Deno.readTextFile(join(root, path));
    if (asks(path, source)) asking.push(path);
    const found = new Set(loads(path, source).filter((to) => known.has(to)));
    graph.set(path, found);
    waiting.push(...found);
  }
  return files.filter((file) => {
    const reached = reachedFrom([file], graph);
    return !asking.some((path) => reached.has(path));
  });
}

/** Environment under which no adapter is found: Vulkan alone, with a driver list that names no driver. */
export const NO_ADAPTER: Readonly<Record<string, string>> = {
  DENO_WEBGPU_BACKEND: "vulkan",
  VK_DRIVER_FILES: "/nonexistent",
  VK_ICD_FILENAMES: "/nonexistent",
};
