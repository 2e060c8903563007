import type { Judgement, Margin } from "./judgement.ts";
import type { ClaimedRuns } from "./spread.ts";

// Squares of larger numbers overflow; no quantity in any unit comes near.
const LARGEST = 1e100;

/** A number that arithmetic can handle: finite, and small enough for its square to be finite. */
export function usable(value: number): boolean {
  return Number.isFinite(value) && Math.abs(value) <= LARGEST;
}

/** What makes a claim impossible to judge at all, or `null`; the judge answers such input with NOT-COMPARABLE. */
export function impossible(
  claim: ClaimedRuns & { readonly halfStep: number },
  margin: Margin,
  alpha: number,
  power: number,
): Pick<Judgement, "differs" | "notes"> | null {
  const amount = (value: number) => usable(value) && value >= 0;
  const checks: readonly (readonly [field: string, holds: boolean, found: unknown, required: string])[] = [
    ["claim.value", usable(claim.value), claim.value, "a finite number"],
    ["claim.halfStep", amount(claim.halfStep), claim.halfStep, "finite and not negative"],
    ["claim.runs", (claim.runs ?? []).every(usable), claim.runs, "finite numbers"],
    [
      "claim.n",
      claim.n === null || (Number.isSafeInteger(claim.n) && claim.n >= 1),
      claim.n,
      "a count of runs or null",
    ],
    [
      "claim.spread",
      !claim.spread || (amount(claim.spread.value) && amount(claim.spread.halfStep)),
      JSON.stringify(claim.spread),
      "finite and not negative",
    ],
    ["margin", amount(margin.value), margin.value, "finite and not negative"],
    ["alpha", alpha > 0 && alpha < 0.5, alpha, "between 0 and 0.5"],
    ["power", power > 0 && power < 1, power, "between 0 and 1"],
  ];
  const failed = checks.filter(([, holds]) => !holds);
  if (failed.length === 0) return null;
  return {
    differs: failed.map(([field]) => field),
    notes: failed.map(([field, , found, required]) => `${field} must be ${required}, found ${found}.`),
  };
}
