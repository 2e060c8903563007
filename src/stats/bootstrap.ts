import { failure } from "../base/error.ts";
import { PhiloxStream, PURPOSE } from "../base/random.ts";
import { normalCdf, normalQuantile } from "./distributions.ts";
import { requireCount, requireFinite, requireOpenUnit } from "./require.ts";

/** A statistic of one or more strata; it must not depend on the order of values within a stratum. */
export type Statistic = (strata: readonly (readonly number[])[]) => number;

/** What to resample and how. `seed` is an unsigned 32-bit integer and belongs in every report that prints the interval. */
export interface BootstrapOptions {
  /** Strata are resampled separately, each to its own size; a plain sample is one stratum. */
  readonly strata: readonly (readonly number[])[];
  readonly statistic: Statistic;
  readonly seed: number;
  readonly method: "percentile" | "bca";
  readonly resamples?: number;
  readonly level?: number;
  /**
   * Which position of a stratum of `size` values draw `position` of a resample takes; Philox unless told. Tests pass the
   * draws of another implementation here.
   */
  readonly pick?: (resample: number, stratum: number, position: number, size: number) => number;
}

/** A bootstrap interval with the settings that reproduce it. `replicates` is in ascending order. */
export interface BootstrapResult {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  readonly resamples: number;
  readonly seed: number;
  readonly level: number;
  readonly replicates: Float64Array;
}

/**
 * Stratified bootstrap interval: percentile, or bias-corrected and accelerated (Efron, 1987). The draws are counter-based
 * with key (seed, bootstrap) and counter (resample, stratum, 0, draw), so they depend on nothing else. When every
 * resample gives the same value the interval is that value, of width 0. Throws an AssayError for an empty or non-finite
 * stratum, a statistic that is not finite on some resample, or BCa on a stratum of one value (no jackknife there).
 */
export function bootstrap(options: BootstrapOptions): BootstrapResult {
  const { strata, statistic, seed, method, resamples = 2000, level = 0.95 } = options;
  const operation = "bootstrap";
  requireCount(operation, "the number of strata", strata.length, 1);
  requireCount(operation, "the number of resamples", resamples, 2);
  requireCount(operation, "the seed", seed, 0);
  requireOpenUnit(operation, "the level", level);
  strata.forEach((s, i) => requireFinite(operation, `stratum ${i + 1}`, s, method === "bca" ? 2 : 1));
  const pick = options.pick ?? philoxPick(seed);
  const evaluate = (sample: readonly (readonly number[])[], what: string): number => {
    const value = statistic(sample);
    if (!Number.isFinite(value)) {
      throw failure({
        operation,
        object: "the statistic",
        required: "it must be finite on every resample",
        found: `${value} on ${what}`,
        wayOut: "choose a statistic that exists for repeated values",
      });
    }
    return value;
  };
  const estimate = evaluate(strata, "the sample itself");
  const replicates = new Float64Array(resamples);
  for (let r = 0; r < resamples; r++) {
    const sample = strata.map((s, stratum) => s.map((_, i) => s[pick(r, stratum, i, s.length)]!));
    replicates[r] = evaluate(sample, `resample ${r + 1}`);
  }
  replicates.sort();
  const tail = (1 - level) / 2;
  let [low, high] = [tail, 1 - tail];
  if (method === "bca" && replicates[0] !== replicates[resamples - 1]) {
    const bias = biasCorrection(replicates, estimate);
    const acceleration = jackknifeAcceleration(strata, (s) => evaluate(s, "a jackknife sample"));
    low = adjustedLevel(tail, bias, acceleration);
    high = adjustedLevel(1 - tail, bias, acceleration);
  }
  const centre = replicates.reduce((s, v) => s + v, 0) / resamples;
  const squares = replicates.reduce((s, v) => s + (v - centre) ** 2, 0);
  return {
    estimate,
    lower: quantile(replicates, low),
    upper: quantile(replicates, high),
    standardError: Math.sqrt(squares / (resamples - 1)),
    resamples,
    seed,
    level,
    replicates,
  };
}

/** Draws from Philox, one stream per (resample, stratum), read in order of position. */
function philoxPick(seed: number): NonNullable<BootstrapOptions["pick"]> {
  let stream = new PhiloxStream([seed, PURPOSE.bootstrap]);
  return (resample, stratum, position, size) => {
    if (position === 0) stream = new PhiloxStream([seed, PURPOSE.bootstrap], [resample, stratum, 0]);
    return stream.below(size);
  };
}

/** z0: the normal quantile of the share of replicates below the estimate, ties counted as one half. */
function biasCorrection(replicates: Float64Array, estimate: number): number {
  let share = 0;
  for (const v of replicates) share += v < estimate ? 1 : v === estimate ? 0.5 : 0;
  return normalQuantile(share / replicates.length);
}

/** a: the skewness of the jackknife values over six, summed over strata with each stratum's weight. */
function jackknifeAcceleration(strata: readonly (readonly number[])[], statistic: Statistic): number {
  let third = 0;
  let second = 0;
  strata.forEach((values, at) => {
    const n = values.length;
    const left = values.map((_, out) =>
      statistic(strata.map((s, i) => i === at ? s.filter((_, position) => position !== out) : s))
    );
    const centre = left.reduce((s, v) => s + v, 0) / n;
    for (const v of left) {
      const influence = (n - 1) * (centre - v);
      third += influence ** 3 / n ** 3;
      second += influence ** 2 / n ** 2;
    }
  });
  return second === 0 ? 0 : third / (6 * second ** 1.5);
}

/** The level at which BCa reads the sorted replicates; an infinite bias reads the extreme replicate. */
function adjustedLevel(level: number, bias: number, acceleration: number): number {
  if (!Number.isFinite(bias)) return bias > 0 ? 1 : 0;
  const shifted = bias + normalQuantile(level);
  return normalCdf(bias + shifted / (1 - acceleration * shifted));
}

/** Quantile of ascending values by linear interpolation between order statistics. */
function quantile(sorted: Float64Array, level: number): number {
  const at = level * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  return below + 1 < sorted.length ? low + (at - below) * (sorted[below + 1]! - low) : low;
}
