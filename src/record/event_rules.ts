/**
 * What a log of events must be, checked before any number in it is used. Placement is a table; what ties steps, epochs
 * and checkpoints together is a list of named rules. The writer applies the same rules, so a run cannot
 * write a log that a verifier would refuse.
 */
import { type Event, type EventName, eventsOf, INTERRUPTIONS } from "./events.ts";

/** How often an event occurs and where. */
interface Placement {
  readonly times: "once" | "any";
  readonly at?: "first" | "last";
}

/** Placement of every event of the vocabulary. */
export const PLACEMENT: Readonly<Record<EventName, Placement>> = {
  "run-start": { times: "once", at: "first" },
  "epoch-start": { times: "any" },
  metrics: { times: "any" },
  checkpoint: { times: "any" },
  eval: { times: "any" },
  "epoch-stop": { times: "any" },
  "run-stop": { times: "once", at: "last" },
  resume: { times: "any" },
  fault: { times: "any" },
};

/** A broken rule at a place: `index` into the events, or undefined where something is missing. */
export interface Breach {
  readonly rule: string;
  readonly index: number | undefined;
  readonly message: string;
}

/** What is known after the events so far. */
interface Progress {
  readonly spec: string;
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Steps whose metrics are there. */
  readonly covered: number;
  readonly epoch: number | undefined;
  readonly nextEpoch: number;
  readonly seq: number;
  readonly state: { readonly step: number; readonly hash: string };
  readonly checkpoint: number;
  readonly stopped: boolean;
}

interface Rule {
  readonly id: string;
  /** What must hold, in words, or undefined when it does. */
  readonly check: (event: Event, before: Progress | undefined) => string | undefined;
}

/** Step that an event speaks of, where metrics must have been written up to it. */
function stepOf(e: Event): number | undefined {
  return "step" in e && !INTERRUPTIONS.has(e.event) ? e.step : undefined;
}

/** Rules on one event after those before it, in the order they are tried. */
export const RULES: readonly Rule[] = [
  {
    id: "first",
    check: (e, p) => {
      if (p === undefined) {
        return PLACEMENT[e.event].at === "first" ? undefined : "the first event must be run-start";
      }
      return PLACEMENT[e.event].at === "first" ? "run-start may stand only once, first" : undefined;
    },
  },
  { id: "last", check: (_, p) => p?.stopped ? "nothing may follow run-stop" : undefined },
  {
    id: "spec",
    check: (e, p) =>
      p && e.spec !== p.spec ? `every event must carry spec ${p.spec.slice(0, 12)}` : undefined,
  },
  {
    id: "seq",
    check: (e, p) => e.seq === (p?.seq ?? 0) ? undefined : `seq must be ${p?.seq ?? 0}, found ${e.seq}`,
  },
  {
    id: "metrics",
    check: (e, p) => {
      if (e.event !== "metrics" || !p) return undefined;
      if (e.from !== p.covered || e.to <= e.from) {
        return `metrics must go on at step ${p.covered}, found ${e.from} to ${e.to}`;
      }
      if (e.to > p.steps) return `the run has ${p.steps} steps, found metrics up to ${e.to}`;
      if (!("loss" in e.series)) return "metrics must hold the series loss";
      const wrong = Object.entries(e.series).find(([, values]) => values.length !== e.to - e.from);
      return wrong && `series ${wrong[0]} must hold ${e.to - e.from} values, found ${wrong[1].length}`;
    },
  },
  {
    id: "step",
    check: (e, p) => {
      const step = stepOf(e);
      if (step === undefined || !p || step === p.covered) return undefined;
      return `${e.event} must stand where the metrics end, at step ${p.covered}, found step ${step}`;
    },
  },
  {
    id: "epoch",
    check: (e, p) => {
      if (!p) return undefined;
      if (e.event === "epoch-start") {
        if (p.epoch !== undefined) return `epoch ${p.epoch} must stop before epoch ${e.epoch} starts`;
        if (e.epoch !== p.nextEpoch) return `epoch ${p.nextEpoch} must come next, found ${e.epoch}`;
        const first = e.epoch * p.stepsPerEpoch;
        return e.step === first ? undefined : `epoch ${e.epoch} must start at step ${first}, found ${e.step}`;
      }
      if (e.event === "epoch-stop" && e.epoch !== p.epoch) {
        return `epoch ${p.epoch ?? "none"} is open, found the stop of ${e.epoch}`;
      }
      return undefined;
    },
  },
  {
    id: "checkpoint",
    check: (e, p) =>
      e.event === "checkpoint" && p && e.step <= p.checkpoint
        ? `a checkpoint must be later than the one of step ${p.checkpoint}, found step ${e.step}`
        : undefined,
  },
  {
    id: "state",
    check: (e, p) =>
      (e.event === "checkpoint" || e.event === "run-stop") && p?.state.step === e.step &&
        p.state.hash !== e.state
        ? `the state after step ${e.step} was ${p.state.hash.slice(0, 12)}, found ${e.state.slice(0, 12)}`
        : undefined,
  },
  {
    id: "complete",
    check: (e, p) =>
      e.event === "run-stop" && p && e.status === "completed" && e.step !== p.steps
        ? `a completed run must have made ${p.steps} steps, found ${e.step}`
        : undefined,
  },
];

