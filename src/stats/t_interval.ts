import { type Sample, toSummary } from "./describe.ts";
import { tQuantile } from "./distributions.ts";
import { requireOpenUnit } from "./require.ts";

/** A two-sided interval around `centre`, in the unit of the values. */
export interface Interval {
  readonly centre: number;
  readonly halfWidth: number;
  readonly lower: number;
  readonly upper: number;
  readonly df: number;
}

/**
 * Student's t interval for the mean of a normal population, from two or more values (or their summary). A sample that
 * does not vary gives an interval of width 0. Throws an AssayError for fewer than two values or a level outside (0, 1).
 */
export function tInterval(sample: Sample, level: number): Interval {
  requireOpenUnit("compute a t interval at", "the level", level);
  const { n, mean, sd } = toSummary("compute a t interval of", "the sample", sample);
  return around(mean, tQuantile(0.5 + level / 2, n - 1) * sd / Math.sqrt(n), n - 1);
}

/** The interval centre ± halfWidth. */
export function around(centre: number, halfWidth: number, df: number): Interval {
  return { centre, halfWidth, lower: centre - halfWidth, upper: centre + halfWidth, df };
}
