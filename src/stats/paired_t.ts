import { failure } from "../base/error.ts";
import { toSummary } from "./describe.ts";
import { tCdf } from "./distributions.ts";
import { zeroVariance } from "./require.ts";
import type { WelchResult } from "./welch.ts";

/**
 * Paired t test of mean(a - b) = 0 over two lists whose i-th values belong together (the same seed). Throws an AssayError
 * when the lengths differ, for fewer than two pairs, or when all differences are equal.
 */
export function pairedT(a: readonly number[], b: readonly number[]): WelchResult {
  const operation = "run a paired t test on";
  if (a.length !== b.length) {
    throw failure({
      operation,
      object: "two lists",
      required: "they must pair up",
      found: `${a.length} and ${b.length} values`,
      wayOut: "keep the seeds both have, or use Welch's test",
    });
  }
  const { n, mean: difference, sd } = toSummary(operation, "the differences", a.map((v, i) => v - b[i]!));
  if (sd === 0) throw zeroVariance(operation, "constant differences");
  const se = sd / Math.sqrt(n);
  const df = n - 1;
  const t = difference / se;
  const pLess = tCdf(t, df);
  const pGreater = tCdf(-t, df);
  return { difference, se, df, t, p: Math.min(1, 2 * Math.min(pLess, pGreater)), pLess, pGreater };
}
