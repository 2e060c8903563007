/**
 * What a run may say: one closed vocabulary of events, one JSON object per line of `events.jsonl`. Every event names
 * itself (`event`), the specification it belongs to (`spec`, SHA-256 of the canonical `spec.json`), its place (`seq`,
 * from 0) and the moment it was written (`time`). A step number counts finished steps, so step 0 is the initial state.
 */
import { sha256Schema as hash } from "../base/schemas.ts";
import { z } from "zod";
import { AssayError } from "../base/error.ts";
import { canonical, sha256, without } from "../base/canonical.ts";

/**
 * Fields outside every digest, at any depth of an event or a report: readings of the clock and of the operating system.
 * Two runs of one specification on one adapter class agree in everything else.
 */
export const TIME_FIELDS: ReadonlySet<string> = new Set(["time", "seconds", "stepMs", "residentBytes"]);

/** Events that tell of an attempt, not of the run: outside every digest, and they use up no `seq`. */
export const INTERRUPTIONS: ReadonlySet<string> = new Set(["resume", "fault"]);

const count = z.int().min(0);
const step = count;
/** A path below the run's folder, with forward slashes. */
const file = z.string().regex(
  /^(?!\/)(?!.*(^|\/)\.{1,2}(\/|$))[\w./+-]+$/,
  "must be a path inside the run's folder",
);
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const seconds = z.number().min(0).optional();

function event<N extends string, S extends z.ZodRawShape>(name: N, shape: S) {
  return z.strictObject({
    event: z.literal(name),
    spec: hash,
    seq: count,
    time: z.iso.datetime(),
    ...shape,
  });
}

/** Every event and its fields. Names are those of the files and words of ARCHITECTURE.md. */
export const VOCABULARY = {
  /** First. `steps` is how many the run will make; `state` is the state hash before the first. */
  "run-start": event("run-start", {
    method: z.string().min(1),
    seed: z.int().min(0).max(0xffffffff),
    steps: count,
    stepsPerEpoch: count,
    batch: count,
    /** Program hash of the training step. */
    program: hash,
    state: hash,
    /** Datasets by use (`train`, `test`, ...): what was really loaded. */
    data: z.record(
      z.string(),
      z.strictObject({ name: z.string(), split: z.string(), images: count, pixels: hash, list: hash }),
    ),
  }),
  "epoch-start": event("epoch-start", { epoch: count, step }),
  /** Values of the steps `from` (the first) to `to` (one past the last); a series has `to - from` numbers. */
  metrics: event("metrics", {
    from: step,
    to: step,
    /** Losses and what the method reports beside them, by name; `loss` is always there. */
    series: z.record(z.string(), z.array(z.number())),
    stepMs: z.number().min(0).optional(),
  }),
  /** A checkpoint that lies complete on disk when this line is written. */
  checkpoint: event("checkpoint", {
    step,
    file,
    bytes: count,
    /** SHA-256 of the file. */
    sha256: hash,
    /** State hash after `step` steps. */
    state: hash,
  }),
  eval: event("eval", {
    step,
    epoch: count,
    /** What was measured and how: probe, dataset, k, T, epochs, ... */
    protocol: z.record(z.string(), scalar),
    /** Results by name; accuracies in percent. */
    values: z.record(z.string(), z.number()),
    seconds,
  }),
  "epoch-stop": event("epoch-stop", { epoch: count, step, seconds }),
  /** Last. A run that ended early by decision is `stopped`, one that gave up is `failed`. */
  "run-stop": event("run-stop", {
    status: z.enum(["completed", "stopped", "failed"]),
    step,
    /** Gradients computed, counting every replay of a step; logs written before this field existed have none. */
    gradientEvaluations: count.optional(),
    state: hash,
    /** Bytes by the plan, and the most that were allocated. */
    plannedBytes: count,
    peakBytes: count,
    residentBytes: count.optional(),
    seconds,
    stepMs: z.number().min(0).optional(),
  }),
  /** The run goes on after an interruption, from this checkpoint. */
  resume: event("resume", { step, file }),
  /** What ended an attempt, in words. */
  fault: event("fault", { step, message: z.string() }),
};

export type EventName = keyof typeof VOCABULARY;
export type EventOf<N extends EventName> = z.infer<(typeof VOCABULARY)[N]>;
export type Event = { [N in EventName]: EventOf<N> }[EventName];
/** An event as its author gives it; the log adds `spec`, `seq` and `time`. */
export type NewEvent = { [N in EventName]: Omit<EventOf<N>, "spec" | "seq" | "time"> }[EventName];

/** Checks a parsed line against the vocabulary. Throws an AssayError that starts with `place`. */
export function parseEvent(value: unknown, place: string): Event {
  const name = (value as { event?: unknown } | null)?.event;
  if (typeof name !== "string" || !Object.hasOwn(VOCABULARY, name)) {
    throw new AssayError(
      `${place}: "event" must be one of ${Object.keys(VOCABULARY).join(", ")}, found ${
        JSON.stringify(name) ?? "none"
      }.`,
    );
  }
  const result = VOCABULARY[name as EventName].safeParse(value);
  if (!result.success) {
    const issues = result.error.issues.map((i) => `${i.path.join(".") || "the event"}: ${i.message}`);
    throw new AssayError(`${place}: ${name} is not as the vocabulary has it (${issues.join("; ")}).`);
  }
  return result.data as Event;
}

/** Events of one name. */
export function eventsOf<N extends EventName>(events: readonly Event[], name: N): EventOf<N>[] {
  return events.filter((e) => e.event === name) as EventOf<N>[];
}

/** SHA-256 over the events' canonical lines without times and interruptions. */
export function digestEvents(events: readonly Event[]): string {
  const lines = events.filter((e) => !INTERRUPTIONS.has(e.event))
    .map((e) => `${canonical(without(e, TIME_FIELDS))}\n`);
  return sha256(lines.join(""));
}
