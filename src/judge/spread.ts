import type { SpreadKind } from "../claims/claim.ts";
import { type Summary, toSummary } from "../stats/describe.ts";
import { tQuantile } from "../stats/distributions.ts";

/** A published spread; `halfStep` is half its rounding step. */
export interface ClaimedSpread {
  readonly value: number;
  readonly kind: SpreadKind;
  readonly halfStep: number;
}

/** What a source says about the runs behind its number. */
export interface ClaimedRuns {
  readonly value: number;
  readonly n: number | null;
  readonly spread?: ClaimedSpread | null;
  readonly runs?: readonly number[];
}

/** The claim as a sample, or `null` when it must be taken as a fixed number; `notes` say what was assumed. */
export interface ClaimSample {
  readonly sample: Summary | null;
  readonly notes: readonly string[];
}

/**
 * Turns the published runs or the published spread into a mean and a sample standard deviation. Per-run values win. A
 * printed spread is taken at the upper end of its rounding interval, and one of unstated kind as a population standard
 * deviation, which is the reading that gives the larger sample standard deviation. A range cannot be converted without
 * assuming a distribution, so it is not used.
 */
export function claimSample(claim: ClaimedRuns): ClaimSample {
  if (claim.runs && claim.runs.length >= 2) {
    const sample = toSummary("summarise", "the claim's runs", claim.runs);
    const notes = sample.mean === claim.value
      ? []
      : [`The claim's ${sample.n} runs are used; their mean is ${Number(sample.mean.toPrecision(6))}.`];
    return sample.sd > 0 ? { sample, notes } : { sample: null, notes: ["The claim's runs are all equal."] };
  }
  const { spread, n } = claim;
  if (!spread || n === null || n < 2) {
    const why = n === 1
      ? "The claim is a single run: its own seed noise is unknown and not in the interval."
      : "The claim states no usable spread over runs: its own seed noise is not in the interval.";
    return { sample: null, notes: [why] };
  }
  if (spread.kind === "range") {
    return {
      sample: null,
      notes: ["The claim's spread is a range, which is no standard deviation; it is not used."],
    };
  }
  const upper = spread.value + spread.halfStep;
  const factor = {
    "sample-sd": 1,
    "population-sd": Math.sqrt(n / (n - 1)),
    // "Standard deviation" without saying which, and a spread without a word: the reading that is larger as a sample's.
    "sd": Math.sqrt(n / (n - 1)),
    "unstated": Math.sqrt(n / (n - 1)),
    "se": Math.sqrt(n),
    "ci95": Math.sqrt(n) / tQuantile(0.975, n - 1),
  }[spread.kind];
  if (!(upper > 0)) {
    return { sample: null, notes: ["The claim's spread is printed as exactly 0; it is not used."] };
  }
  const notes = [
    `The claim's spread is read as ${
      spread.kind === "unstated" || spread.kind === "sd" ? "a population sd (kind unstated)" : spread.kind
    }, ` +
    `at most ${Number(upper.toPrecision(4))} before rounding: sample sd ${
      Number((upper * factor).toPrecision(4))
    }.`,
  ];
  return { sample: { n, mean: claim.value, sd: upper * factor }, notes };
}
