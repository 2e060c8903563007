import assert from "node:assert/strict";
import fc from "fast-check";
import { judge, type ValueCase } from "../../src/judge/value.ts";
import { valueCase } from "./cases.ts";

// Values on a grid of hundredths around the claim, with spreads and margins that reach every verdict.
const offset = fc.integer({ min: -150, max: 150 }).map((v) => v / 100);
const values = fc.tuple(offset, fc.array(offset.map((v) => v / 4), { minLength: 2, maxLength: 6 })).map(
  ([shift, around]) => around.map((v) => 67.5 + shift + v),
);
const runs: fc.Arbitrary<number[]> = fc.oneof(
  fc.constant<number[]>([]),
  fc.array(offset.map((v) => 67.5 + v / 4), { minLength: 2, maxLength: 6 }),
);
const margin = fc.integer({ min: 5, max: 150 }).map((v) => v / 100);
const halfStep = fc.constantFrom(0, 0.005, 0.05);
const cases = fc.record({ values, runs, margin, halfStep });

function build(c: { values: number[]; runs: number[]; margin: number; halfStep: number }): ValueCase {
  return valueCase(
    { halfStep: c.halfStep, n: c.runs.length || null, runs: c.runs },
    { values: c.values },
    c.margin,
  );
}

/** True when the deciding sides are so near the margin that rounding of the inputs may decide. */
function onEdge(c: ValueCase): boolean {
  const nudge = (f: number) => judge({ ...c, margin: { ...c.margin, value: c.margin.value * f } }).verdict;
  return nudge(1 + 1e-7) !== nudge(1 - 1e-7);
}

Deno.test("judge does not depend on the order of seeds", () => {
  fc.assert(fc.property(cases, fc.nat(), (c, turn) => {
    const k = turn % c.values.length;
    const turned = [...c.values.slice(k), ...c.values.slice(0, k)].reverse();
    assert.deepEqual(judge(build({ ...c, values: turned })), judge(build(c)));
  }));
});

Deno.test("judge gives one verdict for shifted values and claim, and for another unit", () => {
  fc.assert(
    fc.property(
      cases,
      fc.integer({ min: -40, max: 30 }),
      fc.constantFrom(0.01, 2, 1024),
      (c, shift, scale) => {
        const original = build(c);
        fc.pre(!onEdge(original));
        const map = (v: number) => (v + shift) * scale;
        const moved: ValueCase = {
          claim: {
            ...original.claim,
            value: map(original.claim.value),
            halfStep: c.halfStep * scale,
            runs: c.runs.map(map),
          },
          measured: { ...original.measured!, values: c.values.map(map) },
          margin: { value: c.margin * scale, source: "same" },
        };
        assert.equal(judge(moved).verdict, judge(original).verdict);
      },
    ),
  );
});

Deno.test("judge gives one verdict for percent and for fraction, test-set resolution included", () => {
  fc.assert(fc.property(cases, (c) => {
    const percent = build(c);
    fc.pre(!onEdge(percent));
    const asPercent = { ...percent, measured: { ...percent.measured!, testSetSize: 500 } };
    fc.pre(!onEdge(asPercent));
    const asFraction: ValueCase = {
      claim: {
        ...percent.claim,
        unit: "fraction",
        value: percent.claim.value / 100,
        halfStep: c.halfStep / 100,
        runs: c.runs.map((v) => v / 100),
      },
      measured: { ...asPercent.measured, unit: "fraction", values: c.values.map((v) => v / 100) },
      margin: { value: c.margin / 100, source: "same" },
    };
    assert.equal(judge(asFraction).verdict, judge(asPercent).verdict);
  }));
});

Deno.test("judge never turns a decision into INCONCLUSIVE when seeds are added at the same mean and spread", () => {
  let decided = 0;
  fc.assert(
    fc.property(
      fc.record({
        shift: offset,
        sd: fc.integer({ min: 1, max: 60 }).map((v) => v / 100),
        runs,
        margin,
        halfStep,
      }),
      fc.integer({ min: 2, max: 12 }),
      fc.integer({ min: 1, max: 60 }),
      ({ shift, sd, ...c }, n, more) => {
        const before = judge(build({ ...c, values: withMoments(67.5 + shift, sd, n) }));
        const after = judge(build({ ...c, values: withMoments(67.5 + shift, sd, n + more) }));
        if (before.verdict === "INCONCLUSIVE") return;
        decided++;
        assert.equal(after.verdict, before.verdict);
      },
    ),
    { numRuns: 400 },
  );
  assert.ok(decided > 40, `only ${decided} generated cases were decided`);
});

/** n values with exactly this mean and sample standard deviation (up to rounding): one high, one low, the rest between. */
function withMoments(mean: number, sd: number, n: number): number[] {
  const half = sd * Math.sqrt((n - 1) / 2);
  return [mean - half, mean + half, ...new Array<number>(n - 2).fill(mean)];
}

Deno.test("judge says REPRODUCED only when the t interval of the difference lies inside the margin", () => {
  let reproduced = 0;
  fc.assert(
    fc.property(cases, (c) => {
      if (judge(build(c)).verdict !== "REPRODUCED") return;
      reproduced++;
      // An interval computed here from scratch, by the textbook formulas with a t quantile from a table: 1.645 is the
      // smallest any sample size could use, so leaving it contradicts REPRODUCED whatever the degrees of freedom.
      const moments = (v: readonly number[]) => {
        const m = v.reduce((s, x) => s + x, 0) / v.length;
        return { m, variance: v.reduce((s, x) => s + (x - m) ** 2, 0) / (v.length - 1) / v.length };
      };
      const own = moments(c.values);
      const claim = c.runs.length >= 2 ? moments(c.runs) : { m: 67.5, variance: 0 };
      const reach = 1.6448 * Math.sqrt(own.variance + claim.variance) + c.halfStep;
      assert.ok(own.m - claim.m + reach <= c.margin + 1e-9);
      assert.ok(own.m - claim.m - reach >= -c.margin - 1e-9);
    }),
    { numRuns: 500 },
  );
  assert.ok(reproduced > 20, `only ${reproduced} generated cases were reproduced`);
});

Deno.test("judge prints an inequality whose printed numbers obey it", () => {
  fc.assert(fc.property(cases, (c) => {
    const { inequality } = judge(build(c));
    for (const [, left, sign, right] of inequality.matchAll(/= (-?[\d.]+) (<=|>) margin ([\d.]+)/g)) {
      assert.equal(Number(left) <= Number(right), sign === "<=", inequality);
    }
  }));
});
