/**
 * The layers as they are: prints how many files each has, what it imports and what else it may, and finds circles. No file
 * of `src` may reach itself through imports (types count), and no layer may reach itself through what its row allows.
 */
import { join, posix } from "node:path";
import { projectFiles } from "./files.ts";
import { layers } from "./lint_layers.ts";

/** What each file or layer imports. */
export type Graph = ReadonlyMap<string, ReadonlySet<string>>;

/** Forms of import with a literal path: `from "x"`, `import "x"`, `import("x")`. */
const IMPORT = /\b(?:from|import)\s*\(?\s*["'`](\.[^"'`]+)["'`]/g;

/** Project paths that the TypeScript at `path` imports by a relative path, types included. */
export function importsOf(path: string, source: string): string[] {
  return [...source.matchAll(IMPORT)].map(([, to]) => posix.join(posix.dirname(path), to!));
}

/** Groups of nodes that reach one another, each sorted, and nodes that reach themselves directly. */
export function circles(graph: Graph): string[][] {
  const order = new Map<string, number>(), low = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): void => {
    order.set(node, order.size);
    low.set(node, order.get(node)!);
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) visit(next);
      if (open.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
    }
    if (low.get(node) !== order.get(node)) return;
    const members = open.splice(open.indexOf(node));
    if (members.length > 1 || graph.get(node)?.has(node)) found.push(members.sort());
  };
  for (const node of graph.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** Imports between the TypeScript files of the folders (or files) named, by default those of `src`. */
export async function fileGraph(root: string, folders: readonly string[] = ["src"]): Promise<Graph> {
  const paths = (await Promise.all(
    folders.map((folder) => folder.endsWith(".ts") ? [folder] : projectFiles(root, folder, [".ts"])),
  )).flat();
  const known = new Set(paths);
  return new Map(
    await Promise.all(paths.map(async (path): Promise<[string, Set<string>]> => {
      const imports = importsOf(path, await Deno.readTextFile(join(root, path)));
      return [path, new Set(imports.filter((to) => known.has(to)))];
    })),
  );
}

const layerOf = (path: string): string => path.split("/")[1]!;

/** Imports between the layers of the files. */
export function layerGraph(files: Graph): Graph {
  const graph = new Map<string, Set<string>>();
  for (const [path, imports] of files) {
    const from = layerOf(path);
    const to = graph.get(from) ?? new Set();
    graph.set(from, to);
    for (const other of imports) if (layerOf(other) !== from) to.add(layerOf(other));
  }
  return graph;
}

/** A line per layer: files, what it imports, what its row allows besides. */
export function table(files: Graph, used: Graph, rows: Graph): string {
  const list = (names: Iterable<string>) => [...names].sort().join(" ") || "-";
  const lines = [["layer", "files", "imports", "may import besides"]];
  for (const [layer, allowed] of rows) {
    const count = [...files.keys()].filter((path) => layerOf(path) === layer).length;
    const imports = used.get(layer) ?? new Set<string>();
    lines.push([layer, String(count), list(imports), list([...allowed].filter((l) => !imports.has(l)))]);
  }
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines.map((line) => line.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()).join("\n");
}

/** Prints the layers and the circles of the project at `root`; gives the exit code. */
export async function checkLayers(root = "."): Promise<number> {
  const files = await fileGraph(root);
  const rows = new Map(Object.entries(layers).map(([name, row]) => [name, new Set(row.imports)]));
  console.log(table(files, layerGraph(files), rows));
  const found = [
    ...circles(files).map((c) => `These files import one another in a circle: ${c.join(", ")}.`),
    ...circles(rows).map((c) => `The table of layers lets these import one another: ${c.join(", ")}.`),
  ];
  console.log(
    found.length
      ? `\n${found.join("\n")}\nMove what they share into a file that imports none of them.`
      : "\nNo circles.",
  );
  return found.length ? 1 : 0;
}

if (import.meta.main) Deno.exit(await checkLayers());