/** Applies the rules event by event. */
export class RuleState {
  #progress: Progress | undefined;
  #count = 0;

  /** `seq` of the next event. */
  get seq(): number {
    return this.#progress?.seq ?? 0;
  }

  /** Whether run-stop was seen. */
  get stopped(): boolean {
    return this.#progress?.stopped ?? false;
  }

  /** The rules that `event` breaks as the next one. It counts as seen only when there are none. */
  accept(event: Event): Breach[] {
    const index = this.#count;
    const broken = RULES.flatMap(({ id, check }): Breach[] => {
      const message = check(event, this.#progress);
      return message === undefined ? [] : [{ rule: id, index, message }];
    });
    if (broken.length === 0) {
      this.#progress = advance(this.#progress, event);
      this.#count++;
    }
    return broken.slice(0, 1); // what follows the first is a consequence
  }
}

/** The first breach in a whole log of one run, or that its end is missing; none when the log is sound. */
export function checkEvents(events: readonly Event[]): Breach[] {
  const state = new RuleState();
  for (const event of events) {
    const broken = state.accept(event);
    if (broken.length > 0) return broken;
  }
  const missing = (Object.keys(PLACEMENT) as EventName[])
    .filter((name) => PLACEMENT[name].times === "once" && eventsOf(events, name).length === 0);
  return missing.map((name) => ({ rule: "once", index: undefined, message: `${name} is missing` }));
}

function advance(before: Progress | undefined, e: Event): Progress {
  if (before === undefined) {
    const start = e as Extract<Event, { event: "run-start" }>;
    return {
      spec: start.spec,
      steps: start.steps,
      stepsPerEpoch: start.stepsPerEpoch,
      covered: 0,
      epoch: undefined,
      nextEpoch: 0,
      seq: 1,
      state: { step: 0, hash: start.state },
      checkpoint: -1,
      stopped: false,
    };
  }
  const p = { ...before, seq: before.seq + (INTERRUPTIONS.has(e.event) ? 0 : 1) };
  switch (e.event) {
    case "metrics":
      return { ...p, covered: e.to };
    case "epoch-start":
      return { ...p, epoch: e.epoch };
    case "epoch-stop":
      return { ...p, epoch: undefined, nextEpoch: e.epoch + 1 };
    case "checkpoint":
      return { ...p, checkpoint: e.step, state: { step: e.step, hash: e.state } };
    case "run-stop":
      return { ...p, stopped: true };
    default:
      return p;
  }
}
