import { type Summary, toSummary } from "../stats/describe.ts";
import { tQuantile, tUpperTail } from "../stats/distributions.ts";
import { seedsNeeded } from "../stats/tost_power.ts";
import { welchContrast } from "../stats/welch.ts";
import { compareConditions } from "./comparable.ts";
import {
  beforeArithmetic,
  type Conditions,
  type Judgement,
  type Margin,
  type Variances,
  withoutTest,
} from "./judgement.ts";
import { atLevel, printRelation } from "./relation.ts";
import { type ClaimedRuns, claimSample } from "./spread.ts";
import { impossible, usable } from "./possible.ts";
import { itemStep, samplingError } from "./test_set.ts";

/** A published value. `halfStep` is half its rounding step (0.005 for "90.74") plus any reading error of a plot. */
export interface ValueClaim extends Conditions, ClaimedRuns {
  readonly halfStep: number;
  /** Set where the source prints "at least" or "at most": then only the other side contradicts it. */
  readonly bound?: "at-least" | "at-most";
}

/** Outcomes of a run, one per seed, in the claim's unit. `testSetSize` is null for what is not measured on items. */
export interface MeasuredValues extends Conditions {
  readonly values: readonly number[];
  readonly testSetSize: number | null;
}

/** Everything that decides a verdict about one published value. */
export interface ValueCase {
  readonly claim: ValueClaim;
  /** `null` when the claim was not run. */
  readonly measured: MeasuredValues | null;
  readonly margin: Margin;
  /** Places where the evidence was found altered. */
  readonly tampered?: readonly string[];
  /** Level of each one-sided test, 0.05 unless told. */
  readonly alpha?: number;
  /** Power that `seedsNeeded` plans for, 0.8 unless told. */
  readonly power?: number;
}

/**
 * The verdict on one published value: a total, pure function, which never throws on data.
 *
 * With m the measured mean, c the claim, r half the claim's rounding step and w the half width of the 1 - 2 alpha interval
 * of m - c over seeds: REPRODUCED when |m - c| + r + w <= margin (two one-sided tests that hold for every number printed
 * as c), EXCEEDS or BELOW when |m - c| - r - w > margin, INCONCLUSIVE otherwise. w is Welch's when the claim has runs, but
 * never below the half width of the claim alone: more of our seeds cannot make the claim better known than its own runs
 * do, and without this Welch's degrees of freedom could turn a decision around as seeds are added. Of a bound, c - m ("at
 * least") or m - c ("at most") stands for |m - c|.
 */
export function judge(input: ValueCase): Judgement {
  const { claim, measured, margin, alpha = 0.05, power = 0.8 } = input;
  const early = beforeArithmetic(input.tampered ?? [], measured !== null && measured.values.length > 0);
  if (early || measured === null) return early ?? withoutTest("NOT-RUN", {});
  const broken = impossible(claim, margin, alpha, power);
  if (broken) return withoutTest("NOT-COMPARABLE", broken);
  const { differs, notes: conditions } = compareConditions(claim, measured);
  const n = measured.values.length;
  const bad = measured.values.findIndex((v) => !usable(v));
  if (bad >= 0) {
    const note = `Run ${bad + 1} of ${n} gave ${measured.values[bad]}; it is neither left out nor replaced.`;
    return withoutTest(differs.length > 0 ? "NOT-COMPARABLE" : "INCONCLUSIVE", {
      differs,
      notes: [note, ...conditions],
    });
  }
  const own = toSummary("judge", "the measured values", measured.values, 1);
  const resolution = itemStep(measured.unit, measured.testSetSize) / Math.sqrt(12);
  // A share of items is only known to its step: seeds that agree to the item still have this much spread.
  const ownSd = n === 1 ? null : Math.max(own.sd, resolution);
  const variances = bothVariances(measured, own, ownSd);
  if (differs.length > 0) {
    return withoutTest("NOT-COMPARABLE", {
      differs,
      variances,
      notes: conditions,
    });
  }
  const { sample, notes: assumed } = claimSample(claim);
  const notes = [...conditions, ...assumed, ...testSetNotes(variances, margin)];
  if (n > 1 && own.sd === 0) {
    notes.push(`All ${n} seeds gave the same value; check that the seed reaches the run.`);
  }
  const reference = sample?.mean ?? claim.value;
  const difference = own.mean - reference;
  const terms = errorTerms({ ...own, sd: ownSd ?? 0 }, sample);
  if (n === 1 && sample) notes.push("One run, judged with the claim's spread over runs as if it were ours.");
  const known = terms.length > 0 && terms.every(({ se }) => se > 0 && Number.isFinite(se));
  if (!known || !Number.isFinite(difference)) {
    notes.push(
      n === 1
        ? "One run and no published spread give no interval; run at least 2 seeds."
        : "No spread over seeds is known, so no interval exists; a deterministic quantity is compared exactly.",
    );
    return withoutTest("INCONCLUSIVE", { variances, notes });
  }
  const width = Math.max(...terms.map(({ se, df }) => tQuantile(1 - alpha, df) * se));
  const size = departure(claim, difference);
  const reach = claim.halfStep + width;
  const verdict = size + reach <= margin.value
    ? "REPRODUCED"
    : size - reach > margin.value
    ? (difference > 0 ? "EXCEEDS" : "BELOW")
    : "INCONCLUSIVE";
  const tail = (room: number) => Math.max(...terms.map(({ se, df }) => tUpperTail(room / se, df)));
  let needed: number | null = null;
  if (verdict === "INCONCLUSIVE") {
    needed = decidingSeeds(input, { n, size, sd: ownSd ?? sample!.sd }, sample, alpha, power);
    notes.push(
      needed === null
        ? "No number of seeds is expected to decide: the difference is too close to the margin, or the claim too imprecise."
        : `About ${needed} seeds in all would decide with power ${power}, if mean and spread stay as they are.`,
    );
  }
  const shown = { own: own.mean, reference, halfStep: claim.halfStep, width, bound: claim.bound };
  return {
    verdict,
    inequality: `${inequality(verdict, shown, margin)} ${atLevel(alpha)}`,
    variances,
    seedsNeeded: needed,
    direction: null,
    differs: [],
    p: {
      holds: tail(margin.value - claim.halfStep - size),
      fails: tail(size - margin.value - claim.halfStep),
    },
    notes: [...notes, `Margin ${margin.value} ${claim.unit}: ${margin.source}.`],
  };
}

