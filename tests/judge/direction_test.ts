import assert from "node:assert/strict";
import { judgeDirection } from "../../src/judge/direction.ts";
import { pairedT } from "../../src/stats/paired_t.ts";
import { welch } from "../../src/stats/welch.ts";
import { assertClose } from "../stats/close.ts";
import { directionCase } from "./cases.ts";

const ABOVE = { kind: "above", by: 0 } as const;
const A = [60.5, 62.4, 58.6, 61.5];
const B = [60, 62, 58.1, 61.1];

Deno.test("judgeDirection pairs shared seeds and so sees what Welch's test on the same numbers cannot", () => {
  const paired = judgeDirection(directionCase(ABOVE, A, B));
  assert.equal(paired.verdict, "REPRODUCED");
  assertClose(paired.p!.holds, pairedT(A, B).pGreater, 1e-12);
  assert.match(
    paired.inequality,
    /^A - B: 0\.45\d* - t·se 0\.06\d* = 0\.3\d+ > 0 \(one-sided, level 0\.05\)$/,
  );
  const separate = judgeDirection(directionCase(ABOVE, A, B, { sharedSeeds: false }));
  assert.equal(separate.verdict, "INCONCLUSIVE");
  assertClose(separate.p!.holds, welch(A, B).pGreater, 1e-12);
  assert.ok(separate.seedsNeeded! > 4);
});

Deno.test("judgeDirection pairs by seed, not by position", () => {
  const c = directionCase(ABOVE, A, B);
  const { b } = c.measured!;
  const shuffled = { ...b, seeds: [3, 1, 0, 2], values: [3, 1, 0, 2].map((i) => b.values[i]!) };
  const r = judgeDirection({ ...c, measured: { ...c.measured!, b: shuffled } });
  assert.deepEqual(r, judgeDirection(c));
});

Deno.test("judgeDirection contradicts a claim that goes the other way, as BELOW", () => {
  const r = judgeDirection(directionCase({ kind: "below", by: 0 }, A, B));
  assert.equal(r.verdict, "BELOW");
  assert.match(r.inequality, /^B - A: .* < 0 \(one-sided, level 0\.05\)$/);
});

Deno.test("judgeDirection tests the stated amount, not only the sign", () => {
  assert.equal(judgeDirection(directionCase({ kind: "above", by: 0.3 }, A, B)).verdict, "REPRODUCED");
  assert.equal(judgeDirection(directionCase({ kind: "above", by: 1 }, A, B)).verdict, "BELOW");
});

Deno.test("judgeDirection judges a ratio of at most r without dividing", () => {
  const small = [1, 1.1, 0.9];
  const large = [10, 10.2, 9.9];
  assert.equal(
    judgeDirection(directionCase({ kind: "ratio-at-most", ratio: 0.2 }, small, large)).verdict,
    "REPRODUCED",
  );
  assert.equal(
    judgeDirection(directionCase({ kind: "ratio-at-most", ratio: 0.05 }, small, large)).verdict,
    "EXCEEDS",
  );
  const negative = judgeDirection(directionCase({ kind: "ratio-at-most", ratio: 1 }, small, [-1, 2, 3]));
  assert.equal(negative.verdict, "NOT-COMPARABLE");
});

Deno.test("judgeDirection at a reduced scale gives the direction and never REPRODUCED", () => {
  const run = { scale: "smoke", dataset: "shapes-10", protocol: { encoder: "resnet18" } } as const;
  const direction = (a: number[], b: number[], by = 0) => {
    const r = judgeDirection(directionCase({ kind: "above", by }, a, b, { run }));
    assert.equal(r.verdict, "NOT-COMPARABLE");
    assert.ok(r.p !== null, "a direction is tested, so that a table can correct it");
    assert.ok(r.differs.includes("scale") && r.differs.includes("dataset"));
    return r.direction;
  };
  assert.equal(direction(A, B), "supports");
  assert.equal(direction(A, B, 5), "supports"); // the amount belongs to the full scale
  assert.equal(direction(B, A), "contradicts");
  assert.equal(direction([1, 2, 3], [3, 1, 2.5]), "undecided");
});

