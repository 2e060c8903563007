/**
 * A recorded run from where it lies: a run's own folder, a repro output or a bundle (folder or zip) that holds it. Events
 * are parsed and held to their rules; a log that a kill cut off is read up to the cut and the run counts as unfinished.
 */
import { join } from "node:path";
import { AssayError, failure } from "../base/error.ts";
import { decodeText, runFolders } from "./files.ts";
import { type BundleFiles, openBundle } from "./files.ts";
import { recordedHash } from "./spec/identity.ts";
import { type Environment, environmentSchema } from "./environment.ts";
import { parseEventLog } from "./event_log.ts";
import { checkEvents } from "./event_rules.ts";
import { type Event, eventsOf } from "./events.ts";

/** How a run stands: as its `run-stop` says, or without one. */
export type RunStatus = "completed" | "stopped" | "failed" | "unfinished";

/** A run that was read. */
export interface Recorded {
  /** Path as the reader knows it. */
  readonly place: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** SHA-256 of the canonical specification. */
  readonly specHash: string;
  readonly events: readonly Event[];
  /** Undefined where none was recorded. */
  readonly environment: Environment | undefined;
  readonly status: RunStatus;
}

/**
 * Reads one run. `path` is a run's folder; a folder or zip with exactly one run; or either followed by the run's path
 * inside (`bundle.zip/runs/sdiet-seed0`). Throws an AssayError that says what is missing, broken or ambiguous.
 */
export async function readRun(path: string): Promise<Recorded> {
  const { files, inside } = await openAround(path.replace(/[/\\]+$/, ""));
  const folder = choose(files, inside, path);
  return await readFrom(files, folder, folder === "" ? path : join(files.path, folder.slice(0, -1)));
}

/** Reads the run in one folder of opened files; `folder` is "" or ends with a slash. */
export async function readFrom(files: BundleFiles, folder: string, place: string): Promise<Recorded> {
  const text = async (name: string): Promise<string> => {
    try {
      return decodeText(await files.read(folder + name));
    } catch (cause) {
      if (cause instanceof AssayError) throw cause;
      throw refuse(place, `${name} must be UTF-8 text`, "other bytes", "copy the run again", cause);
    }
  };
  const json = async (name: string): Promise<unknown> => {
    try {
      return JSON.parse(await text(name));
    } catch (cause) {
      if (cause instanceof AssayError) throw cause;
      throw refuse(place, `${name} must be JSON`, "text that is not", "copy the run again", cause);
    }
  };
  if (!files.sizes.has(`${folder}spec.json`)) {
    throw refuse(
      place,
      "it must hold spec.json beside events.jsonl",
      "none",
      "name a folder that train or repro wrote",
    );
  }
  const spec = await json("spec.json");
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) {
    throw refuse(
      place,
      "spec.json must be an object",
      JSON.stringify(spec).slice(0, 40),
      "copy the run again",
    );
  }
  const specHash = recordedHash(spec as Recorded["spec"], `${place}/spec.json`);
  const events = checkedEvents(await text("events.jsonl"), `${place}/events.jsonl`);
  if (events.length > 0 && events[0]!.spec !== specHash) {
    throw refuse(
      place,
      `spec.json must be the specification of its events, ${events[0]!.spec.slice(0, 12)}`,
      specHash.slice(0, 12),
      "one of the two files was exchanged or edited: get both from where the run was made",
    );
  }
  const environment = files.sizes.has(`${folder}environment.json`)
    ? environmentOf(await json("environment.json"), place)
    : undefined;
  const status = eventsOf(events, "run-stop")[0]?.status ?? "unfinished";
  return { place, spec: spec as Recorded["spec"], specHash, events, environment, status };
}

/** Events of a log whose only permitted faults are a missing end and a last line cut by a kill. */
function checkedEvents(text: string, file: string): readonly Event[] {
  const { events, lines } = parseEventLog(text, file, true);
  const breach = checkEvents(events).find((b) => b.index !== undefined);
  if (breach) {
    throw new AssayError(
      `Cannot use ${file}:${lines[breach.index!]}: rule ${breach.rule} is broken, ${breach.message}; ` +
        `the log was edited or damaged, get it from where the run was made.`,
    );
  }
  return events;
}

function environmentOf(value: unknown, place: string): Environment {
  const { data, error } = environmentSchema.safeParse(value);
  if (data) return data;
  const [issue] = error.issues;
  throw refuse(
    place,
    "environment.json must be as its schema has it",
    `${issue!.path.join(".") || "the file"}: ${issue!.message}`,
    "get the file from where the run was made",
  );
}

/** The folder or zip that a path names or lies in, and the rest of the path inside it. */
async function openAround(path: string): Promise<{ files: BundleFiles; inside: string }> {
  const zip = path.match(/^(.*?\.zip)\/(.+)$/i);
  if (zip && await Deno.stat(zip[1]!).then((s) => s.isFile, () => false)) {
    return { files: await openBundle(zip[1]!), inside: zip[2]! };
  }
  const info = await Deno.stat(path).catch((cause) => {
    throw refuse(
      path,
      "it must be a run's folder, or a bundle",
      cause instanceof Error ? cause.message : String(cause),
      "check the path; ./run runs list shows the runs it knows",
      cause,
    );
  });
  if (!info.isDirectory && !/\.zip$/i.test(path)) {
    throw refuse(path, "it must be a run's folder, or a bundle", "a file", "name the folder that holds it");
  }
  const files = await openBundle(path);
  const [problem] = files.kind === "zip" ? files.problems : [];
  if (problem) throw new AssayError(`Cannot read the runs of "${path}": ${problem.message}.`);
  return { files, inside: "" };
}

function choose(files: BundleFiles, inside: string, path: string): string {
  if (inside === "" && (files.sizes.has("events.jsonl") || files.sizes.has("spec.json"))) {
    if (files.sizes.has("events.jsonl")) return "";
    throw refuse(
      path,
      "it must hold events.jsonl beside spec.json",
      "none",
      "the run wrote no event; run it",
    );
  }
  const runs = runFolders(files.sizes.keys());
  if (inside !== "") {
    const wanted = `${inside}/`;
    if (runs.includes(wanted)) return wanted;
  } else if (runs.length === 1) return runs[0]!;
  const names = runs.map((run) => run.slice(0, -1));
  const shown = names.slice(0, 8).join(", ") + (names.length > 8 ? ` and ${names.length - 8} more` : "");
  throw refuse(
    path,
    inside === "" ? "it must hold one run" : `the bundle must hold the run "${inside}"`,
    names.length === 0 ? "none" : shown,
    names.length === 0
      ? "name a folder with spec.json and events.jsonl, or a bundle"
      : `say which, as in ${join(files.path, names[0]!)}`,
  );
}

function refuse(path: string, required: string, found: string, wayOut: string, cause?: unknown): AssayError {
  return failure({ operation: "read", object: `run "${path}"`, required, found, wayOut }, cause);
}
