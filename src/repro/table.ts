/** What tables have in common: which methods, which device, which runs, and what a run's events say. */
import { join } from "node:path";
import { failure } from "../base/error.ts";
import { type Fingerprint } from "../gpu/device.ts";
import { readEventLog } from "../record/event_log.ts";
import { eventsOf } from "../record/events.ts";
import type { RecordedRun } from "../record/recorded.ts";
import { methodNames } from "./method_files.ts";
import type { Row } from "./rows.ts";

/** The methods of a table: those it can have, or the caller's choice among them, in the table's order. */
export function chosenMethods(known: readonly string[], wanted: readonly string[] | undefined): string[] {
  if (!wanted) return [...known];
  const other = wanted.find((name) => !known.includes(name));
  if (other !== undefined || wanted.length === 0) {
    throw failure({
      operation: "choose",
      object: "the methods of this table",
      required: `each must be one of ${known.join(", ")}`,
      found: other === undefined ? "none" : `"${other}"`,
      wayOut: "correct --methods",
    });
  }
  return known.filter((name) => wanted.includes(name));
}

/** Whether this checkout has a file for the method. */
export function hasMethod(name: string): boolean {
  return methodNames().includes(name);
}

/** How a report names an adapter. */
export function adapterName({ description, device, vendor }: Fingerprint): string {
  return description || device || vendor || "unnamed adapter";
}

/** Reads every run folder below `<out>/runs`, sorted by name. */
export async function recordedRuns(out: string): Promise<RecordedRun[]> {
  const folder = join(out, "runs");
  const names: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) if (entry.isDirectory) names.push(entry.name);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return await Promise.all(
    names.sort().map(async (name) => ({
      name,
      spec: await readSpec(join(folder, name, "spec.json")),
      events: (await readEventLog(join(folder, name, "events.jsonl"))).events,
    })),
  );
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

/** Bytes and time of a finished run, as its last event has them. */
export function measuredOf(run: RecordedRun | undefined): Row["measured"] {
  const stop = run && eventsOf(run.events, "run-stop")[0];
  if (stop?.stepMs === undefined) return undefined;
  return { peakBytes: stop.peakBytes, plannedBytes: stop.plannedBytes, stepMs: stop.stepMs };
}
