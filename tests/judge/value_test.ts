import assert from "node:assert/strict";
import { judge } from "../../src/judge/value.ts";
import { assertClose } from "../stats/close.ts";
import { MOCO_V2, valueCase } from "./cases.ts";

Deno.test("judge finds MoCo v2 reproduced by mmselfsup's run and not by VISSL's", () => {
  const claim = { value: 67.5, halfStep: 0.05, n: 5, runs: MOCO_V2 };
  const inside = judge(valueCase(claim, { values: [67.5] }));
  assert.equal(inside.verdict, "REPRODUCED");
  const outside = judge(valueCase(claim, { values: [66.4] }));
  assert.equal(outside.verdict, "BELOW");
  // 67.52 - 66.4 = 1.12; t(0.95, 4) = 2.1318 times 0.16432 sqrt(1.2) = 0.3837; 1.12 - 0.05 - 0.3837 = 0.6863
  assert.equal(
    outside.inequality,
    "|66.40 - 67.52| - rounding 0.05 - t·se 0.38 = 0.69 > margin 0.50 (one-sided, level 0.05)",
  );
  assert.ok(outside.notes.some((n) => n.includes("One run, judged with the claim's spread")));
});

Deno.test("judge reproduces a claim without spread by two one-sided tests around its rounding interval", () => {
  const r = judge(
    valueCase({ value: 90.74, halfStep: 0.005, n: 1 }, { values: [90.5, 90.9, 90.8, 90.6, 90.7] }),
  );
  assert.equal(r.verdict, "REPRODUCED");
  // mean 90.70, sd 0.15811, t(0.95, 4) se = 2.1318 * 0.070711 = 0.1507; 0.04 + 0.005 + 0.1507 = 0.1957
  assert.equal(
    r.inequality,
    "|90.70 - 90.74| + rounding 0.01 + t·se 0.15 = 0.20 <= margin 0.50 (one-sided, level 0.05)",
  );
  assert.ok(r.p!.holds < 0.05);
  assert.equal(r.seedsNeeded, null);
  assert.ok(r.notes.some((n) => n.includes("single run")));
  assert.ok(r.notes.some((n) => n.includes("fixed before the run")));
});

Deno.test("judge lets the claim's rounding count against both decisions", () => {
  // sd 0.1, so t(0.95, 2) se = 0.1686: 0.3 + 0.1686 stays inside 0.5 and 0.7 - 0.1686 beyond it, until 0.05 is added.
  const near = [67.7, 67.8, 67.9];
  const far = [68.1, 68.2, 68.3];
  const verdict = (values: number[], halfStep: number) => judge(valueCase({ halfStep }, { values })).verdict;
  assert.deepEqual([verdict(near, 0), verdict(near, 0.05)], ["REPRODUCED", "INCONCLUSIVE"]);
  assert.deepEqual([verdict(far, 0), verdict(far, 0.05)], ["EXCEEDS", "INCONCLUSIVE"]);
});

Deno.test("judge prints both variances and says when the margin is finer than the test set", () => {
  const r = judge(valueCase({ value: 90.74 }, { values: [90.5, 90.9, 91], testSetSize: 10_000 }));
  assert.equal(r.variances.seeds.n, 3);
  assertClose(r.variances.seeds.sd!, 0.264575131, 1e-8);
  assertClose(r.variances.seeds.se!, 0.264575131 / Math.sqrt(3), 1e-8);
  assert.equal(r.variances.testSet!.se.toFixed(2), "0.29");
  assert.ok(r.notes.some((n) => n.includes("±0.57")));
});

Deno.test("judge says EXCEEDS and BELOW when the whole interval lies beyond the margin", () => {
  assert.equal(judge(valueCase({}, { values: [69, 69.1, 69.2] })).verdict, "EXCEEDS");
  assert.equal(judge(valueCase({}, { values: [65.9, 66, 66.1] })).verdict, "BELOW");
});

Deno.test("judge is inconclusive with the number of seeds that would decide, in either direction", () => {
  const near = judge(valueCase({}, { values: [67, 67.5, 68] }));
  assert.equal(near.verdict, "INCONCLUSIVE");
  assert.equal(near.seedsNeeded, 11); // the planning table's sd 0.5, margin 0.5
  assert.ok(near.notes.some((n) => n.includes("About 11 seeds in all")));
  assert.match(near.inequality, /> margin 0\.50, but .*<= margin 0\.50 \(one-sided, level 0\.05\)$/);
  const far = judge(valueCase({}, { values: [68, 69, 70] }));
  assert.equal(far.verdict, "INCONCLUSIVE");
  assert.ok(far.seedsNeeded! > 3);
});

Deno.test("judge promises no number of seeds on the margin's edge or against a claim that is too imprecise", () => {
  assert.equal(judge(valueCase({ halfStep: 0.05 }, { values: [67.8, 67.97, 68.2] })).seedsNeeded, null);
  const vague = judge(valueCase({ n: 3, runs: [66, 67.5, 69] }, { values: [67.4, 67.5, 67.6] }));
  assert.equal(vague.verdict, "INCONCLUSIVE");
  assert.equal(vague.seedsNeeded, null);
});

