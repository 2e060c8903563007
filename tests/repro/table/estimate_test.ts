import assert from "node:assert/strict";
import { planSpec } from "../../../src/repro/plan_step.ts";
import { estimateOf, timeOf } from "../../../src/repro/table/estimate.ts";
import { small, smoke, STEPS_PER_EPOCH, tellingOf } from "./small_table.ts";

Deno.test("estimateOf counts runs, their arithmetic and the largest step", async () => {
  const { runs } = await tellingOf(small);
  const plans = await Promise.all(runs.map((run) => planSpec(run.spec)));
  const estimate = await estimateOf(small, "smoke");
  assert.deepEqual(estimate, {
    cells: Object.keys(small.rows).length * Object.keys(small.measures).length,
    runs: runs.length,
    flops: plans.reduce((sum, step) => sum + step.flops * 2 * STEPS_PER_EPOCH, 0),
    peakBytes: Math.max(...plans.map((step) => step.peakBytes)),
  });
  const longer = { smoke: { ...smoke, all: { ...smoke.all, epochs: 6 } } };
  assert.equal((await estimateOf({ ...small, scales: longer }, "smoke")).flops, 3 * estimate.flops);
});

Deno.test("estimateOf refuses a scale that the table has not", async () => {
  await assert.rejects(estimateOf(small, "gpu"), /it has smoke/);
});

Deno.test("timeOf says hours from a hundred minutes on", () => {
  const rate = 1e9;
  assert.deepEqual([30, 5 * 60, 99 * 60, 2 * 3600].map((s) => timeOf(s * rate, rate)), [
    "under 1 min",
    "5 min",
    "99 min",
    "2 h",
  ]);
});
