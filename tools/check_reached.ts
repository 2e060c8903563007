/**
 * Finds files of `src` that nothing reaches: neither the command line, nor `mod.ts`, nor an experiment, nor a benchmark
 * imports them, directly or through others. What is kept for later stands in ARCHITECTURE.md under "Kept for what comes",
 * a line per file with its reason; a line whose file is reached by now, or gone, is reported too.
 */
import { join } from "node:path";
import { fileGraph } from "./check_layers.ts";
import { projectFiles } from "./files.ts";

/** Folders whose files are entry points: run by name, or found by listing the folder. */
const ENTRY_FOLDERS = ["experiments", "bench", "src/methods"];
const ENTRY_FILES = ["src/cli/main.ts", "mod.ts"];

/** Everything that `entries` import, directly or through others, themselves included. */
export function reachedFrom(
  entries: Iterable<string>,
  graph: ReadonlyMap<string, ReadonlySet<string>>,
): Set<string> {
  const reached = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue;
    reached.add(path);
    waiting.push(...graph.get(path) ?? []);
  }
  return reached;
}

/** Paths of the list "Kept for what comes": lines such as "- `src/eval/collapse.ts`: the reason". */
export function keptPaths(architecture: string): string[] {
  const section = /^## Kept for what comes$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(architecture)?.[1] ?? "";
  return [...section.matchAll(/^- `(src\/[^`]+)`: \S/gm)].map((line) => line[1]!);
}

/** A sentence per file that nothing reaches, and per line of the list that no longer holds. */
export async function unreached(root: string): Promise<string[]> {
  const graph = await fileGraph(root, ["src", "experiments", "bench", "mod.ts"]);
  const entries = [...graph.keys()].filter((path) =>
    ENTRY_FILES.includes(path) || ENTRY_FOLDERS.some((folder) => path.startsWith(`${folder}/`))
  );
  const kept = keptPaths(await Deno.readTextFile(join(root, "ARCHITECTURE.md")));
  const reached = reachedFrom(entries, graph);
  const reachedOrKept = reachedFrom([...entries, ...kept], graph);
  const sources = await projectFiles(root, "src", [".ts"]);
  return [
    ...sources.filter((path) => !reachedOrKept.has(path)).map((path) =>
      `${path} is reached by no command, experiment or benchmark: remove it, or keep it with its reason in ARCHITECTURE.md.`
    ),
    ...kept.filter((path) => !sources.includes(path)).map((path) =>
      `${path} is kept in ARCHITECTURE.md but does not exist: remove the line.`
    ),
    ...kept.filter((path) => reached.has(path)).map((path) =>
      `${path} is kept in ARCHITECTURE.md but something reaches it by now: remove the line.`
    ),
  ];
}

/** Prints what nothing reaches in the project at `root`; gives the exit code. */
export async function checkReached(root = "."): Promise<number> {
  const found = await unreached(root);
  for (const sentence of found) console.error(sentence);
  console.log(`Files of src that nothing reaches: ${found.length}.`);
  return found.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await checkReached());
