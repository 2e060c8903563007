/** The runs that a table's folder holds. */
import { join } from "node:path";
import { failure } from "../base/error.ts";
import type { Fingerprint } from "../gpu/device.ts";
import { readEventLog } from "../record/event_log.ts";
import type { RecordedRun } from "../record/recorded.ts";

/** How a report names an adapter. */
export function adapterName({ description, device, vendor }: Fingerprint): string {
  return description || device || vendor || "unnamed adapter";
}

/** Reads every run folder below `<out>/runs`, sorted by name; with `unfinished`, logs that a kill cut off too. */
export async function recordedRuns(
  out: string,
  { unfinished = false }: { readonly unfinished?: boolean } = {},
): Promise<RecordedRun[]> {
  const folder = join(out, "runs");
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.isDirectory) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory)) throw error;
  }
  const runs: RecordedRun[] = [];
  for (const name of names.sort()) {
    const log = join(folder, name, "events.jsonl");
    if (unfinished && !await Deno.stat(log).then(() => true, () => false)) continue;
    runs.push({
      name,
      spec: await readSpec(join(folder, name, "spec.json")),
      events: (await readEventLog(log, unfinished)).events,
    });
  }
  return runs;
}

async function readSpec(path: string): Promise<RecordedRun["spec"]> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (cause) {
    throw failure({
      operation: "read",
      object: `the run's specification "${path}"`,
      required: "it must be the JSON that the run wrote",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "remove the run's folder to run it again, or choose another folder with --out",
    }, cause);
  }
}
