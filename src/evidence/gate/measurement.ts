/** What a gate measured, and the numbers that a run's events give it. */
import type { Fingerprint } from "../../gpu/device.ts";
import { type Event, eventsOf } from "../../record/events.ts";

/** A planned step. */
export interface MeasuredPlan {
  readonly id: string;
  readonly definition: string;
  readonly peakBytes: number;
}

/** The runs of a method; one value per seed. */
export interface MeasuredRuns {
  readonly method: string;
  readonly definition: string;
  readonly seeds: readonly number[];
  /** The most that any seed allocated. */
  readonly peakBytes: number;
  readonly metrics: Readonly<Record<string, readonly number[]>>;
  readonly stepMs: readonly number[];
}

/** A method whose runs did not end. */
export interface FailedRuns {
  readonly method: string;
  readonly problem: string;
}

export interface Measurement {
  /** Undefined where plans were not asked for; likewise `runs`. */
  readonly plans: readonly MeasuredPlan[] | undefined;
  readonly runs: {
    readonly adapter: Fingerprint;
    readonly adapterClass: string;
    readonly methods: readonly (MeasuredRuns | FailedRuns)[];
  } | undefined;
}

/** Names of the metrics and which way is better. */
export const METRICS: Readonly<Record<string, "higher" | "lower">> = {
  "kNN top-1": "higher",
  "loss of the last epoch": "lower",
};

/** Bytes, metrics and time of one finished run. */
export function numbersOf(events: readonly Event[]): {
  readonly peakBytes: number;
  readonly stepMs: number | undefined;
  readonly metrics: Readonly<Record<string, number>>;
} {
  const [start] = eventsOf(events, "run-start");
  const [stop] = eventsOf(events, "run-stop");
  const top1 = eventsOf(events, "eval").at(-1)!.values["top1"]!;
  const losses = eventsOf(events, "metrics").flatMap((e) => e.series["loss"]!);
  const last = losses.slice(-start!.stepsPerEpoch);
  return {
    peakBytes: stop!.peakBytes,
    stepMs: stop!.stepMs,
    metrics: {
      "kNN top-1": top1,
      "loss of the last epoch": last.reduce((sum, loss) => sum + loss, 0) / last.length,
    },
  };
}
