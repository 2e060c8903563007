import assert from "node:assert/strict";
import { loadCorpus } from "../../src/claims/corpus.ts";
import { parseEvent } from "../../src/record/events.ts";
import type { RecordedRun } from "../../src/record/recorded.ts";
import {
  accuracyOf,
  lossCurve,
  pixelRow,
  publishedResults,
  secondsOf,
  untrainedOf,
} from "../../src/repro/tell.ts";

const hash = "a".repeat(64);
const knn = (features: string) => ({ probe: "knn", features, k: 20, T: 0.1 });
const data = { name: "cifar10-jpeg", split: "test", images: 2000, pixels: hash, list: hash };

/** Two epochs of two steps. */
const run: RecordedRun = {
  name: "simclr-seed0",
  spec: { method: "simclr" },
  events: [
    {
      event: "run-start",
      method: "simclr",
      seed: 0,
      steps: 4,
      stepsPerEpoch: 2,
      batch: 8,
      program: hash,
      state: hash,
      data: { test: data },
    },
    { event: "eval", step: 0, epoch: 0, protocol: knn("untrained encoder"), values: { top1: 11 } },
    { event: "eval", step: 0, epoch: 0, protocol: knn("raw pixels"), values: { top1: 30 } },
    { event: "metrics", from: 0, to: 3, series: { loss: [4, 6, 1] } },
    { event: "epoch-stop", epoch: 0, step: 2, seconds: 1.5 },
    { event: "eval", step: 2, epoch: 0, protocol: knn("encoder"), values: { top1: 20 } },
    { event: "metrics", from: 3, to: 4, series: { loss: [3] } },
    { event: "epoch-stop", epoch: 1, step: 4, seconds: 2 },
    { event: "eval", step: 4, epoch: 1, protocol: knn("encoder"), values: { top1: 25 } },
    {
      event: "eval",
      step: 4,
      epoch: 1,
      protocol: { probe: "linear", features: "encoder" },
      values: { top1: 35 },
    },
  ].map((e, seq) => parseEvent({ spec: hash, seq, time: "2026-01-01T00:00:00.000Z", ...e }, "here")),
};

Deno.test("accuracyOf takes the last evaluation of the trained encoder, untrainedOf and pixelRow those before the first step", () => {
  assert.equal(accuracyOf(run, "knn"), 25);
  assert.equal(accuracyOf(run, "linear"), 35);
  assert.equal(untrainedOf(run), 11);
  assert.deepEqual(pixelRow(run), { method: "raw pixels", accuracy: { knn: [30] } });
  assert.deepEqual(pixelRow(undefined), { method: "raw pixels", values: { state: "NOT-RUN" } });
  const unfinished = { ...run, events: run.events.slice(0, 3) };
  assert.equal(accuracyOf(unfinished, "knn"), undefined);
});

Deno.test("lossCurve averages the steps of each epoch, across the events that report them", () => {
  assert.deepEqual(lossCurve(run), [{ x: 1, y: 5 }, { x: 2, y: 2 }]);
});

Deno.test("secondsOf adds the epochs of a run and averages over runs", () => {
  assert.equal(secondsOf([run, run]), 3.5);
});

Deno.test("publishedResults sets published figures beside a small run without comparing them", async () => {
  const corpus = await loadCorpus(new URL("../../claims/", import.meta.url));
  const settings = { scale: "mini", dataset: "cifar10-jpeg", methods: ["simclr"], seeds: [0] } as const;
  const results = publishedResults(corpus, settings, [{ method: "simclr", runs: [run] }]);
  assert.ok(results.some((r) => r.id === "solo-learn:cifar/simclr/c10"));
  assert.deepEqual([...new Set(results.map((r) => r.verdict))], ["NOT-COMPARABLE"]);
});
