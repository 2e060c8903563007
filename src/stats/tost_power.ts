import { failure } from "../base/error.ts";
import { normalCdf, tQuantile } from "./distributions.ts";
import { requireCount, requireNonNegative, requireOpenUnit } from "./require.ts";

/** An experiment that is being planned, or one that did not decide. Values are in the unit of the margin. */
export interface Plan {
  /** Standard deviation over seeds that the runs are expected to have; must be positive. */
  readonly sd: number;
  readonly margin: number;
  /** True difference to plan for: 0 unless told. */
  readonly difference?: number;
  /** Level of each one-sided test: 0.05 unless told. */
  readonly alpha?: number;
  /** The published side when it states its runs; without it the claim is a fixed number (one-sample test). */
  readonly claim?: { readonly n: number; readonly sd: number };
}

/**
 * Probability that two one-sided tests over `n` >= 2 seeds show equivalence. Exact for the one-sample test: the mean is
 * normal given the sample standard deviation, which is integrated over its chi distribution. Against a claim with runs
 * the test is Welch's, the claim's mean is random too, and the claim's printed sd is taken as it stands. Throws an
 * AssayError for a standard deviation that is not positive or n < 2.
 */
export function tostPower(plan: Plan & { readonly n: number }): number {
  return integrate(plan, plan.n, (reach, d, spread) => {
    const room = plan.margin - reach;
    return room <= 0 ? 0 : normalCdf((room - d) / spread) - normalCdf((-room - d) / spread);
  });
}

/** Probability that `n` seeds show the difference to lie beyond the margin, on the side where `difference` is. */
export function beyondPower(plan: Plan & { readonly n: number }): number {
  return integrate(
    plan,
    plan.n,
    (reach, d, spread) => normalCdf((Math.abs(d) - plan.margin - reach) / spread),
  );
}

/**
 * The smallest number of seeds (2 or more) that decides with probability `power` (0.8 unless told): by showing
 * equivalence when |difference| < margin, by showing a deviation when it is larger. `null` when no number up to `most`
 * does, which includes |difference| = margin and a published side too imprecise for the margin.
 */
export function seedsNeeded(plan: Plan & { readonly power?: number; readonly most?: number }): number | null {
  const power = plan.power ?? 0.8;
  const most = plan.most ?? 10_000;
  requireOpenUnit("plan seeds for", "the power", power);
  requireCount("plan seeds up to", "the largest number of seeds", most, 2);
  const size = Math.abs(plan.difference ?? 0);
  if (size === plan.margin) return null;
  const reached = size < plan.margin ? tostPower : beyondPower;
  const enough = (n: number) => reached({ ...plan, n }) >= power;
  let high = 2;
  while (!enough(high)) {
    if (high >= most) return null;
    high = Math.min(most, high * 2);
  }
  let low = high === 2 ? 1 : Math.floor(high / 2);
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (enough(middle)) high = middle;
    else low = middle;
  }
  return high;
}

// Midpoint nodes of the integral over the sample sd. The one-sample integrand costs one normal cdf per node; Welch's
// needs a t quantile each, so it gets fewer. Against 20,000 nodes the power is off by at most 1e-4 and 4e-4.
const NODES = { one: 400, welch: 150 };

/** Integrates `given(reach, difference, spread)` over the distribution of the runs' sample standard deviation. */
function integrate(
  plan: Plan,
  n: number,
  given: (reach: number, d: number, spread: number) => number,
): number {
  const operation = "compute power for";
  const { sd, margin, difference = 0, alpha = 0.05, claim } = plan;
  requireCount(operation, "the number of seeds", n, 2);
  requireNonNegative(operation, "the margin", margin);
  requireOpenUnit(operation, "alpha", alpha);
  if (!(Number.isFinite(sd) && sd > 0 && Number.isFinite(difference))) {
    throw failure({
      operation,
      object: "the plan",
      required: "sd must be positive and the difference finite",
      found: `sd ${sd}, difference ${difference}`,
      wayOut: "take the sd of earlier runs of the same kind",
    });
  }
  if (claim) requireCount(operation, "the claim's number of runs", claim.n, 2);
  const df = n - 1;
  const claimVariance = claim ? (claim.sd * claim.sd) / claim.n : 0;
  const spread = Math.sqrt((sd * sd) / n + claimVariance);
  const t = tQuantile(1 - alpha, df);
  const count = claim ? NODES.welch : NODES.one;
  // sample sd / sd lies in this range up to a probability below 1e-12
  const from = Math.max(0, 1 - 8 / Math.sqrt(2 * df));
  const width = (1 + 8 / Math.sqrt(2 * df) - from) / count;
  let mass = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const u = from + (i + 0.5) * width;
    // chi density of u up to a constant, scaled to 1 at its mode region so that it cannot overflow
    const weight = Math.exp((df - 1) * Math.log(u) - (df * (u * u - 1)) / 2);
    const own = (sd * u) ** 2 / n;
    const total = own + claimVariance;
    const share = own / total;
    const quantile = claim
      ? tQuantile(1 - alpha, 1 / (share ** 2 / df + (1 - share) ** 2 / (claim.n - 1)))
      : t;
    mass += weight;
    sum += weight * given(quantile * Math.sqrt(total), difference, spread);
  }
  return sum / mass;
}
