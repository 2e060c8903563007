import assert from "node:assert/strict";
import { join } from "node:path";
import { runGate } from "../../../src/evidence/gate/gate.ts";
import type { PlanCase } from "../../../src/evidence/gate/smoke.ts";

const plan = (bytes: number): PlanCase => ({ id: "p", request: {}, peakBytes: () => Promise.resolve(bytes) });

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(join(folder, "baselines"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("runGate without a baseline says how to make one; with it a byte decides", () =>
  inFolder(async (baselines) => {
    const run = async (bytes: number, update = false) => {
      const result = await runGate({ only: "plans", baselines, update, say: () => {}, plans: [plan(bytes)] });
      return "report" in result ? result.report.ok : result.files.length;
    };
    await assert.rejects(run(10), /must hold plans.json or a baseline of runs, found none; .*gate --update/);
    assert.equal(await run(10, true), 1);
    assert.deepEqual([await run(10), await run(11), await run(9)], [true, false, true]);
  }));
