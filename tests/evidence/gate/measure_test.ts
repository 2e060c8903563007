import assert from "node:assert/strict";
import { join } from "node:path";
import { readRun } from "../../../src/record/run_folder.ts";
import { measurePlans, measureRuns } from "../../../src/evidence/gate/measure.ts";
import { RUN_CASES, type RunCases } from "../../../src/evidence/gate/smoke.ts";
import { testDevice } from "../../nn/check_op.ts";

const { supervised } = RUN_CASES.methods;
const cases: RunCases = {
  seeds: [0, 1],
  perClass: [2, 1],
  probes: [{ kind: "knn", k: 3, T: 0.1 }],
  all: { ...RUN_CASES.all, batch: 10, epochs: 1 },
  methods: { supervised: supervised! },
};

Deno.test("measureRuns records every seed as a run, gives the same bits twice, and survives a method that fails", async () => {
  const device = await testDevice();
  const folder = await Deno.makeTempDir();
  try {
    const broken = { ...supervised!, views: "no such recipe" };
    const methods = { supervised: supervised!, simclr: broken };
    const both = { ...cases, methods };
    const first = await measureRuns(device, both, join(folder, "1"), () => {});
    const again = await measureRuns(device, cases, join(folder, "2"), () => {});
    const [a, failed] = first.methods;
    const [b] = again.methods;
    assert.ok(a && b && "metrics" in a && "metrics" in b);
    assert.deepEqual([a.metrics, a.peakBytes, a.definition], [b.metrics, b.peakBytes, b.definition]);
    assert.equal(a.metrics["kNN top-1"]!.length, 2);
    assert.ok(failed && "problem" in failed && /^seed 0: .*recipe/.test(failed.problem));
    const run = await readRun(join(folder, "1", "supervised-seed1"));
    assert.equal(run.status, "completed");
    assert.equal(run.environment!.machine.adapterClass, first.adapterClass);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("measurePlans gives id, definition and bytes of each case", async () => {
  const [plan] = await measurePlans([{ id: "p", request: { a: 1 }, peakBytes: () => Promise.resolve(7) }]);
  assert.deepEqual([plan!.id, plan!.peakBytes, plan!.definition.length], ["p", 7, 64]);
});
