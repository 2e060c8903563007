import assert from "node:assert/strict";
import { PhiloxStream } from "../../src/base/random.ts";
import { judge } from "../../src/judge/value.ts";
import { bootstrap } from "../../src/stats/bootstrap.ts";
import { mean } from "../../src/stats/describe.ts";
import { gate, type GateRow } from "../../src/stats/gate.ts";
import { predictionInterval } from "../../src/stats/prediction_interval.ts";
import { tInterval } from "../../src/stats/t_interval.ts";
import { tostOneSample, tostTwoSample } from "../../src/stats/tost.ts";
import { beyondPower, tostPower } from "../../src/stats/tost_power.ts";
import { welch } from "../../src/stats/welch.ts";
import { wilson } from "../../src/stats/wilson.ts";
import { valueCase } from "../judge/cases.ts";

// Every figure is simulated with Philox from a fixed key, so a failure repeats. A share estimated over `trials` has a
// standard error of sqrt(p (1 - p) / trials); each assertion allows four of them, plus what it says beside.
let stream = 0;
function normals(): (mean: number, sd: number, n: number) => number[] {
  const source = new PhiloxStream([2024, 0x51_4d], [stream++, 0, 0]);
  return (mean, sd, n) => Array.from({ length: n }, () => mean + sd * source.normal());
}

function share(trials: number, happens: () => boolean): number {
  let count = 0;
  for (let i = 0; i < trials; i++) if (happens()) count++;
  return count / trials;
}

function assertShare(found: number, expected: number, trials: number, slack = 0, what = ""): void {
  const allowed = 4 * Math.sqrt((expected * (1 - expected)) / trials) + slack;
  assert.ok(
    Math.abs(found - expected) <= allowed,
    `${what} found ${found}, expected ${expected} ± ${allowed}`,
  );
}

const TRIALS = 20_000;

Deno.test("tInterval and predictionInterval cover at their level", () => {
  const draw = normals();
  for (const n of [2, 5, 20]) {
    const covers = share(TRIALS, () => {
      const r = tInterval(draw(3, 2, n), 0.95);
      return r.lower <= 3 && 3 <= r.upper;
    });
    assertShare(covers, 0.95, TRIALS, 0, `t interval, n ${n}`);
    const predicts = share(TRIALS, () => {
      const r = predictionInterval(draw(3, 2, n), 0.9);
      const [next] = draw(3, 2, 1);
      return r.lower <= next! && next! <= r.upper;
    });
    assertShare(predicts, 0.9, TRIALS, 0, `prediction interval, n ${n}`);
  }
});

Deno.test("wilson covers near its level for a probe's accuracy on a test set", () => {
  const source = new PhiloxStream([2024, 0x51_4e]);
  const n = 400;
  const covers = share(4000, () => {
    let k = 0;
    for (let i = 0; i < n; i++) if (source.uniform() < 0.9) k++;
    const r = wilson(k, n, 0.95);
    return r.lower <= 0.9 && 0.9 <= r.upper;
  });
  // The binomial is discrete: Wilson's coverage oscillates within about a percent around the level.
  assertShare(covers, 0.95, 4000, 0.01);
});

Deno.test("welch rejects a true null hypothesis at its level under unequal variances", () => {
  const draw = normals();
  const rejects = share(TRIALS, () => welch(draw(0, 1, 5), draw(0, 3, 8)).p <= 0.05);
  // Satterthwaite's degrees of freedom are an approximation; half a percent is its usual error at such sizes.
  assertShare(rejects, 0.05, TRIALS, 0.005);
});

Deno.test("tostPower and beyondPower predict how often the tests decide", () => {
  const draw = normals();
  for (const [sd, difference, n] of [[0.2, 0, 4], [0.3, 0.1, 5], [0.5, 0, 11], [0.5, 0.3, 30]] as const) {
    const found = share(TRIALS, () => tostOneSample(draw(difference, sd, n), 0, 0.5).equivalent);
    assertShare(found, tostPower({ sd, difference, n, margin: 0.5 }), TRIALS, 1e-3, `sd ${sd} n ${n}`);
  }
  for (const [difference, n] of [[0.9, 4], [0.7, 12]] as const) {
    const found = share(TRIALS, () => tostOneSample(draw(difference, 0.3, n), 0, 0.5).lower > 0.5);
    assertShare(
      found,
      beyondPower({ sd: 0.3, difference, n, margin: 0.5 }),
      TRIALS,
      1e-3,
      `difference ${difference}`,
    );
  }
});

