import assert from "node:assert/strict";
import { accuracyPlots } from "../../src/repro/accuracy_plots.ts";
import { renderSvg } from "../../src/report/plots.ts";
import { parseEvent } from "../../src/record/events.ts";

const hash = "a".repeat(64);
const knn = { probe: "knn", features: "encoder" };
const events = [
  {
    event: "run-start",
    method: "one",
    seed: 0,
    steps: 2,
    stepsPerEpoch: 1,
    batch: 8,
    program: hash,
    state: hash,
    data: {},
  },
  {
    event: "eval",
    step: 0,
    epoch: 0,
    protocol: { ...knn, features: "untrained encoder" },
    values: { top1: 10 },
  },
  { event: "eval", step: 0, epoch: 0, protocol: { ...knn, features: "raw pixels" }, values: { top1: 30 } },
  { event: "metrics", from: 0, to: 1, series: { loss: [4] } },
  { event: "eval", step: 1, epoch: 0, protocol: knn, values: { top1: 20 } },
  { event: "metrics", from: 1, to: 2, series: { loss: [2] } },
  { event: "eval", step: 2, epoch: 1, protocol: knn, values: { top1: 25 } },
].map((e, seq) => parseEvent({ spec: hash, seq, time: "2026-01-01T00:00:00.000Z", ...e }, "here"));

Deno.test("accuracyPlots shows estimates with intervals, kNN from the untrained encoder on, and relative losses", async () => {
  const arm = { name: "one", runs: [{ name: "one-seed0", spec: {}, events }] };
  const rows = [{ method: "one", accuracy: { knn: [25, 27] } }, {
    method: "raw pixels",
    accuracy: { knn: [30] },
  }];
  const [estimates, curves, losses] = accuracyPlots([arm], rows);
  const layers = estimates!.spec.layer as { data: { values: { name: string }[] } }[];
  assert.deepEqual(layers[0]!.data.values.map((v) => v.name), ["one"], "one value has no interval");
  assert.deepEqual(layers[1]!.data.values.map((v) => v.name), ["one", "raw pixels"]);
  const valuesOf = (plot: typeof curves) => (plot!.spec.data as { values: unknown }).values;
  assert.deepEqual(valuesOf(curves), [{ name: "one", x: 0, y: 10 }, { name: "one", x: 1, y: 20 }, {
    name: "one",
    x: 2,
    y: 25,
  }]);
  assert.deepEqual(valuesOf(losses), [{ name: "one", x: 1, y: 1 }, { name: "one", x: 2, y: 0.5 }]);
  for (const plot of [estimates!, curves!, losses!]) assert.match(await renderSvg(plot), /^<svg /);
});

Deno.test("accuracyPlots draws nothing where nothing ran", () => {
  assert.deepEqual(accuracyPlots([{ name: "one", runs: [] }], []), []);
});
