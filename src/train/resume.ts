/** A run's folder: what an earlier start left in it, and the checkpoint to go on from. */
import { join } from "node:path";
import { AssayError, failure } from "../base/error.ts";
import { loadCheckpoint } from "../nn/checkpoint.ts";
import { replaceFile } from "../base/write_whole.ts";
import { canonical } from "../base/canonical.ts";
import { differencesOf } from "../record/differences.ts";
import { readEventLog } from "../record/event_log.ts";
import { type Event, type EventOf, eventsOf } from "../record/events.ts";
import type { RunSpec } from "../record/spec/spec.ts";
import type { Trainer } from "./trainer.ts";

/** Differing options that a message names. */
const NAMED = 4;

/**
 * Loads the newest checkpoint of a log that is whole; undefined when the log has none. A damaged one is passed over, and
 * `say` is told. Errors: none is whole; the newest is not and head rows lie on disk, which go back no further.
 */
export function loadNewest(
  folder: string,
  events: readonly Event[],
  trainer: Trainer,
  say: (line: string) => void = () => {},
): EventOf<"checkpoint"> | undefined {
  const written = eventsOf(events, "checkpoint").reverse();
  const bound = trainer.step.headRows !== undefined;
  for (const [i, checkpoint] of written.entries()) {
    try {
      loadCheckpoint(join(folder, checkpoint.file), trainer.session, trainer.step.trace);
      return checkpoint;
    } catch (error) {
      if (!(error instanceof AssayError)) throw error;
      const before = written[i + 1];
      if (before && !bound) {
        say(`${error.message} Going on from step ${before.step}, the checkpoint before.`);
        continue;
      }
      throw failure({
        operation: "resume",
        object: `the run in "${folder}"`,
        required: bound
          ? "its last checkpoint must be whole, since its head rows on disk go with no earlier one"
          : "one of its checkpoints must be whole",
        found: `a damaged "${checkpoint.file}" (${error.message.replace(/[.]$/, "")})`,
        wayOut: "start the run anew in another folder, named with --out",
      }, error);
    }
  }
  return undefined;
}

/** Events found in the folder; writes the specification into a new one. */
export async function openFolder(
  folder: string,
  spec: RunSpec,
  hash: string,
  resume: boolean,
): Promise<readonly Event[]> {
  const log = join(folder, "events.jsonl");
  const found = await Deno.stat(log).then(() => true, () => false);
  if (resume || !found) await removeCutFiles(folder);
  if (!found) {
    await Deno.mkdir(join(folder, "checkpoints"), { recursive: true });
    replaceFile(join(folder, "spec.json"), [new TextEncoder().encode(`${canonical(spec)}\n`)]);
    return [];
  }
  const { events } = await readEventLog(log, true);
  if (!resume) {
    throw failure({
      operation: "start",
      object: `a run in "${folder}"`,
      required: "the folder must hold no run",
      found: `one with ${eventsOf(events, "checkpoint").length} checkpoints`,
      wayOut: "continue it with --resume or choose another folder with --out",
    });
  }
  if (events.some((e) => e.spec !== hash)) {
    const [required, found] = await differing(folder, spec);
    throw failure({
      operation: "resume",
      object: `the run in "${folder}"`,
      required: `its specification must have ${required}`,
      found,
      wayOut: "resume with the options that started it, or choose another folder with --out",
    });
  }
  return events;
}

/** Removes files that a kill cut off while they were written; their names end in `.partial`. */
async function removeCutFiles(folder: string): Promise<void> {
  for (const place of [folder, join(folder, "checkpoints")]) {
    if (!await Deno.stat(place).then((info) => info.isDirectory, () => false)) continue;
    for await (const { name, isFile } of Deno.readDir(place)) {
      if (isFile && name.endsWith(".partial")) await Deno.remove(join(place, name));
    }
  }
}

/** Where the specification in a folder differs: what the new one has there, and what was found. */
async function differing(folder: string, spec: RunSpec): Promise<[required: string, found: string]> {
  const earlier = JSON.parse(await Deno.readTextFile(join(folder, "spec.json")));
  const all = differencesOf(JSON.parse(canonical(spec)), earlier);
  const list = (pick: (d: typeof all[number]) => string | null) =>
    all.slice(0, NAMED).map((d) => `${d.what} ${pick(d) ?? "absent"}`).join(", ") +
    (all.length > NAMED ? ` and ${all.length - NAMED} more` : "");
  return [list((d) => d.a), list((d) => d.b)];
}
