/** What per-run values say about the mean and spread printed beside them, and about other people's runs. */
import { type Claim, halfUnit, label, type Printed, show, type SpreadKind } from "../claim.ts";
import type { Corpus } from "../corpus.ts";
import { mean, populationSd, sampleSd } from "../../stats/describe.ts";
import { tQuantile } from "../../stats/distributions.ts";
import { predictionInterval } from "../../stats/prediction_interval.ts";
import { type Finding, findingOn, fixed, type Rule, signed } from "./finding.ts";
import { sameSetting } from "./setting.ts";

const slack = 1e-9;

/** Smallest and largest value of a statistic over runs that were themselves rounded: +- half a unit on the mean. */
function rounds(exact: number, printed: Printed, inputError: number): boolean {
  return Math.abs(exact - printed.value) <= halfUnit(printed) + inputError + slack;
}

const values = (c: Claim) => c.runs.map((r) => r.value);
const list = (c: Claim) => `{${c.runs.map(show).join(", ")}}`;

export const runMean: Rule = {
  id: "runs/mean",
  title: "A mean that its own runs do not give",
  help:
    "The printed mean must be the rounding of the mean of the printed runs, allowing for the rounding of each run. " +
    "The number of runs must be the stated one.",
  check: (corpus) =>
    corpus.claims.filter((c) => c.runs.length > 0).flatMap((c): Finding[] => {
      const m = mean(values(c));
      const inputError = mean(c.runs.map(halfUnit));
      const findings: Finding[] = [];
      if (!rounds(m, c, inputError)) {
        findings.push(findingOn(runMean.id, "error", [c], `${label(c)} is not the mean of its own runs`, [
          `mean${list(c)} = ${fixed(m, c.decimals + 2)}, printed ${show(c)}`,
          `the rounding of the runs moves the mean by at most ${fixed(inputError, c.decimals + 2)}`,
        ]));
      }
      if (c.n !== null && c.n !== c.runs.length) {
        findings.push(
          findingOn(runMean.id, "error", [c], `${label(c)} states another number of runs than it lists`, [
            `stated n = ${c.n}, listed ${c.runs.length} runs ${list(c)}`,
          ]),
        );
      }
      return findings;
    }),
};

/** The spreads that a reader could mean, computed from the runs. */
export function spreads(runs: readonly number[]): Record<Exclude<SpreadKind, "sd" | "unstated">, number> {
  const sd = sampleSd(runs);
  const se = sd / Math.sqrt(runs.length);
  return {
    "sample-sd": sd,
    "population-sd": populationSd(runs),
    se,
    ci95: tQuantile(0.975, runs.length - 1) * se,
    range: Math.max(...runs) - Math.min(...runs),
  };
}

export const spreadKind: Rule = {
  id: "runs/spread-kind",
  title: "A spread of another kind than stated or usual",
  help:
    "Recomputes the printed spread from the runs. A spread that is not the sample standard deviation, and is not " +
    "labelled, understates how far another run will fall.",
  check: (corpus) =>
    corpus.claims.flatMap((c): Finding[] => {
      if (c.spread === undefined || c.runs.length < 2) return [];
      const all = spreads(values(c));
      const spread = c.spread;
      const open = spread.kind === "unstated" || spread.kind === "sd";
      const fits = (Object.keys(all) as (keyof typeof all)[]).filter((k) =>
        rounds(all[k], spread, 0) && (spread.kind !== "sd" || k === "sample-sd" || k === "population-sd")
      );
      const expected = spread.kind === "unstated" || spread.kind === "sd" ? "sample-sd" : spread.kind;
      if (fits.includes(expected)) return [];
      const arithmetic = [
        `runs ${list(c)}, printed spread ${show(spread)} (${spread.kind})`,
        ...Object.entries(all).map(([kind, value]) =>
          `${kind} = ${fixed(value, spread.decimals + 2)} -> prints as ${fixed(value, spread.decimals)}`
        ),
      ];
      const message = fits.length > 0
        ? `${label(c)}: the printed spread ${show(spread)} is the ${fits.join(" or ")}, not the ${expected}`
        : `${label(c)}: the printed spread ${show(spread)} is no usual spread of its runs`;
      return [findingOn(
        spreadKind.id,
        fits.length > 0 && open ? "warning" : "error",
        [c],
        message,
        arithmetic,
      )];
    }),
};

export const releasedBest: Rule = {
  id: "runs/released-best",
  title: "The released model is the best of the runs whose mean is published",
  help:
    "A model published beside a list of runs is one of them. When it is the best one, whoever scores it measures the " +
    "maximum, not the mean that the table gives.",
  check: (corpus) =>
    corpus.claims.filter((c) => c.runs.length >= 3).flatMap((base) =>
      corpus.claims.filter((o) =>
        o.source === base.source && o !== base && o.runs.length === 0 && sameSetting(base, o) &&
        o.value === Math.max(...values(base)) && o.value > Math.min(...values(base))
      ).map((o): Finding =>
        findingOn(
          releasedBest.id,
          "note",
          [o, base],
          `${label(o)} is the best of the ${base.runs.length} runs of ${base.id}`,
          [
            `runs ${list(base)}: best ${show(o)}, mean ${fixed(mean(values(base)), 2)}, ${
              signed(o.value - mean(values(base)), 2)
            } above it`,
          ],
        )
      )
    ),
};

export const outsidePrediction: Rule = {
  id: "runs/outside-prediction-interval",
  title: "Another source's run outside the prediction interval of the published runs",
  help:
    "Given the runs of one source, one further run of the same recipe falls inside mean +- t s sqrt(1 + 1/n) with " +
    "probability 0.95. A value outside says that the two sources do not run the same recipe, or one of them erred.",
  check: (corpus: Corpus) =>
    corpus.claims.filter((c) => c.runs.length >= 3).flatMap((base) =>
      corpus.claims.filter((o) => o.source !== base.source && o.runs.length === 0 && sameSetting(base, o))
        .flatMap(
          (other): Finding[] => {
            const interval = predictionInterval(values(base), 0.95);
            const reach = halfUnit(other) + (other.readingError ?? 0);
            if (other.value + reach >= interval.lower && other.value - reach <= interval.upper) return [];
            const m = mean(values(base));
            const sd = sampleSd(values(base));
            const t = tQuantile(0.975, base.runs.length - 1);
            return [findingOn(
              outsidePrediction.id,
              "warning",
              [other, base],
              `${label(other)} lies outside the 95 % prediction interval of ${base.id}`,
              [
                `runs ${list(base)}: mean ${fixed(m, 2)}, sample sd ${fixed(sd, 3)}`,
                `${fixed(m, 2)} +- ${fixed(t, 3)} x ${fixed(sd, 3)} x sqrt(1 + 1/${base.runs.length}) = ` +
                `[${fixed(interval.lower, 2)}, ${fixed(interval.upper, 2)}]`,
                `${show(other)} - ${fixed(m, 2)} = ${signed(other.value - m, 2)}`,
              ],
            )];
          },
        )
    ),
};
