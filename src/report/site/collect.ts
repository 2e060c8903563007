/** Results and runs below some folders, zip bundles included: what the site is made from besides the claims. */
import { basename } from "node:path";
import { AssayError, failure } from "../../base/error.ts";
import { decodeText, runFolders } from "../../record/files.ts";
import { type BundleFiles, openBundle } from "../../record/files.ts";
import { canonicalHash, without } from "../../base/canonical.ts";
import { digestEvents, TIME_FIELDS } from "../../record/events.ts";
import { parseResult, type TableResult } from "../result.ts";
import { readFrom, type Recorded } from "../../record/run_folder.ts";

/** A folder to look in. `shownAs` starts the places that pages show. */
export interface Root {
  readonly path: string;
  readonly shownAs: string;
}

/** A run that was found. */
export interface FoundRun {
  /** Its folder's name. */
  readonly name: string;
  readonly recorded: Recorded;
  /** Over specification and events without times: two copies of a run agree in it. */
  readonly digest: string;
}

/** A `run.json` that was found. */
export interface FoundResult {
  readonly place: string;
  readonly result: TableResult;
  /** SHA-256 of the canonical result without times. */
  readonly digest: string;
  /** Digests of the runs in its folder. */
  readonly runs: readonly string[];
}

export interface Collection {
  readonly results: readonly FoundResult[];
  readonly runs: readonly FoundRun[];
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

/** Looks through the roots in their order. A copy of a result or run that was seen is left out. */
export async function collect(roots: readonly Root[]): Promise<Collection> {
  const results = new Map<string, FoundResult>();
  const runs = new Map<string, FoundRun>();
  const problems: string[] = [];
  for (const root of roots) {
    for (const { files, shownAs } of await containers(root, problems)) {
      const folders = runFolders(files.sizes.keys());
      if (files.sizes.has("events.jsonl")) folders.unshift("");
      const found = new Map<string, string>();
      for (const folder of folders) {
        const place = `${shownAs}/${folder}`.replace(/\/$/, "");
        await attempt(problems, async () => {
          const recorded = await readFrom(files, folder, place);
          const digest = canonicalHash([recorded.specHash, digestEvents(recorded.events)]);
          found.set(folder, digest);
          if (!runs.has(digest)) runs.set(digest, { name: basename(place), recorded, digest });
        });
      }
      for (const path of files.sizes.keys()) {
        if (basename(path) !== "run.json") continue;
        const place = `${shownAs}/${path}`;
        await attempt(problems, async () => {
          const result = parseResult(decodeText(await files.read(path)), place);
          const digest = canonicalHash(without(result, TIME_FIELDS));
          const home = `${path.slice(0, -"run.json".length)}runs/`;
          const own = [...found].filter(([folder]) => folder.startsWith(home)).map(([, d]) => d);
          if (!results.has(digest)) results.set(digest, { place, result, digest, runs: own });
        });
      }
    }
  }
  return {
    results: [...results.values()].sort((a, b) =>
      compare(a.result.table, b.result.table) || compare(a.result.scale, b.result.scale) ||
      compare(a.digest, b.digest)
    ),
    runs: [...runs.values()].sort((a, b) => compare(a.name, b.name) || compare(a.digest, b.digest)),
    problems,
  };
}

/** The root itself and every zip below it. */
async function containers(
  { path, shownAs }: Root,
  problems: string[],
): Promise<{ files: BundleFiles; shownAs: string }[]> {
  const info = await Deno.stat(path).catch((cause) => {
    throw failure({
      operation: "read",
      object: `folder "${path}"`,
      required: "it must exist",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "check the path",
    }, cause);
  });
  if (!info.isDirectory) {
    throw failure({
      operation: "read",
      object: `folder "${path}"`,
      required: "it must be a folder",
      found: "a file",
      wayOut: "name the folder that holds it",
    });
  }
  const files = await openBundle(path);
  const found = [{ files, shownAs }];
  for (const name of files.sizes.keys()) {
    if (!/\.zip$/i.test(name)) continue;
    await attempt(problems, async () => {
      const zip = await openBundle(files.onDisk(name)!);
      const [problem] = zip.problems;
      if (problem) throw new AssayError(`Cannot read bundle "${shownAs}/${name}": ${problem.message}.`);
      found.push({ files: zip, shownAs: `${shownAs}/${name}` });
    });
  }
  return found;
}

/** Keeps the sentence of a stated failure; a defect goes on. */
async function attempt(problems: string[], body: () => Promise<void>): Promise<void> {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof AssayError)) throw error;
    problems.push(error.message);
  }
}

const compare = (a: string, b: string): number => a < b ? -1 : a > b ? 1 : 0;