Deno.test("judge needs two seeds where nobody states a spread", () => {
  const r = judge(valueCase({}, { values: [67.5] }));
  assert.equal(r.verdict, "INCONCLUSIVE");
  assert.ok(r.notes.some((n) => n.includes("run at least 2 seeds")));
});

Deno.test("judge does not take equal seeds for certainty", () => {
  const unknown = judge(valueCase({}, { values: [67.5, 67.5, 67.5] }));
  assert.equal(unknown.verdict, "INCONCLUSIVE");
  // 100 items: a step of 1 point, so at least 1 / sqrt 12 of spread; t(0.95, 2) 0.2887 / sqrt 3 = 0.487
  const coarse = judge(valueCase({ value: 67 }, { values: [67, 67, 67], testSetSize: 100 }, 0.45));
  assert.equal(coarse.verdict, "INCONCLUSIVE");
  assert.equal(
    judge(valueCase({ value: 67 }, { values: [67, 67, 67], testSetSize: 100 })).verdict,
    "REPRODUCED",
  );
  assert.ok(coarse.notes.some((n) => n.includes("check that the seed reaches the run")));
});

Deno.test("judge never compares across protocol, dataset, unit or scale, and names the fields", () => {
  const r = judge(valueCase({}, {
    values: [67.5, 67.6, 67.4],
    dataset: "imagenet-100",
    protocol: { encoder: "resnet50", epochs: 100, batch: 256 },
  }));
  assert.equal(r.verdict, "NOT-COMPARABLE");
  assert.deepEqual(r.differs, ["dataset", "protocol.epochs", "protocol.probe"]);
  assert.ok(r.notes.some((n) => n.includes("the claim has 200, the run 100")));
  assert.ok(r.notes.some((n) => n.includes("does not state") && n.includes("batch = 256")));
  assert.equal(r.direction, null);
});

Deno.test("judge of a reduced-scale value stays NOT-COMPARABLE: a value alone states no direction", () => {
  const r = judge(valueCase({}, { values: [67.5, 67.6, 67.4], scale: "mini" }));
  assert.equal(r.verdict, "NOT-COMPARABLE");
  assert.equal(r.direction, null);
  assert.deepEqual(r.differs, ["scale"]);
});

Deno.test("judge puts tampering first, then a missing run", () => {
  const tampered = judge({ ...valueCase({}, null), tampered: ["events.jsonl line 3"] });
  assert.equal(tampered.verdict, "TAMPERED");
  assert.match(tampered.notes[0]!, /events.jsonl line 3/);
  assert.equal(judge(valueCase({}, null)).verdict, "NOT-RUN");
  assert.equal(judge(valueCase({}, { values: [] })).verdict, "NOT-RUN");
});

Deno.test("judge does not drop a run that gave no number", () => {
  const r = judge(valueCase({}, { values: [67.5, NaN, 67.6] }));
  assert.equal(r.verdict, "INCONCLUSIVE");
  assert.match(r.notes[0]!, /Run 2 of 3 gave NaN/);
});

Deno.test("judge reads a spread of unstated kind as the larger reading and its upper rounding end", () => {
  const spread = { value: 0.1, kind: "unstated", halfStep: 0.05 } as const;
  const r = judge(valueCase({ n: 5, spread }, { values: [67.5] }));
  // population sd 0.15 over 5 runs is a sample sd of 0.1677; times t(0.95, 4) sqrt(1.2) = 0.3916
  assert.match(r.inequality, /t·se 0\.39 /);
  assert.ok(r.notes.some((n) => n.includes("0.1677")));
  const range = judge(valueCase({ n: 5, spread: { ...spread, kind: "range" } }, { values: [67.5] }));
  assert.equal(range.verdict, "INCONCLUSIVE");
});

Deno.test("judge reads a standard deviation without saying which as the larger reading", () => {
  const spread = { value: 0.1, kind: "sd", halfStep: 0.05 } as const;
  const unstated = { ...spread, kind: "unstated" } as const;
  const [sd, other] = [spread, unstated].map((s) =>
    judge(valueCase({ n: 5, spread: s }, { values: [67.5] }))
  );
  assert.match(sd!.inequality, /t·se 0\.39 /);
  assert.equal(sd!.inequality, other!.inequality);
});

Deno.test("judge of a bound is contradicted by the other side alone", () => {
  const verdict = (bound: "at-least" | "at-most", values: number[]) =>
    judge(valueCase({ bound }, { values })).verdict;
  assert.equal(verdict("at-least", [69, 69.1, 69.2]), "REPRODUCED");
  assert.equal(verdict("at-least", [65.9, 66, 66.1]), "BELOW");
  assert.equal(verdict("at-most", [65.9, 66, 66.1]), "REPRODUCED");
  assert.equal(verdict("at-most", [69, 69.1, 69.2]), "EXCEEDS");
  assert.equal(verdict("at-least", [67, 67.5, 66.5]), "INCONCLUSIVE");
  const { inequality } = judge(valueCase({ bound: "at-least" }, { values: [69, 69.1, 69.2] }));
  assert.match(inequality, /^67\.50 - 69\.10 \+ t·se 0\.17 = -1\.43 <= margin 0\.50/);
});
