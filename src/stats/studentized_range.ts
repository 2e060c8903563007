import { normalCdf } from "./distributions.ts";
import { requireCount, requireOpenUnit } from "./require.ts";

// Spacing and reach of the trapezoid rule below. The integrand is analytic and decays like exp(-z^2 / 2), so the rule
// converges faster than any power of the spacing: 0.05 already gives full double precision.
const STEP = 0.05;
const REACH = 9;

/**
 * P(Q <= q) for the range of `k` independent standard normals (the studentized range with infinite degrees of freedom):
 * k times the integral over z of phi(z) [Phi(z) - Phi(z - q)]^(k - 1).
 */
export function rangeCdf(q: number, k: number): number {
  requireCount("evaluate the studentized range for", "the number of groups", k, 2);
  if (!(q > 0)) return 0;
  let sum = 0;
  for (let z = -REACH; z <= REACH; z += STEP) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    sum += density * (normalCdf(z) - normalCdf(z - q)) ** (k - 1);
  }
  return Math.min(1, k * STEP * sum);
}

/** The q with P(Q <= q) = p, by bisection to double precision. */
export function rangeQuantile(p: number, k: number): number {
  requireOpenUnit("invert the studentized range at", "the probability", p);
  let low = 0;
  let high = 1;
  while (rangeCdf(high, k) < p) high *= 2;
  for (;;) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) return middle;
    if (rangeCdf(middle, k) < p) low = middle;
    else high = middle;
  }
}