/** Standard errors and degrees of freedom that must all be respected; the widest interval counts. */
function errorTerms(own: Summary, sample: Summary | null): { readonly se: number; readonly df: number }[] {
  if (own.n === 1) {
    return sample ? [{ se: sample.sd * Math.sqrt(1 + 1 / sample.n), df: sample.n - 1 }] : [];
  }
  if (!sample) return [{ se: own.sd / Math.sqrt(own.n), df: own.n - 1 }];
  return [welchContrast(own, sample), { se: sample.sd / Math.sqrt(sample.n), df: sample.n - 1 }];
}

/** All seeds that would decide, or null; the rounding interval of the claim counts against both decisions. */
function decidingSeeds(
  { claim, margin }: ValueCase,
  seen: { readonly n: number; readonly size: number; readonly sd: number },
  sample: Summary | null,
  alpha: number,
  power: number,
): number | null {
  const { size } = seen;
  const floor = sample ? tQuantile(1 - alpha, sample.n - 1) * sample.sd / Math.sqrt(sample.n) : 0;
  const holds = size < margin.value;
  const edge = holds ? margin.value - claim.halfStep : margin.value + claim.halfStep;
  if (holds ? size + floor >= edge : size - floor <= edge) return null;
  const plan = { sd: seen.sd, margin: edge, difference: Math.max(0, size), alpha, power };
  const needed = seedsNeeded(sample ? { ...plan, claim: sample } : plan);
  return needed === null ? null : Math.max(needed, seen.n + 1);
}

function bothVariances(measured: MeasuredValues, own: Summary, sd: number | null): Variances {
  return {
    seeds: { n: own.n, sd, se: sd === null ? null : sd / Math.sqrt(own.n) },
    testSet: samplingError(own.mean, measured.unit, measured.testSetSize),
  };
}

function testSetNotes({ testSet }: Variances, margin: Margin): string[] {
  if (!testSet || 1.96 * testSet.se <= margin.value) return [];
  const half = Number((1.96 * testSet.se).toPrecision(2));
  return [
    `The margin is finer than the sampling error of ${testSet.size} test items (95 %: ±${half}): the verdict is about this ` +
    "test set.",
  ];
}

/** How far a measured mean departs from what the claim allows; negative inside a bound. */
function departure({ bound }: Pick<ValueClaim, "bound">, difference: number): number {
  return bound === "at-least" ? -difference : bound === "at-most" ? difference : Math.abs(difference);
}

interface Shown extends Pick<ValueClaim, "halfStep"> {
  readonly own: number;
  readonly reference: number;
  readonly width: number;
  readonly bound: ValueClaim["bound"];
}

function inequality(
  verdict: string,
  { own, reference, halfStep, width, bound }: Shown,
  margin: Margin,
): string {
  const size = departure(bound === undefined ? {} : { bound }, own - reference);
  const line = (sign: 1 | -1): string => {
    const side = size + sign * (halfStep + width);
    return printRelation(side, margin.value, margin.value, (show) => {
      const operator = sign > 0 ? "+" : "-";
      const difference = bound === "at-least"
        ? `${show(reference)} - ${show(own)}`
        : bound === "at-most"
        ? `${show(own)} - ${show(reference)}`
        : `|${show(own)} - ${show(reference)}|`;
      const rounding = halfStep > 0 ? ` ${operator} rounding ${show(halfStep)}` : "";
      return `${difference}${rounding} ${operator} t·se ${show(width)} = ${show(side)} ` +
        `${side <= margin.value ? "<=" : ">"} margin ${show(margin.value)}`;
    });
  };
  if (verdict === "REPRODUCED") return line(1);
  return verdict === "INCONCLUSIVE" ? `${line(1)}, but ${line(-1)}` : line(-1);
}
