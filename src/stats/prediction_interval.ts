import { type Sample, toSummary } from "./describe.ts";
import { tQuantile } from "./distributions.ts";
import { requireOpenUnit } from "./require.ts";
import { around, type Interval } from "./t_interval.ts";

/**
 * The interval that holds one further run with probability `level`, given two or more runs of the same normal
 * population: mean ± t(df = n - 1) sd sqrt(1 + 1/n). A sample that does not vary gives width 0. Throws an AssayError
 * for fewer than two values or a level outside (0, 1).
 */
export function predictionInterval(sample: Sample, level: number): Interval {
  requireOpenUnit("compute a prediction interval at", "the level", level);
  const { n, mean, sd } = toSummary("compute a prediction interval from", "the sample", sample);
  return around(mean, tQuantile(0.5 + level / 2, n - 1) * sd * Math.sqrt(1 + 1 / n), n - 1);
}
