import assert from "node:assert/strict";
import { withoutTest } from "../../src/judge/judgement.ts";
import { asCheck, asClaim, claimResultSchema, countsOf, tally } from "../../src/judge/outcome.ts";

const about = { id: "x:y", statement: "It is so.", source: { paper: "X" }, paraphrase: false };
const tested = {
  ...withoutTest("REPRODUCED", { inequality: "1 > 0", p: { holds: 0.01, fails: 0.99 }, notes: ["why"] }),
  level: 0.05,
  adjusted: { holds: 0.03, fails: 1 },
};

Deno.test("asClaim gives level, sides and both p-values of the decision that it reports", () => {
  const claim = asClaim(tested, about);
  assert.deepEqual(claimResultSchema.parse(claim), claim);
  assert.deepEqual([claim.level, claim.sides, claim.p, claim.pCorrected], [0.05, 1, 0.01, 0.03]);
  const failed = asClaim({ ...tested, verdict: "BELOW", side: "fails" }, about);
  assert.deepEqual([failed.p, failed.pCorrected], [0.99, 1]);
});

Deno.test("asClaim of an exact comparison has no level and no p-value", () => {
  const claim = asClaim(withoutTest("REPRODUCED", { inequality: "1 = 1" }), about);
  assert.deepEqual(Object.keys(claim).sort(), [
    ...["differs", "id", "inequality", "paraphrase", "source", "statement", "verdict"],
  ]);
});

Deno.test("asCheck answers in own words, never in those of verdicts", () => {
  const outcomes = (["REPRODUCED", "EXCEEDS", "BELOW", "INCONCLUSIVE", "NOT-RUN", "TAMPERED"] as const)
    .map((verdict) => asCheck(withoutTest(verdict, {}), { id: "own", question: "Is it?" }).outcome);
  assert.deepEqual(outcomes, ["holds", "fails", "fails", "undecided", "not-run", "fails"]);
});

Deno.test("countsOf never mixes published claims with own checks", () => {
  const claims = [
    asClaim(tested, about),
    asClaim(withoutTest("NOT-COMPARABLE", { direction: "supports" }), about),
  ];
  const check = asCheck(tested, { id: "own", question: "Is it?" });
  assert.deepEqual(countsOf(claims, [check, check]), [
    "2 published claims were judged: 1 REPRODUCED, 1 NOT-COMPARABLE.",
    "This reduced scale can say something about the direction of 1 of them: 1 supported.",
    "2 own checks: 2 hold.",
  ]);
  assert.deepEqual(countsOf([], []), []);
});

Deno.test("tally keeps the order of the vocabulary", () => {
  assert.equal(tally(["a", "b", "c"], ["c", "a", "c"]), "1 a, 2 c");
  assert.equal(tally(["a", "c"], ["c", "a", "c"], (word, n) => word.repeat(n)), "1 a, 2 cc");
});
