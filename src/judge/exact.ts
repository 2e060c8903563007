import { compareConditions } from "./comparable.ts";
import {
  beforeArithmetic,
  type Conditions,
  type Direction,
  type Judgement,
  withoutTest,
} from "./judgement.ts";

/**
 * A claim about a deterministic quantity such as bytes: `numerator`, or numerator / denominator when the measurement has
 * both. For `equal`, `halfStep` is half the rounding step of the printed value.
 */
export interface ExactClaim extends Conditions {
  readonly relation: "at-most" | "equal" | "at-least";
  readonly value: number;
  readonly halfStep?: number;
}

/** Counts that a run or a plan gives without any noise, as integers. */
export interface ExactMeasurement extends Conditions {
  readonly numerator: number;
  readonly denominator?: number;
}

export interface ExactCase {
  readonly claim: ExactClaim;
  /** `null` when the claim was not run. */
  readonly measured: ExactMeasurement | null;
  readonly tampered?: readonly string[];
}

/**
 * The verdict on a deterministic quantity: an exact comparison in integers, with no tolerance beyond the claim's rounding.
 * A ratio a / b is compared as a with value·b, the claim's value being the decimal fraction it is printed as. On a
 * reduced scale a bound on a ratio gives a direction, which count is larger; the verdict stays NOT-COMPARABLE. A total, pure function.
 */
export function judgeExact(input: ExactCase): Judgement {
  const { claim, measured } = input;
  const early = beforeArithmetic(input.tampered ?? [], measured !== null);
  if (early || measured === null) return early ?? withoutTest("NOT-RUN", {});
  const { numerator, denominator = 1 } = measured;
  const halfStep = claim.relation === "equal" ? claim.halfStep ?? 0 : 0;
  const usable = Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator) && denominator > 0 &&
    Number.isFinite(claim.value) && Number.isFinite(halfStep) && halfStep >= 0;
  if (!usable) {
    return withoutTest("NOT-COMPARABLE", {
      differs: ["measured"],
      notes: [
        `An exact comparison needs integers and a finite claim, found ${numerator} / ${denominator} and ${claim.value}.`,
      ],
    });
  }
  const { differs, reduced, notes } = compareConditions(claim, measured);
  const value = fraction(claim.value);
  const step = fraction(halfStep);
  // All three as multiples of 1 / (value.scale * step.scale): numerator, value·denominator and halfStep·denominator.
  const left = BigInt(numerator) * value.scale * step.scale;
  const middle = value.units * step.scale * BigInt(denominator);
  const slack = step.units * value.scale * BigInt(denominator);
  const above = left > middle + slack;
  const below = left < middle - slack;
  const fails = claim.relation === "at-most" ? above : claim.relation === "at-least" ? below : above || below;
  const inequality = printed(claim, measured, halfStep, above, below);
  if (differs.length > 0) {
    const direction = reduced && !differs.includes("unit") ? ratioDirection(claim, measured) : null;
    return withoutTest("NOT-COMPARABLE", {
      differs,
      inequality,
      direction,
      notes,
    });
  }
  const verdict = !fails ? "REPRODUCED" : above ? "EXCEEDS" : "BELOW";
  return withoutTest(verdict, {
    inequality,
    notes: [...notes, "Deterministic: compared exactly, without a test."],
  });
}

/** Which of the two counts is larger, against a claimed ratio of at most something <= 1 or at least something >= 1. */
function ratioDirection(
  { relation, value }: ExactClaim,
  { numerator, denominator }: ExactMeasurement,
): Direction {
  const smaller = relation === "at-most" && value <= 1;
  const larger = relation === "at-least" && value >= 1;
  if (denominator === undefined || numerator === denominator || !(smaller || larger)) return "undecided";
  return numerator < denominator === smaller ? "supports" : "contradicts";
}

/** A finite number as units / scale with integers, exactly as its shortest decimal form reads. */
function fraction(value: number): { readonly units: bigint; readonly scale: bigint } {
  const [mantissa = "0", exponent = "0"] = value.toString().split("e");
  const [whole = "0", decimals = ""] = mantissa.split(".");
  const shift = Number(exponent) - decimals.length;
  const units = BigInt(whole + decimals);
  return shift >= 0
    ? { units: units * 10n ** BigInt(shift), scale: 1n }
    : { units, scale: 10n ** BigInt(-shift) };
}

function printed(
  claim: ExactClaim,
  { numerator, denominator, unit }: ExactMeasurement,
  halfStep: number,
  above: boolean,
  below: boolean,
): string {
  const sign = above
    ? ">"
    : below
    ? "<"
    : claim.relation === "at-most"
    ? "<="
    : claim.relation === "at-least"
    ? ">="
    : "=";
  const left = denominator === undefined
    ? `${numerator} ${unit}`
    : `${numerator} / ${denominator} = ${Number((numerator / denominator).toPrecision(8))}`;
  return `${left} ${sign} ${claim.value}${halfStep > 0 ? ` ± ${halfStep}` : ""}`;
}
