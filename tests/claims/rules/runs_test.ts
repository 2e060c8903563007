import assert from "node:assert/strict";
import {
  outsidePrediction,
  releasedBest,
  runMean,
  spreadKind,
  spreads,
} from "../../../src/claims/rules/runs.ts";
import { demoCorpus, editedCorpus, realCorpus } from "../real_corpus.ts";

const corpus = realCorpus();

const listed = (cell: string) =>
  demoCorpus(`tables:
  - id: t
    title: T
    reference: paper
    dataset: big
    metric: top1
    unit: percent
    columns: [{ id: c }]
    rows: [{ id: a, cells: [${cell}] }]
`);

Deno.test("runMean accepts the committed lists and finds an edited mean, run or count", () => {
  assert.deepEqual(runMean.check(corpus), []);
  assert.equal(runMean.check(editedCorpus("moco", "value: 67.5,", "value: 67.7,")).length, 1);
  assert.equal(runMean.check(editedCorpus("moco", "60.9, 61.1]", "60.9, 63.1]")).length, 1);
  assert.match(
    runMean.check(editedCorpus("moco", "    n: 5", "    n: 4"))[0]!.message,
    /another number of runs/,
  );
});

Deno.test("runMean allows for the rounding of the runs", () => {
  assert.deepEqual(runMean.check(listed("{ value: 90.07, n: 3, runs: [90.0, 90.1, 90.1] }")), []);
  assert.equal(runMean.check(listed("{ value: 90.20, n: 3, runs: [90.0, 90.1, 90.1] }")).length, 1);
});

Deno.test("spreads of the MoCo v2 runs are those computed by hand", () => {
  const s = spreads([67.7, 67.6, 67.4, 67.6, 67.3]);
  // Squared deviations from 67.52: .0324 .0064 .0144 .0064 .0484, sum .108.
  assert.ok(Math.abs(s["sample-sd"] - Math.sqrt(0.108 / 4)) < 1e-12);
  assert.ok(Math.abs(s["population-sd"] - Math.sqrt(0.108 / 5)) < 1e-12);
  assert.ok(Math.abs(s.range - 0.4) < 1e-9);
});

Deno.test("spreadKind finds MoCo v2's population deviation and accepts v1's spread", () => {
  const found = spreadKind.check(corpus);
  assert.deepEqual(found.map((f) => f.claims[0]!.id), ["moco:results/moco-v2/top1"]);
  assert.match(found[0]!.message, /spread 0\.1 is the population-sd, not the sample-sd/);
  assert.match(found[0]!.arithmetic.join("\n"), /sample-sd = 0\.164 -> prints as 0\.2/);
});

Deno.test("spreadKind falls silent when the printed spread is the sample deviation or is labelled", () => {
  const edit = (to: string) => editedCorpus("moco", "value: 67.5, spread: { value: 0.1, kind: sd }", to);
  assert.deepEqual(spreadKind.check(edit("value: 67.5, spread: { value: 0.2, kind: unstated }")), []);
  assert.deepEqual(spreadKind.check(edit("value: 67.5, spread: { value: 0.1, kind: population-sd }")), []);
  const wrong = spreadKind.check(edit("value: 67.5, spread: { value: 0.1, kind: sample-sd }"));
  assert.equal(wrong[0]!.severity, "error");
});

Deno.test("outsidePrediction finds VISSL's 66.4 outside MoCo v2's interval and mmselfsup's 67.5 inside", () => {
  const found = outsidePrediction.check(corpus);
  assert.deepEqual(found.map((f) => f.claims[0]!.id), ["vissl:others/moco-v2/top1"]);
  // 67.52 +- 2.776 x 0.1643 x sqrt(1.2) = 67.52 +- 0.50
  assert.match(found[0]!.arithmetic[1]!, /\[67\.02, 68\.02\]/);
  assert.deepEqual(outsidePrediction.check(editedCorpus("vissl", "cells: [66.4]", "cells: [67.1]")), []);
});

Deno.test("releasedBest notes that MoCo v2's released model is its best run, and not when it is another", () => {
  assert.deepEqual(releasedBest.check(corpus).map((f) => f.claims[0]!.id), ["moco:models/moco-v2-200/top1"]);
  assert.deepEqual(releasedBest.check(editedCorpus("moco", "cells: [67.7]", "cells: [67.6]")), []);
});
