/** Finds run folders below a folder and summarises them; a folder that cannot be used becomes a `broken` line. */
import { basename, join, resolve } from "node:path";
import { AssayError, failure } from "../../base/error.ts";
import { readRun } from "../run_folder.ts";
import { brokenRun, type RunSummary, summarise } from "./summary.ts";

/** Folders below the start that are searched: runs/<table>/runs/<run> and some more. */
const DEPTH = 6;

/** Summaries of all runs below `root`, sorted by folder. Throws when `root` is no folder. */
export async function scanRuns(root: string): Promise<RunSummary[]> {
  const found: string[] = [];
  const walk = async (folder: string, depth: number): Promise<void> => {
    const below: string[] = [];
    let run = false;
    for await (const entry of Deno.readDir(folder)) {
      if (entry.name === "events.jsonl") run = true;
      else if (entry.isDirectory && !entry.name.startsWith(".") && entry.name !== "node_modules") {
        below.push(join(folder, entry.name));
      }
    }
    if (run) found.push(folder);
    else if (depth < DEPTH) { for (const next of below) await walk(next, depth + 1); }
  };
  try {
    await walk(resolve(root), 0);
  } catch (cause) {
    const missing = cause instanceof Deno.errors.NotFound || cause instanceof Deno.errors.NotADirectory;
    throw failure({
      operation: "scan",
      object: `"${root}" for runs`,
      required: "it must be a readable folder",
      found: missing ? "none" : cause instanceof Error ? cause.message : String(cause),
      wayOut: "name a folder that holds runs; ./run repro makes them",
    }, cause);
  }
  return await Promise.all(
    found.sort().map(async (folder) => {
      try {
        return summarise(await readRun(folder), folder, basename(folder));
      } catch (error) {
        if (!(error instanceof AssayError)) throw error;
        return brokenRun(folder, basename(folder), error.message);
      }
    }),
  );
}
