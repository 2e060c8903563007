/**
 * `events.jsonl` on disk. A line is written whole as soon as its event happens, so a kill loses at most the line that
 * was being written; checkpoints and the end of a run are also forced to the disk. Resuming cuts the log behind the
 * checkpoint that the run goes on from, so that in the end it says what an uninterrupted run would have said, apart
 * from times and from the interruptions themselves.
 */
import { AssayError, failure } from "../base/error.ts";
import { replaceFile } from "../base/write_whole.ts";
import { RuleState } from "./event_rules.ts";
import {
  type Event,
  type EventName,
  type EventOf,
  INTERRUPTIONS,
  type NewEvent,
  parseEvent,
} from "./events.ts";

/** Events after which the file is forced to the disk. */
const SYNCED: ReadonlySet<EventName> = new Set(["run-start", "checkpoint", "run-stop"]);

/** The events of a log and their one-based line numbers. */
export interface EventLog {
  readonly events: readonly Event[];
  readonly lines: readonly number[];
  /** True where the file ended in the middle of a line, which was left out. */
  readonly cut: boolean;
}

export interface WriterOptions {
  /** The clock; tests give their own. */
  readonly now?: () => Date;
}

/** Parses the text of a log. Throws an AssayError with file and line; a cut last line is left out if `allowCut`. */
export function parseEventLog(text: string, file: string, allowCut = false): EventLog {
  const cut = text.length > 0 && !text.endsWith("\n");
  if (cut && !allowCut) {
    throw new AssayError(`${file}:${text.split("\n").length}: the last line must end, found the file cut.`);
  }
  const rows = text.split("\n").slice(0, -1);
  const events = rows.map((row, i) => {
    const place = `${file}:${i + 1}`;
    let value: unknown;
    try {
      value = JSON.parse(row);
    } catch {
      throw new AssayError(
        `${place}: every line must be a JSON object, found ${JSON.stringify(row.slice(0, 60))}.`,
      );
    }
    return parseEvent(value, place);
  });
  return { events, lines: rows.map((_, i) => i + 1), cut };
}

/** Reads a log. With `allowCut` the line that a kill cut off is left out. */
export async function readEventLog(path: string, allowCut = false): Promise<EventLog> {
  return parseEventLog(await readText(path), path, allowCut);
}

/** Appends events to a log. */
export class EventWriter {
  readonly #file: Deno.FsFile;
  readonly #rules = new RuleState();
  readonly #now: () => Date;

  private constructor(
    readonly path: string,
    readonly spec: string,
    file: Deno.FsFile,
    options: WriterOptions,
  ) {
    this.#file = file;
    this.#now = options.now ?? (() => new Date());
  }

  /** Starts a log for the specification with this hash. Refuses to overwrite one; what holds no whole line is none. */
  static create(path: string, spec: string, options: WriterOptions = {}): EventWriter {
    if (holdsLine(path)) {
      throw failure({
        operation: "start",
        object: `event log "${path}"`,
        required: "a run must have a log of its own",
        found: "one from an earlier run",
        wayOut: "resume that run, or choose another folder",
      });
    }
    try {
      const file = Deno.openSync(path, { write: true, create: true, truncate: true });
      return new EventWriter(path, spec, file, options);
    } catch (cause) {
      throw failure({
        operation: "start",
        object: `event log "${path}"`,
        required: "its folder must exist and be writable",
        found: cause instanceof Error ? cause.message : String(cause),
        wayOut: "create the folder",
      }, cause);
    }
  }

  /**
   * Goes on with a log from the checkpoint of `step`: drops a cut last line and the events behind that checkpoint, keeps
   * the record of interruptions, and adds `resume`. A run killed before its first checkpoint goes on from step 0: its
   * log is emptied and starts again with `run-start`. Throws when the log is of another specification, breaks
   * a rule, has ended, or has no such checkpoint.
   */
  static async resume(
    path: string,
    spec: string,
    step: number,
    options: WriterOptions = {},
  ): Promise<EventWriter> {
    const { events } = await readEventLog(path, true);
    const at = events.findIndex((e) => e.event === "checkpoint" && e.step === step);
    const refuse = (required: string, found: string, wayOut: string) =>
      failure({ operation: "resume", object: `event log "${path}"`, required, found, wayOut });
    const other = events.find((e) => e.spec !== spec);
    if (other) {
      throw refuse(
        `it must be of the specification ${spec.slice(0, 12)}`,
        other.spec.slice(0, 12),
        "resume with the specification that started the run, or choose another folder",
      );
    }
    if (events.at(-1)?.event === "run-stop") {
      throw refuse("the run must not have ended", "run-stop", "use its results, or choose another folder");
    }
    if (at < 0 && step === 0) {
      replaceFile(path, []);
      return new EventWriter(path, spec, Deno.openSync(path, { append: true }), options);
    }
    if (at < 0) {
      throw refuse(
        `it must hold the checkpoint of step ${step}`,
        "none",
        "start again, or resume from a step it holds",
      );
    }
    const checkpoint = events[at] as EventOf<"checkpoint">;
    const later = events.slice(at + 1).filter((e) => INTERRUPTIONS.has(e.event))
      .map((e) => ({ ...e, seq: checkpoint.seq + 1 }));
    const kept = [...events.slice(0, at + 1), ...later];
    replaceFile(path, [new TextEncoder().encode(kept.map((e) => `${JSON.stringify(e)}\n`).join(""))]);
    const writer = new EventWriter(path, spec, Deno.openSync(path, { append: true }), options);
    for (const event of kept) writer.#accept(event);
    writer.write({ event: "resume", step, file: checkpoint.file });
    return writer;
  }

  /** Adds one event. Throws when it is not in the vocabulary or breaks a rule; nothing is written then. */
  write(event: NewEvent): Event {
    const { event: name, ...fields } = event;
    const full = parseEvent(
      { event: name, spec: this.spec, seq: this.#rules.seq, time: this.#now().toISOString(), ...fields },
      `Cannot write to ${this.path}`,
    );
    this.#accept(full);
    const line = new TextEncoder().encode(`${JSON.stringify(full)}\n`);
    for (let done = 0; done < line.length;) done += this.#file.writeSync(line.subarray(done));
    if (SYNCED.has(name)) this.#file.syncDataSync();
    return full;
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #accept(event: Event): void {
    const [breach] = this.#rules.accept(event);
    if (breach) throw new AssayError(`Cannot write ${event.event} to ${this.path}: ${breach.message}.`);
  }
}

/** Whether a file has a line end, so that it says something: a kill during the first line leaves none. */
function holdsLine(path: string): boolean {
  try {
    return Deno.readFileSync(path).includes(0x0a);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    throw failure({
      operation: "read",
      object: `event log "${path}"`,
      required: "it must exist and be readable",
      found: cause instanceof Error ? cause.message : String(cause),
      wayOut: "name the folder of a run",
    }, cause);
  }
}
