/** How far an accuracy can move because another test set of the same size was drawn. */
import type { Claim } from "../claim.ts";
import { normalQuantile } from "../../stats/distributions.ts";
import { binomialSe } from "../../stats/wilson.ts";

/** Two-sided 95 % by default: 1.96. */
export const z95: number = normalQuantile(0.975);

/** Metrics that are a share of the test images, in percent or as a fraction. */
export function isShare(c: Claim): boolean {
  return (c.metric === "top1" || c.metric === "top5") && (c.unit === "percent" || c.unit === "fraction");
}

/** Accuracies and precisions; of times and bytes less is better. */
export function higherIsBetter(c: Claim): boolean {
  return ["top1", "top5", "map"].includes(c.metric);
}

/** 1 for a fraction, 100 for percent. */
export function whole(c: Claim): number {
  return c.unit === "percent" ? 100 : 1;
}

/** Standard error (unit of the claim) of one accuracy on its test set; undefined when the size is not known. */
export function samplingSe(c: Claim): number | undefined {
  const n = c.dataset?.test;
  if (!isShare(c) || n === undefined) return undefined;
  const p = c.value / whole(c);
  // A value outside 0..1 is a finding of its own (granularity/range) and has no sampling error.
  if (p < 0 || p > 1) return undefined;
  return binomialSe(p, n) * whole(c);
}

/**
 * Smallest difference of two accuracies that test sets drawn independently would not produce in 95 % of cases. The
 * same images are used for both, so a paired test (McNemar) on stored predictions can resolve less; without the
 * predictions this is what can be said.
 */
export function resolvable(a: Claim, b: Claim): number | undefined {
  const [sa, sb] = [samplingSe(a), samplingSe(b)];
  return sa === undefined || sb === undefined ? undefined : z95 * Math.hypot(sa, sb);
}
