import assert from "node:assert/strict";
import fixture from "../fixtures/stats/bootstrap.json" with { type: "json" };
import { bootstrap, type Statistic } from "../../src/stats/bootstrap.ts";
import { mean, sampleSd } from "../../src/stats/describe.ts";
import { assertAssayError, assertClose } from "./close.ts";

const STATISTICS: Readonly<Record<string, Statistic>> = {
  mean: ([x]) => mean(x!),
  sd: ([x]) => sampleSd(x!),
  median: ([x]) => {
    const sorted = [...x!].sort((a, b) => a - b);
    return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  },
  meanDifference: ([x, y]) => mean(x!) - mean(y!),
};

Deno.test("bootstrap gives scipy's percentile and BCa intervals on scipy's resamples", () => {
  for (const { statistic, strata, resamples, picks, percentile, bca, standardError } of fixture.cases) {
    for (const [method, expected] of [["percentile", percentile], ["bca", bca]] as const) {
      const r = bootstrap({
        strata,
        statistic: STATISTICS[statistic]!,
        seed: 0,
        method,
        resamples,
        level: 0.9,
        pick: (resample, stratum, position) => picks[stratum]![resample]![position]!,
      });
      assertClose(r.lower, expected[0]!, 1e-10, 0, `${statistic} ${method}`);
      assertClose(r.upper, expected[1]!, 1e-10, 0, `${statistic} ${method}`);
      assertClose(r.standardError, standardError, 1e-10);
    }
  }
});

Deno.test("bootstrap depends on its seed alone", () => {
  const strata = fixture.cases.find((c) => c.statistic === "meanDifference")!.strata;
  const run = (seed: number) =>
    bootstrap({ strata, statistic: STATISTICS.meanDifference!, seed, method: "bca", resamples: 300 });
  assert.deepEqual(run(4), run(4));
  assert.notDeepEqual(run(4).replicates, run(5).replicates);
});

Deno.test("bootstrap resamples with Philox to the standard error that theory gives for a mean", () => {
  const values = fixture.cases[0]!.strata[0]!;
  const r = bootstrap({
    strata: [values],
    statistic: STATISTICS.mean!,
    seed: 9,
    method: "percentile",
    resamples: 4000,
  });
  const theory = sampleSd(values) * Math.sqrt((values.length - 1) / values.length) / Math.sqrt(values.length);
  // The error of a standard deviation over 4000 replicates is about 1.1 %; five of those.
  assertClose(r.standardError, theory, 0.056);
});

Deno.test("bootstrap draws every position equally often", () => {
  const counts = [0, 0, 0];
  const values = [0, 1, 2];
  bootstrap({
    strata: [values],
    statistic: ([x]) => (x!.forEach((v) => counts[v]!++), 0),
    seed: 1,
    method: "percentile",
    resamples: 3000,
  });
  // 9000 draws (and the 3 of the sample itself), expected 3000 each with a standard deviation of 45; five of those.
  counts.forEach((c) => assertClose(c, 3001, 0, 225));
});

Deno.test("bootstrap of equal values is one point, by either method", () => {
  for (const method of ["percentile", "bca"] as const) {
    const r = bootstrap({ strata: [[2, 2, 2]], statistic: STATISTICS.mean!, seed: 0, method, resamples: 50 });
    assert.deepEqual([r.lower, r.upper, r.standardError], [2, 2, 0]);
  }
});

Deno.test("bootstrap refuses empty strata, BCa on one value and a statistic that breaks", () => {
  const mean1 = STATISTICS.mean!;
  assertAssayError(
    () => bootstrap({ strata: [], statistic: mean1, seed: 0, method: "bca" }),
    /strata.*found 0/,
  );
  assertAssayError(
    () => bootstrap({ strata: [[1]], statistic: mean1, seed: 0, method: "bca" }),
    /stratum 1.*found 1/,
  );
  assertAssayError(
    () =>
      bootstrap({
        strata: [[1, 2]],
        statistic: ([x]) => 1 / (x![0]! - x![1]!),
        seed: 0,
        method: "percentile",
      }),
    /must be finite on every resample/,
  );
});
