import { mean, type Summary, toSummary } from "../stats/describe.ts";
import { tQuantile, tUpperTail } from "../stats/distributions.ts";
import { seedsNeeded } from "../stats/tost_power.ts";
import { type Contrast, welchContrast } from "../stats/welch.ts";
import { compareConditions } from "./comparable.ts";
import {
  beforeArithmetic,
  type Conditions,
  type Judgement,
  type Variances,
  withoutTest,
} from "./judgement.ts";
import { usable } from "./possible.ts";
import { atLevel, printRelation } from "./relation.ts";
import { itemStep, samplingError } from "./test_set.ts";

/** A > B by more than `by`, A < B by more than `by`, or A / B below `ratio` (B positive). `by` is in the values' unit. */
export type DirectionRelation =
  | { readonly kind: "above"; readonly by: number }
  | { readonly kind: "below"; readonly by: number }
  | { readonly kind: "ratio-at-most"; readonly ratio: number };

/** One arm: the seed of each run and its outcome, in the same order. */
export interface Arm {
  readonly name: string;
  readonly seeds: readonly (number | string)[];
  readonly values: readonly number[];
}

/** The runs of both arms. `testSetSize` is null for what is not measured on items. */
export interface MeasuredArms extends Conditions {
  readonly a: Arm;
  readonly b: Arm;
  readonly testSetSize: number | null;
}

/** A published comparison of two methods, and the runs of both. */
export interface DirectionCase {
  readonly claim: Conditions & { readonly relation: DirectionRelation };
  /** `null` when the claim was not run. */
  readonly measured: MeasuredArms | null;
  readonly tampered?: readonly string[];
  readonly alpha?: number;
  readonly power?: number;
}

/**
 * The verdict on a published comparison: a total, pure function. The claim becomes a gain g that it says is positive: A - B
 * - by, B - A - by, or ratio·B - A. g is tested over pairs when both arms used the same seeds, and by Welch's test
 * otherwise. With w = t·se at one-sided level alpha: REPRODUCED when g - w > 0; contradicted when g + w < 0, which is
 * EXCEEDS for a ratio and BELOW for a difference; INCONCLUSIVE otherwise. On a reduced scale the verdict stays
 * NOT-COMPARABLE and the same test gives the direction, without a positive amount: which arm is larger.
 */
export function judgeDirection(input: DirectionCase): Judgement {
  const { claim, measured, alpha = 0.05, power = 0.8 } = input;
  const ran = measured !== null && measured.a.values.length > 0 && measured.b.values.length > 0;
  const early = beforeArithmetic(input.tampered ?? [], ran);
  if (early || measured === null) return early ?? withoutTest("NOT-RUN", {});
  const broken = unusable(input);
  if (broken) return withoutTest("NOT-COMPARABLE", broken);
  const { differs, reduced, notes } = compareConditions(claim, measured);
  const signOnly = reduced && !differs.includes("unit");
  if (differs.length > 0 && !signOnly) return withoutTest("NOT-COMPARABLE", { differs, notes });
  const relation = signOnly ? withoutAmount(claim.relation) : claim.relation;
  const tested = testGain(relation, measured, alpha, power);
  if (!reduced) return { ...tested, notes: [...notes, ...tested.notes] };
  const direction = tested.verdict === "REPRODUCED"
    ? "supports"
    : tested.verdict === "INCONCLUSIVE"
    ? "undecided"
    : "contradicts";
  return {
    ...tested,
    verdict: "NOT-COMPARABLE",
    direction,
    differs,
    notes: [...notes, ...tested.notes],
  };
}

/**
 * What is left of a claim at a smaller scale: which arm is larger. A negative amount (at most so much worse) and a ratio
 * above 1 have no such side and are kept.
 */
function withoutAmount(relation: DirectionRelation): DirectionRelation {
  if (relation.kind !== "ratio-at-most") return { kind: relation.kind, by: Math.min(0, relation.by) };
  return { kind: relation.kind, ratio: Math.max(1, relation.ratio) };
}