Deno.test("tostPower against a published claim predicts Welch's form with the printed sd taken as given", () => {
  const draw = normals();
  for (const n of [3, 4, 8]) {
    const found = share(TRIALS, () => {
      const [claimed] = draw(0, 0.2 / Math.sqrt(5), 1);
      return tostTwoSample(draw(0, 0.2, n), { n: 5, mean: claimed!, sd: 0.2 }, 0.5).equivalent;
    });
    assertShare(
      found,
      tostPower({ sd: 0.2, margin: 0.5, n, claim: { n: 5, sd: 0.2 } }),
      TRIALS,
      2e-3,
      `n ${n}`,
    );
  }
});

Deno.test("judge says REPRODUCED on the margin's edge as often as alpha, and no more often against a claim with runs", () => {
  const draw = normals();
  for (const n of [3, 6]) {
    const false1 = share(
      5000,
      () => judge(valueCase({ value: 0 }, { values: draw(0.5, 0.1, n) })).verdict === "REPRODUCED",
    );
    assertShare(false1, 0.05, 5000, 0, `claim without runs, n ${n}`);
    const false2 = share(5000, () => {
      const runs = draw(0, 0.1, 5);
      return judge(valueCase({ value: mean(runs), n: 5, runs }, { values: draw(0.5, 0.1, n) })).verdict ===
        "REPRODUCED";
    });
    // Here alpha is an upper limit: the floor that the claim's own interval sets makes the test stricter than Welch's.
    assert.ok(false2 <= 0.05 + 4 * Math.sqrt(0.05 * 0.95 / 5000), `claim with runs, n ${n}: ${false2}`);
    assert.ok(false2 > 0.01, `claim with runs, n ${n}: ${false2} is too rare to be a test at 0.05`);
  }
});

Deno.test("gate raises a false alarm over sixteen rows in at most five runs of a hundred, and sees a real drop", () => {
  const draw = normals();
  const rows = (drop: number): GateRow[] =>
    Array.from({ length: 16 }, (_, i) => ({
      kind: "metric",
      id: `${i}`,
      history: draw(0, 1, 20),
      value: draw(i === 0 ? -drop : 0, 1, 1)[0]!,
      better: "higher",
    }));
  const alarms = share(4000, () => !gate(rows(0)).ok);
  // Independent rows make Holm nearly exact: 1 - (1 - 0.05 / 16)^16 = 0.0488.
  assertShare(alarms, 0.0488, 4000);
  const seen = share(500, () => gate(rows(8)).rows[0]!.status === "regressed");
  assert.ok(seen > 0.99, `a drop of eight standard deviations was seen in ${seen}`);
});

Deno.test("bootstrap intervals of a skewed sample's mean cover near their level, BCa at least as well", () => {
  const source = new PhiloxStream([2024, 0x51_4f]);
  const trials = 1500;
  const covered = { percentile: 0, bca: 0 };
  for (let i = 0; i < trials; i++) {
    const sample = Array.from({ length: 25 }, () => -Math.log(1 - source.uniform()));
    for (const method of ["percentile", "bca"] as const) {
      const r = bootstrap({
        strata: [sample],
        statistic: ([x]) => mean(x!),
        seed: i,
        method,
        resamples: 600,
        level: 0.9,
      });
      if (r.lower <= 1 && 1 <= r.upper) covered[method]++;
    }
  }
  // Known to fall short at n = 25 for an exponential: a few percent for percentile, less for BCa.
  assertShare(covered.percentile / trials, 0.9, trials, 0.045, "percentile");
  assertShare(covered.bca / trials, 0.9, trials, 0.03, "BCa");
  assert.ok(covered.bca >= covered.percentile, `${covered.bca} and ${covered.percentile} of ${trials}`);
});
