import assert from "node:assert/strict";
import { type ExactCase, judgeExact } from "../../src/judge/exact.ts";
import type { Conditions } from "../../src/judge/judgement.ts";

const SETTING: Conditions = { unit: "bytes", dataset: "imagenet-1k", scale: "paper", protocol: {} };

function exact(
  relation: ExactCase["claim"]["relation"],
  value: number,
  numerator: number,
  options: { denominator?: number; halfStep?: number; run?: Partial<Conditions> } = {},
): ExactCase {
  const { denominator, halfStep, run } = options;
  return {
    claim: { ...SETTING, relation, value, ...(halfStep === undefined ? {} : { halfStep }) },
    measured: { ...SETTING, ...run, numerator, ...(denominator === undefined ? {} : { denominator }) },
  };
}

Deno.test("judgeExact compares bytes without any tolerance and prints the inequality", () => {
  const equal = judgeExact(exact("at-most", 1000, 1000));
  assert.equal(equal.verdict, "REPRODUCED");
  assert.equal(equal.inequality, "1000 bytes <= 1000");
  const above = judgeExact(exact("at-most", 1000, 1001));
  assert.equal(above.verdict, "EXCEEDS");
  assert.equal(above.inequality, "1001 bytes > 1000");
  assert.equal(judgeExact(exact("at-least", 1000, 999)).verdict, "BELOW");
  assert.equal(above.p, null);
});

Deno.test("judgeExact compares a ratio in integers, where a product of doubles is off", () => {
  assert.ok(57 > 0.57 * 100, "in doubles 57 exceeds 0.57 of 100");
  assert.equal(judgeExact(exact("at-most", 0.57, 57, { denominator: 100 })).verdict, "REPRODUCED");
  const denominator = 9_000_000_000_000_000;
  const numerator = 2_700_000_000_000_000;
  assert.equal(judgeExact(exact("at-most", 0.3, numerator, { denominator })).verdict, "REPRODUCED");
  assert.equal(judgeExact(exact("at-most", 0.3, numerator + 1, { denominator })).verdict, "EXCEEDS");
  assert.equal(judgeExact(exact("at-least", 0.3, numerator - 1, { denominator })).verdict, "BELOW");
});

Deno.test("judgeExact allows an equality exactly the rounding of the printed value, both ends included", () => {
  const of = (numerator: number) =>
    judgeExact(exact("equal", 0.13, numerator, { denominator: 1000, halfStep: 0.005 })).verdict;
  assert.deepEqual([124, 125, 130, 135, 136].map(of), [
    "BELOW",
    "REPRODUCED",
    "REPRODUCED",
    "REPRODUCED",
    "EXCEEDS",
  ]);
});

Deno.test("judgeExact reads very large and very small decimals", () => {
  assert.equal(judgeExact(exact("at-most", 1e21, 5)).verdict, "REPRODUCED");
  assert.equal(judgeExact(exact("at-most", 1e-7, 1, { denominator: 10_000_001 })).verdict, "REPRODUCED");
  assert.equal(judgeExact(exact("at-most", 1e-7, 1, { denominator: 9_999_999 })).verdict, "EXCEEDS");
  assert.equal(judgeExact(exact("at-least", -0.5, -1)).verdict, "BELOW");
});

Deno.test("judgeExact at a reduced scale gives a direction for a bound on a ratio alone", () => {
  const run = { scale: "smoke" } as const;
  const direction = (c: ExactCase) => {
    const r = judgeExact(c);
    assert.equal(r.verdict, "NOT-COMPARABLE");
    return r.direction;
  };
  assert.equal(direction(exact("at-most", 0.1, 50, { denominator: 100, run })), "supports");
  assert.equal(direction(exact("at-most", 0.1, 150, { denominator: 100, run })), "contradicts");
  assert.equal(direction(exact("at-least", 2, 150, { denominator: 100, run })), "supports");
  assert.equal(direction(exact("at-most", 1000, 50, { run })), "undecided");
  assert.equal(direction(exact("at-most", 0.1, 5, { denominator: 100, run: { dataset: "other" } })), null);
});

Deno.test("judgeExact answers unusable counts, missing runs and tampering without throwing", () => {
  assert.equal(judgeExact(exact("at-most", 1, 0.5)).verdict, "NOT-COMPARABLE");
  assert.equal(judgeExact(exact("at-most", 1, 5, { denominator: 0 })).verdict, "NOT-COMPARABLE");
  assert.equal(judgeExact(exact("at-most", NaN, 5)).verdict, "NOT-COMPARABLE");
  assert.equal(judgeExact({ ...exact("at-most", 1, 1), measured: null }).verdict, "NOT-RUN");
  assert.equal(judgeExact({ ...exact("at-most", 1, 1), tampered: ["plan.json"] }).verdict, "TAMPERED");
});