/** Tests the gain g of the relation over the seeds of both arms. */
function testGain(
  relation: DirectionRelation,
  measured: MeasuredArms,
  alpha: number,
  power: number,
): Judgement {
  const { a, b, unit, testSetSize } = measured;
  const step = itemStep(unit, testSetSize);
  const weightB = relation.kind === "ratio-at-most" ? relation.ratio : 1;
  const sign = relation.kind === "above" ? 1 : -1;
  const by = relation.kind === "ratio-at-most" ? 0 : relation.by;
  const scaledB = b.values.map((v) => weightB * v);
  const order = pairing(a.seeds, b.seeds);
  const notes = [
    order ? `Paired over ${order.length} shared seeds.` : "Seeds are not shared: Welch's test, unpaired.",
  ];
  let contrast: Contrast | null = null;
  let spread = 0;
  let n = Math.min(a.values.length, b.values.length);
  if (order) {
    const pairs = a.values.map((v, i) => sign * (v - scaledB[order[i]!]!) - by);
    const own = toSummary("judge", "the paired differences", pairs, 1);
    n = own.n;
    // A difference of two shares is only known to their step: pairs that agree to the item still have this much spread.
    spread = Math.max(own.sd, step * Math.hypot(1, weightB) / Math.sqrt(12));
    if (n > 1 && own.sd === 0) {
      notes.push(`All ${n} pairs gave the same difference; check that the seed reaches the runs.`);
    }
    if (n > 1) contrast = { difference: own.mean, se: spread / Math.sqrt(n), df: n - 1 };
  } else if (n > 1) {
    const [sa, sb]: Summary[] = [a.values, scaledB].map((v) => toSummary("judge", "an arm", v));
    const welch = welchContrast(sa!, sb!);
    contrast = { ...welch, difference: sign * welch.difference - by };
    // Welch's contrast over n seeds per arm is at most as uncertain as a sample with this spread.
    spread = Math.hypot(sa!.sd, sb!.sd);
  }
  const variances = {
    // Unpaired arms have two standard deviations, of which none is that of the gain.
    seeds: { n, sd: order && n > 1 ? spread : null, se: contrast?.se ?? null },
    testSet: gainSamplingError(measured, scaledB),
  };
  if (!contrast || !(contrast.se > 0) || !Number.isFinite(contrast.difference + contrast.se)) {
    notes.push(
      "No spread over seeds is known, so no interval exists; compare deterministic quantities exactly.",
    );
    return withoutTest("INCONCLUSIVE", { variances, notes });
  }
  const { difference: gain, se, df } = contrast;
  if (step > 0 && Math.abs(gain) < step) {
    notes.push(`The difference is smaller than one of ${testSetSize} test items.`);
  }
  const width = tQuantile(1 - alpha, df) * se;
  const opposite = relation.kind === "ratio-at-most" ? "EXCEEDS" : "BELOW";
  const verdict = gain - width > 0 ? "REPRODUCED" : gain + width < 0 ? opposite : "INCONCLUSIVE";
  let needed: number | null = null;
  if (verdict === "INCONCLUSIVE") {
    needed = gain === 0 ? null : seedsNeeded({ sd: spread, margin: 0, difference: gain, alpha, power });
    if (needed !== null) needed = Math.max(needed, n + 1);
    notes.push(
      needed === null
        ? "No number of seeds is expected to decide."
        : `About ${needed} seeds per arm would decide with power ${power}, if means and spreads stay as they are.`,
    );
  }
  const meaning = relation.kind === "ratio-at-most"
    ? `${relation.ratio}·${b.name} - ${a.name}`
    : (sign > 0 ? `${a.name} - ${b.name}` : `${b.name} - ${a.name}`) +
      (by === 0 ? "" : by > 0 ? ` - ${by}` : ` + ${-by}`);
  const line = (operator: "-" | "+") => {
    const side = operator === "-" ? gain - width : gain + width;
    const relationSign = side > 0 ? ">" : side < 0 ? "<" : "=";
    return printRelation(
      side,
      0,
      width,
      (show) => `${meaning}: ${show(gain)} ${operator} t·se ${show(width)} = ${show(side)} ${relationSign} 0`,
    );
  };
  const compared = verdict === "REPRODUCED"
    ? line("-")
    : verdict === opposite
    ? line("+")
    : `${line("-")}, but ${line("+")}`;
  return {
    verdict,
    inequality: `${compared} ${atLevel(alpha)}`,
    variances,
    seedsNeeded: needed,
    direction: null,
    differs: [],
    p: { holds: tUpperTail(gain / se, df), fails: tUpperTail(-gain / se, df) },
    notes,
  };
}

/** Sampling error of the gain over test sets, as if each arm had its own; McNemar's test on predictions is sharper. */
function gainSamplingError(
  { a, unit, testSetSize }: MeasuredArms,
  scaledB: readonly number[],
): Variances["testSet"] {
  const [first, second] = [a.values, scaledB].map((v) => samplingError(mean(v), unit, testSetSize));
  return first && second ? { size: first.size, se: Math.hypot(first.se, second.se) } : null;
}

/** For each seed of the first list its position in the second, or `null` unless both hold the same distinct seeds. */
function pairing(a: readonly (number | string)[], b: readonly (number | string)[]): number[] | null {
  const place = new Map(b.map((seed, i) => [String(seed), i]));
  if (place.size !== b.length || a.length !== b.length || new Set(a.map(String)).size !== a.length) {
    return null;
  }
  const order = a.map((seed) => place.get(String(seed)) ?? -1);
  return order.includes(-1) ? null : order;
}

/** What makes a comparison impossible to judge, or `null`. */
function unusable({ claim, measured, alpha = 0.05, power = 0.8 }: DirectionCase): Partial<Judgement> | null {
  const { relation } = claim;
  const { a, b } = measured!;
  const size = relation.kind === "ratio-at-most" ? relation.ratio : relation.by;
  const checks: readonly (readonly [field: string, holds: boolean, required: string])[] = [
    [
      "claim.relation",
      usable(size) && (relation.kind !== "ratio-at-most" || size >= 0),
      `a finite amount, and a ratio at least 0, found ${size}`,
    ],
    ["alpha", alpha > 0 && alpha < 0.5, `between 0 and 0.5, found ${alpha}`],
    ["power", power > 0 && power < 1, `between 0 and 1, found ${power}`],
    ...[a, b].flatMap((arm) => [
      [
        arm.name,
        arm.values.every(usable),
        "an arm of finite values; a failed run is not left out",
      ] as const,
      [`${arm.name} seeds`, arm.seeds.length === arm.values.length, "one seed per value"] as const,
      [
        `${arm.name} seeds`,
        new Set(arm.seeds.map(String)).size === arm.seeds.length,
        "distinct: a seed counts once",
      ] as const,
    ]),
  ];
  const failed = checks.filter(([, holds]) => !holds);
  if (relation.kind === "ratio-at-most" && !b.values.every((v) => v > 0)) {
    failed.push([b.name, false, "positive in every run, being the denominator of a ratio"]);
  }
  if (failed.length === 0) return null;
  return {
    differs: [...new Set(failed.map(([field]) => field))],
    notes: failed.map(([field, , required]) => `${field} must be ${required}.`),
  };
}
