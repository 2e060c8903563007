/** One line of a run: what it was, how far it came and what came out, from its folder's files alone. */
import { digestEvents, eventsOf } from "../events.ts";
import type { Recorded, RunStatus } from "../run_folder.ts";
import { resultsOf } from "./results.ts";

/** A run in the index. Absent values are null; a folder that could not be read has only `problem`. */
export interface RunSummary {
  /** Absolute path of the run's folder: its key. */
  readonly folder: string;
  /** The folder's name. */
  readonly name: string;
  readonly method: string | null;
  readonly dataset: string | null;
  readonly seed: number | null;
  /** `broken` where the folder's files cannot be used. */
  readonly status: RunStatus | "broken";
  /** Steps made, and how many the run has. */
  readonly step: number | null;
  readonly steps: number | null;
  /** Loss of the last step. */
  readonly loss: number | null;
  /** Results of the last evaluation of each probe of the trained encoder, by name (`resultsOf`). */
  readonly values: Readonly<Record<string, number>>;
  readonly peakBytes: number | null;
  readonly plannedBytes: number | null;
  readonly stepMs: number | null;
  readonly seconds: number | null;
  /** When the first event was written. */
  readonly started: string | null;
  readonly spec: string | null;
  readonly program: string | null;
  /** Hash of the last recorded state. */
  readonly state: string | null;
  /** Digest of the events without times and interruptions. */
  readonly digest: string | null;
  readonly adapter: string | null;
  readonly adapterClass: string | null;
  readonly commit: string | null;
  /** Why the folder cannot be used. */
  readonly problem: string | null;
}

/** Summarises a run that lies in `folder`. */
export function summarise(run: Recorded, folder: string, name: string): RunSummary {
  const [start] = eventsOf(run.events, "run-start");
  const [stop] = eventsOf(run.events, "run-stop");
  const metrics = eventsOf(run.events, "metrics").at(-1);
  const states = run.events.flatMap((e) => "state" in e ? [e.state] : []);
  const machine = run.environment?.machine;
  const text = (value: unknown): string | null => typeof value === "string" ? value : null;
  return {
    folder,
    name,
    method: start?.method ?? text(run.spec["method"]),
    dataset: start?.data["train"]?.name ?? text(trainName(run.spec["data"])),
    seed: start?.seed ?? (typeof run.spec["seed"] === "number" ? run.spec["seed"] : null),
    status: run.status,
    step: metrics?.to ?? 0,
    steps: start?.steps ?? null,
    loss: metrics?.series["loss"]?.at(-1) ?? null,
    values: resultsOf(run.events),
    peakBytes: stop?.peakBytes ?? null,
    plannedBytes: stop?.plannedBytes ?? null,
    stepMs: stop?.stepMs ?? null,
    seconds: stop?.seconds ?? null,
    started: run.events[0]?.time ?? null,
    spec: run.specHash,
    program: start?.program ?? null,
    state: states.at(-1) ?? null,
    digest: run.events.length > 0 ? digestEvents(run.events) : null,
    adapter: machine?.adapter ? machine.adapter.description || machine.adapter.device : null,
    adapterClass: machine?.adapterClass ?? null,
    commit: machine?.commit ?? null,
    problem: null,
  };
}

/** The line of a folder that could not be read. */
export function brokenRun(folder: string, name: string, problem: string): RunSummary {
  return {
    ...{ method: null, dataset: null, seed: null, step: null, steps: null, loss: null, peakBytes: null },
    ...{ plannedBytes: null, stepMs: null, seconds: null, started: null, spec: null, program: null },
    ...{ state: null, digest: null, adapter: null, adapterClass: null, commit: null },
    folder,
    name,
    status: "broken",
    values: {},
    problem,
  };
}

/** Name of the pretraining data in a specification of either format. */
function trainName(data: unknown): unknown {
  const { name, train } = (data ?? {}) as { name?: unknown; train?: { name?: unknown } };
  return train?.name ?? name;
}
