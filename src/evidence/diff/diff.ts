/** Two runs beside each other: what differs in how they were made and in what came out, and what likely caused it. */
import { eventsOf } from "../../record/events.ts";
import type { Recorded } from "../../record/run_folder.ts";
import { compareFacets, type Facet, type FacetName } from "./facets.ts";
import { compareOutcomes, differingParts, type Outcome, type Part } from "./outcome.ts";

/** What became of the second run as a repetition of the first. */
export const VERDICTS = {
  "SAME-BITS": "everything that both runs recorded of their outcome is equal, bit for bit",
  AUTHORED: "the outcomes differ, and so does what was asked, loaded or written by people",
  ENVIRONMENT: "the outcomes differ, and only the adapter or the runtime does too",
  NONDETERMINISTIC: "the outcomes differ although nothing that decides them does, on one class of adapter",
  UNVERIFIABLE:
    "the outcomes differ, no recorded facet does, and a facet that could explain it was not recorded",
  "STATUS-CHANGED": "what both runs recorded is equal, but they ended differently",
  MISSING: "a run recorded no outcome, so there is nothing to compare",
} as const;
export type DiffVerdict = keyof typeof VERDICTS;

/**
 * Facets that can explain a different outcome, the likeliest first: what was asked for outweighs what computed it,
 * and that outweighs where it was computed. Several may differ; the first is named and the others are listed after it.
 */
export const PRECEDENCE: readonly FacetName[] = [
  "specification",
  "data",
  "decoder",
  "seed",
  "program",
  "kernels",
  "code",
  "adapter",
  "runtime",
];

/** Facets of a place; the others are people's choices. */
const PLACES: ReadonlySet<FacetName> = new Set(["adapter", "runtime"]);

export interface RunDiff {
  readonly a: string;
  readonly b: string;
  readonly verdict: DiffVerdict;
  /** The facet that likely caused the differing outcome; null when none is known. */
  readonly cause: FacetName | null;
  /** Other facets that differ and could have contributed. */
  readonly alsoDifferent: readonly FacetName[];
  /** The verdict's reason with its evidence, in sentences. */
  readonly reason: readonly string[];
  /** Parts of the outcome that differ. */
  readonly parts: readonly Part[];
  readonly facets: readonly Facet[];
  readonly outcome: Outcome;
}

/** Compares two runs. */
export function diffRuns(a: Recorded, b: Recorded): RunDiff {
  const facets = compareFacets(a, b);
  const outcome = compareOutcomes(a, b);
  const parts = differingParts(outcome);
  return { a: a.place, b: b.place, parts, facets, outcome, ...judge(a, b, facets, outcome, parts) };
}

type Judged = Pick<RunDiff, "verdict" | "cause" | "alsoDifferent" | "reason">;

function judge(
  a: Recorded,
  b: Recorded,
  facets: readonly Facet[],
  o: Outcome,
  parts: readonly Part[],
): Judged {
  const plain = (verdict: DiffVerdict, ...reason: string[]): Judged => ({
    verdict,
    cause: null,
    alsoDifferent: [],
    reason,
  });
  if (o.steps.a === 0 || o.steps.b === 0) {
    const empty = [o.steps.a === 0 ? "A" : "", o.steps.b === 0 ? "B" : ""].filter(Boolean).join(" and ");
    return plain("MISSING", `${empty} recorded no step.`);
  }
  if (parts.length === 0) return judgeEqual(a, b, facets, o, plain);
  const part = parts[0]!;
  const order: readonly FacetName[] = part === "evaluation" ? ["protocol", ...PRECEDENCE] : PRECEDENCE;
  const state = (name: FacetName) => facets.find((f) => f.name === name)!.state;
  const different = order.filter((name) => state(name) === "different" && !isConsequence(name, state));
  const evidence = evidenceOf(o, part);
  const [cause, ...alsoDifferent] = different;
  if (cause !== undefined) {
    const also = alsoDifferent.length > 0
      ? [`Also different, and possibly part of it: ${alsoDifferent.join(", ")}.`]
      : [];
    const verdict = PLACES.has(cause) ? "ENVIRONMENT" : "AUTHORED";
    return { verdict, cause, alsoDifferent, reason: [SENTENCES[cause], ...evidence, ...also] };
  }
  const unknown = order.filter((name) => state(name) === "unknown");
  if (unknown.length > 0) {
    return plain(
      "UNVERIFIABLE",
      `Not recorded by both, and able to explain it: ${unknown.join(", ")}.`,
      ...evidence,
    );
  }
  return plain(
    "NONDETERMINISTIC",
    "Specification, seed, data, program, code, adapter class and runtime are the same, so the outcome had to be.",
    ...evidence,
  );
}