Deno.test("judgeDirection at a reduced scale keeps a margin, by which an arm may be worse", () => {
  const run = { scale: "smoke", dataset: "shapes-10", protocol: { encoder: "resnet18" } } as const;
  const judge = (kind: "above" | "below", by: number) =>
    judgeDirection(directionCase({ kind, by }, kind === "above" ? B : A, kind === "above" ? A : B, { run }));
  for (const kind of ["above", "below"] as const) {
    // The worse arm is 0.45 worse on average: within one point, not within 0.2.
    assert.equal(judge(kind, -1).direction, "supports");
    assert.equal(judge(kind, -0.2).direction, "contradicts");
    assert.equal(judge(kind, 0).direction, "contradicts");
  }
  assert.match(judge("above", -1).inequality, /^A - B \+ 1: .* > 0/);
});

Deno.test("judgeDirection at the same scale with another protocol gives no direction", () => {
  const r = judgeDirection(directionCase(ABOVE, A, B, { run: { protocol: { encoder: "resnet18" } } }));
  assert.equal(r.verdict, "NOT-COMPARABLE");
  assert.equal(r.direction, null);
});

Deno.test("judgeDirection prints the sampling error of the difference beside the seeds'", () => {
  const c = directionCase(ABOVE, A, B);
  const r = judgeDirection({ ...c, measured: { ...c.measured!, testSetSize: 10_000 } });
  // two proportions near 0.605 on 10,000 items: 0.489 each, times sqrt 2
  assertClose(r.variances.testSet!.se, 0.691, 0, 0.002);
});

Deno.test("judgeDirection decides nothing from one seed, constant differences, a failed run or a seed used twice", () => {
  assert.equal(judgeDirection(directionCase(ABOVE, [2], [1])).verdict, "INCONCLUSIVE");
  assert.equal(judgeDirection(directionCase(ABOVE, [2, 3], [1, 2])).verdict, "INCONCLUSIVE");
  assert.equal(judgeDirection(directionCase(ABOVE, [2, NaN], [1, 2])).verdict, "NOT-COMPARABLE");
  assert.equal(judgeDirection(directionCase(ABOVE, [], [1, 2])).verdict, "NOT-RUN");
  assert.equal(judgeDirection({ ...directionCase(ABOVE, A, B), tampered: ["x"] }).verdict, "TAMPERED");
  const c = directionCase(ABOVE, A, B);
  const twice = judgeDirection({
    ...c,
    measured: { ...c.measured!, a: { ...c.measured!.a, seeds: [0, 1, 1, 2] } },
  });
  assert.equal(twice.verdict, "NOT-COMPARABLE");
  assert.match(twice.notes.join(" "), /a seed counts once/);
});

Deno.test("judgeDirection gives pairs that agree to the item the spread of one item, and notes it", () => {
  const agreeing = (gain: number) => {
    const c = directionCase(ABOVE, [40 + gain, 42 + gain, 41 + gain], [40, 42, 41]);
    return judgeDirection({ ...c, measured: { ...c.measured!, testSetSize: 2000 } });
  };
  // One of 2000 items is 0.05 points: se = 0.05 sqrt(2 / 12 / 3) = 0.0118, t(0.95, 2) = 2.92, so 0.034 points wide.
  assert.equal(agreeing(1).verdict, "REPRODUCED");
  assert.ok(agreeing(1).notes.some((n) => n.startsWith("All 3 pairs gave the same difference")));
  assert.equal(agreeing(0.03125).verdict, "INCONCLUSIVE");
  const small = agreeing(0.046875);
  assert.equal(small.verdict, "REPRODUCED");
  assert.ok(small.notes.includes("The difference is smaller than one of 2000 test items."));
});

Deno.test("judgeDirection never gives a number that is none, however large the values", () => {
  const r = judgeDirection(directionCase(ABOVE, [1e300, 2e300], [1, 2]));
  assert.equal(r.verdict, "NOT-COMPARABLE");
  assert.doesNotMatch(JSON.stringify(r), /NaN|null,"fails":null/);
});
