/** What a bundle says, parsed: its runs with specification, events and environment, and its report. */
import { decodeText, runFolders } from "../../record/files.ts";
import { AssayError } from "../../base/error.ts";
import { canonical, canonicalHash, sha256, without } from "../../base/canonical.ts";
import { environmentSchema } from "../../record/environment.ts";
import { recordedHash } from "../../record/spec/identity.ts";
import { parseEventLog } from "../../record/event_log.ts";
import type { RecordedRun } from "../../record/recorded.ts";
import { digestEvents, TIME_FIELDS } from "../../record/events.ts";
import type { BundleFiles } from "../../record/files.ts";
import { type Line, tampered } from "./line.ts";
import { NAMES } from "../../record/paths.ts";
import type { Recorded } from "../../record/run_folder.ts";

/** One training of the bundle: what any recorded run has, by its folder in the bundle. */
export interface BundleRun extends Omit<Recorded, "place" | "status"> {
  /** Folder inside the bundle, with a slash at its end. */
  readonly folder: string;
}

/** What a report is made from, and the report. */
export interface BundleContent {
  readonly runs: readonly BundleRun[];
  /** `run.json`, parsed; undefined in a bundle without one. */
  readonly result: unknown;
  /** Texts of claims/ by path. */
  readonly claims: ReadonlyMap<string, string>;
}

/** The runs as an experiment reads them, sorted by name. */
export function recordedRuns(content: BundleContent): RecordedRun[] {
  return content.runs
    .map(({ folder, spec, events }) => ({ name: folder.replace(/^runs\/|\/$/g, ""), spec, events }))
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Parses what can be parsed; a line says what cannot. */
export async function readContent(files: BundleFiles): Promise<{ content: BundleContent; lines: Line[] }> {
  const lines: Line[] = [];
  const text = async (path: string, check: string): Promise<string | undefined> => {
    if (!files.sizes.has(path)) return undefined;
    try {
      return decodeText(await files.read(path));
    } catch (error) {
      lines.push(tampered(check, path, error instanceof AssayError ? error.message : "is not UTF-8 text"));
      return undefined;
    }
  };
  const json = async (path: string, check: string): Promise<unknown> => {
    const found = await text(path, check);
    if (found === undefined) return undefined;
    try {
      return JSON.parse(found);
    } catch {
      lines.push(tampered(check, path, "is not JSON"));
      return undefined;
    }
  };
  const runs: BundleRun[] = [];
  for (const folder of runFolders(files.sizes.keys())) {
    const spec = await json(`${folder}spec.json`, "events");
    if (typeof spec !== "object" || spec === null) {
      lines.push(tampered("events", `${folder}spec.json`, "the run has no specification"));
      continue;
    }
    const log = await text(`${folder}events.jsonl`, "events");
    const environment = await json(`${folder}environment.json`, "environment");
    const parsed = environmentSchema.safeParse(environment);
    if (environment !== undefined && !parsed.success) {
      lines.push(tampered("environment", `${folder}environment.json`, "is not as its schema has it"));
    }
    if (log === undefined) continue;
    try {
      runs.push({
        folder,
        spec: spec as Record<string, unknown>,
        specHash: recordedHash(spec as Record<string, unknown>, `${folder}spec.json`),
        events: parseEventLog(log, `${folder}events.jsonl`).events,
        environment: parsed.data,
      });
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      const [, place = `${folder}events.jsonl`, message = error.message] =
        error.message.match(/^(\S+:\d+): (.*)$/s) ?? [];
      lines.push(tampered("events", place, message));
    }
  }
  const claims = new Map<string, string>();
  for (const path of files.sizes.keys()) {
    const found = path.startsWith(NAMES.claims) ? await text(path, "claims") : undefined;
    if (found !== undefined) claims.set(path, found);
  }
  return {
    content: {
      runs,
      result: await json(NAMES.run, "report"),
      claims,
    },
    lines,
  };
}

/**
 * The digest of what a bundle says: equal for two bundles of the same runs on one adapter class, whenever, however often
 * interrupted and on whichever machine they ran. It covers specifications, events, code, results and claims, and
 * leaves out times, machines, and what is drawn from the results (pages, plots, metadata).
 */
export async function contentDigest(files: BundleFiles, content: BundleContent): Promise<string> {
  const entries = content.runs.flatMap((run): [string, string][] => [
    [`${run.folder}spec.json`, run.specHash],
    [`${run.folder}events.jsonl`, digestEvents(run.events)],
    ...(run.environment
      ? [[`${run.folder}environment.json`, canonicalHash(run.environment.code)] as [string, string]]
      : []),
  ]);
  if (content.result !== undefined) {
    entries.push([NAMES.run, canonicalHash(without(content.result, TIME_FIELDS))]);
  }
  for (const path of files.sizes.keys()) {
    if (path.startsWith(NAMES.claims) || path.startsWith(NAMES.datasets)) {
      entries.push([path, await files.hash(path)]);
    }
  }
  return sha256(canonical(Object.fromEntries(entries)));
}