/** Another adapter may take other kernel variants: then the program differs because of the adapter, not by authorship. */
function isConsequence(name: FacetName, state: (name: FacetName) => Facet["state"]): boolean {
  return name === "program" && state("adapter") === "different" && state("code") === "same" &&
    state("kernels") === "same" && state("specification") === "same" && state("data") === "same";
}

function judgeEqual(
  a: Recorded,
  b: Recorded,
  facets: readonly Facet[],
  o: Outcome,
  plain: (verdict: DiffVerdict, ...reason: string[]) => Judged,
): Judged {
  const compared = `${Math.min(o.steps.a, o.steps.b)} steps, ${o.states.length} states and ` +
    `${o.evaluationsCompared} evaluated numbers are equal.`;
  if (o.status.a !== o.status.b || o.steps.a !== o.steps.b) {
    const faults = [a, b].flatMap((run, i) =>
      eventsOf(run.events, "fault").slice(-1).map((e) => `${"AB"[i]} said: ${e.message}`)
    );
    return plain(
      "STATUS-CHANGED",
      `A is ${o.status.a} after ${o.steps.a} steps, B is ${o.status.b} after ${o.steps.b}.`,
      compared,
      ...faults,
    );
  }
  const differing = facets.filter((f) => f.state === "different").map((f) => f.name);
  const reason = [compared];
  if (differing.length > 0) reason.push(`Different without an effect on it: ${differing.join(", ")}.`);
  const copied = differing.includes("seed") && o.states.some((s) => s.same);
  if (copied) reason.push("Two seeds cannot give equal states: one of these runs is a copy of the other.");
  return plain("SAME-BITS", ...reason);
}

const SENTENCES: Readonly<Record<FacetName, string>> = {
  specification: "The runs were asked for different trainings.",
  seed: "The seeds differ, and two seeds are expected to give two outcomes.",
  protocol: "The trainings agree; they were evaluated under different protocols.",
  data: "The runs were trained or tested on different images.",
  decoder: "The same images were decoded or resized to different pixels.",
  program: "The training steps are different programs.",
  kernels: "The step is the same program over different kernel texts.",
  code: "The step and its kernels are the same; the code around them is not.",
  adapter: "Replays are bitwise equal on one class of adapter only, and these are two classes.",
  runtime: "The adapter class is the same; runtime, system or processor are not.",
};

function evidenceOf(o: Outcome, part: Part): string[] {
  const evidence: string[] = [];
  if (o.sameStart !== null && part === "training") {
    evidence.push(
      o.sameStart
        ? "They start from equal states, so initialisation is not it."
        : "Their initial states differ already.",
    );
  }
  if (o.firstDifference) {
    const { step, series, a, b } = o.firstDifference;
    evidence.push(`The ${series} differs first at step ${step}: ${a} against ${b}.`);
  } else if (part === "training") {
    const first = o.states.find((s) => !s.same)!;
    evidence.push(`All common losses are equal; the state differs at step ${first.step}.`);
  }
  if (part === "evaluation") {
    const { step, value, a, b } = o.evaluations[0]!;
    evidence.push(`Training is equal; ${value} after step ${step} is ${a} against ${b}.`);
  }
  if (part === "memory") {
    const { a, b } = o.peakBytes!;
    evidence.push(`Training and evaluations are equal; peak bytes are ${a} against ${b}.`);
  }
  return evidence;
}
