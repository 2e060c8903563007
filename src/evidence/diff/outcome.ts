/** Where the outcomes of two runs differ: losses, evaluations, states by checkpoint and bytes, over what both recorded. */
import { canonical } from "../../base/canonical.ts";
import { type Event, type EventOf, eventsOf } from "../../record/events.ts";
import type { Recorded, RunStatus } from "../../record/run_folder.ts";

/** A value of both runs. */
export interface Pair<T> {
  readonly a: T;
  readonly b: T;
}

export interface Outcome {
  readonly status: Pair<RunStatus>;
  /** Steps with recorded metrics. */
  readonly steps: Pair<number>;
  /** Whether both started from the same bits; null when one did not start. */
  readonly sameStart: boolean | null;
  /** The first step (from 0) in which a series differs among the steps that both have. */
  readonly firstDifference: (Pair<number> & { readonly step: number; readonly series: string }) | null;
  /** State hashes at steps that both recorded, the final state included. */
  readonly states: readonly { readonly step: number; readonly same: boolean }[];
  /** Results of evaluations that both made, that differ. */
  readonly evaluations: readonly (Pair<number> & { readonly step: number; readonly value: string })[];
  readonly evaluationsCompared: number;
  /** Peak bytes; null while a run has not ended. */
  readonly peakBytes: Pair<number> | null;
  readonly plannedBytes: Pair<number> | null;
}

/** Which parts of an outcome differ. */
export type Part = "training" | "evaluation" | "memory";

/** Compares what came out of two runs. */
export function compareOutcomes(a: Recorded, b: Recorded): Outcome {
  const [lossesA, lossesB] = [seriesOf(a.events), seriesOf(b.events)];
  const [stopA, stopB] = [eventsOf(a.events, "run-stop")[0], eventsOf(b.events, "run-stop")[0]];
  const [statesA, statesB] = [statesOf(a.events), statesOf(b.events)];
  const pair = <T>(of: (e: EventOf<"run-stop">) => T): Pair<T> | null =>
    stopA && stopB ? { a: of(stopA), b: of(stopB) } : null;
  const [evalsA, evalsB] = [valuesOf(a.events), valuesOf(b.events)];
  const common = [...evalsA].filter(([key]) => evalsB.has(key));
  return {
    status: { a: a.status, b: b.status },
    steps: { a: stepsOf(a.events), b: stepsOf(b.events) },
    sameStart: statesA.has(0) && statesB.has(0) ? statesA.get(0) === statesB.get(0) : null,
    firstDifference: firstDifference(lossesA, lossesB),
    states: [...statesA].filter(([step]) => step > 0 && statesB.has(step))
      .map(([step, state]) => ({ step, same: state === statesB.get(step) })),
    evaluations: common.map(([key, x]) => ({ ...x, other: evalsB.get(key)!.number }))
      .filter((x) => x.number !== x.other)
      .map(({ step, value, number, other }) => ({ step, value, a: number, b: other })),
    evaluationsCompared: common.length,
    peakBytes: pair((e) => e.peakBytes),
    plannedBytes: pair((e) => e.plannedBytes),
  };
}

/** The parts that differ, those that explain the others first. */
export function differingParts(o: Outcome): Part[] {
  const parts: Part[] = [];
  if (o.firstDifference || o.states.some((s) => !s.same)) parts.push("training");
  if (o.evaluations.length > 0) parts.push("evaluation");
  if ([o.peakBytes, o.plannedBytes].some((p) => p !== null && p.a !== p.b)) parts.push("memory");
  return parts;
}

function seriesOf(events: readonly Event[]): Map<string, number[]> {
  const series = new Map<string, number[]>();
  for (const e of eventsOf(events, "metrics")) {
    for (const [name, values] of Object.entries(e.series)) {
      const all = series.get(name) ?? [];
      values.forEach((v, i) => all[e.from + i] = v);
      series.set(name, all);
    }
  }
  return series;
}

function firstDifference(a: Map<string, number[]>, b: Map<string, number[]>): Outcome["firstDifference"] {
  let first: Outcome["firstDifference"] = null;
  for (const [series, left] of a) {
    const right = b.get(series) ?? [];
    const length = Math.min(left.length, right.length, first?.step ?? Infinity);
    for (let step = 0; step < length; step++) {
      if (left[step] === right[step]) continue;
      first = { step, series, a: left[step]!, b: right[step]! };
      break;
    }
  }
  return first;
}

function stepsOf(events: readonly Event[]): number {
  return eventsOf(events, "metrics").at(-1)?.to ?? 0;
}

function statesOf(events: readonly Event[]): Map<number, string> {
  const states = new Map<number, string>();
  for (const e of events) {
    if (e.event === "run-start") states.set(0, e.state);
    else if (e.event === "checkpoint" || e.event === "run-stop") states.set(e.step, e.state);
  }
  return states;
}

/** Evaluated numbers by step, protocol's name or probe, and value; the protocol itself is a facet, not an outcome. */
function valuesOf(events: readonly Event[]): Map<string, { step: number; value: string; number: number }> {
  const values = new Map<string, { step: number; value: string; number: number }>();
  const seen = new Map<string, number>();
  for (const e of eventsOf(events, "eval")) {
    for (const [value, number] of Object.entries(e.values)) {
      const place = canonical([e.step, value]);
      const nth = seen.get(place) ?? 0; // two probes of one step may use one name; their order is the run's
      seen.set(place, nth + 1);
      values.set(`${place} ${nth}`, { step: e.step, value, number });
    }
  }
  return values;
}
