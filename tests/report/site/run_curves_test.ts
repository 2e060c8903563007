import assert from "node:assert/strict";
import type { Event } from "../../../src/record/events.ts";
import { averaged, runCurves } from "../../../src/report/site/run_curves.ts";
import { sampleCollection } from "./sample.ts";

const common = { spec: "0".repeat(64), seq: 0, time: "2030-01-01T00:00:00.000Z" };
const metrics = (from: number, loss: number[]): Event => ({
  ...common,
  event: "metrics",
  from,
  to: from + loss.length,
  series: { loss },
});

interface Drawn {
  readonly data: { readonly values: readonly { name: string; x: number; y: number }[] };
}

Deno.test("runCurves draws each recorded loss over the number of finished steps", () => {
  const [plot] = runCurves([metrics(0, [5, 4]), metrics(2, [3])]);
  const { values } = (plot!.spec as unknown as Drawn).data;
  assert.deepEqual(values.map(({ x, y }) => [x, y]), [[1, 5], [2, 4], [3, 3]]);
  assert.equal(plot!.caption, "loss over 3 steps; one point a step.");
});

Deno.test("runCurves averages a long curve and says over how many steps", () => {
  const losses = Array.from({ length: 1000 }, (_, i) => i);
  const [plot] = runCurves([metrics(0, losses)]);
  const { values } = (plot!.spec as unknown as Drawn).data;
  assert.equal(values.length, 200);
  assert.deepEqual(values[0], { name: "loss", x: 3, y: 2 });
  assert.equal(plot!.caption, "loss over 1,000 steps; each point is the mean of 5 steps in a row.");
});

Deno.test("averaged keeps the rest of the steps in a shorter last group", () => {
  const points = [1, 2, 3].map((x) => ({ x, y: 10 * x }));
  assert.deepEqual(averaged(points, 2), [{ x: 1.5, y: 15 }, { x: 3, y: 30 }]);
});

Deno.test("runCurves draws evaluations by step, and nothing that was not recorded", async () => {
  const { runs } = await sampleCollection();
  const plots = runCurves(runs[0]!.recorded.events);
  assert.deepEqual(plots.map((p) => p.name), ["steps", "evaluations"]);
  const { values } = (plots[1]!.spec as unknown as Drawn).data;
  assert.deepEqual(values.map((v) => [v.name, v.x]), [["knn", 4], ["knn", 8], ["knn", 12]]);
  assert.deepEqual(runCurves([]), []);
});

Deno.test("runCurves never joins evaluations of different protocols, and draws none that was made once", () => {
  const evaluation = (
    step: number,
    protocol: Record<string, string>,
    values: Record<string, number>,
  ): Event => ({
    ...common,
    event: "eval",
    step,
    epoch: 0,
    protocol: { dataset: "d", ...protocol },
    values,
  });
  const knn = { probe: "knn" }, linear = { probe: "linear" };
  const events = [
    evaluation(0, { probe: "knn", features: "raw" }, { top1: 30 }),
    evaluation(1, knn, { top1: 10 }),
    evaluation(2, knn, { top1: 12 }),
    evaluation(2, linear, { top1: 14, penalty: 0.1 }),
  ];
  const [plot] = runCurves(events);
  const drawn = (spec: unknown) => (spec as Drawn).data.values;
  assert.deepEqual(drawn(plot!.spec), [{ name: "top1", x: 1, y: 10 }, { name: "top1", x: 2, y: 12 }]);
  assert.equal(plot!.caption, "top1 (dataset d, probe knn) over steps; accuracies in percent.");
  const [both] = runCurves([...events, evaluation(3, linear, { top1: 15 })]);
  assert.deepEqual(drawn(both!.spec).map((v) => v.name), [
    "top1, probe knn",
    "top1, probe knn",
    "top1, probe linear",
    "top1, probe linear",
  ]);
});
