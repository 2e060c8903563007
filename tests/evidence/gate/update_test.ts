import assert from "node:assert/strict";
import { readBaselines } from "../../../src/evidence/gate/baseline.ts";
import { judge } from "../../../src/evidence/gate/judge.ts";
import { updateBaselines } from "../../../src/evidence/gate/update.ts";
import { measurement, runs } from "./cases.ts";

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("updateBaselines stores what judge then finds green, and prints what changed", () =>
  inFolder(async (folder) => {
    const first = await updateBaselines(folder, measurement(), await readBaselines(folder));
    assert.match(first.difference, /\| plan simclr +\| +none \| +1,000,000 \| +new \|/);
    assert.equal(first.files.length, 2);
    const stored = await readBaselines(folder);
    assert.deepEqual(
      judge(measurement(), stored).rows.map((r) => r.status).slice(0, 4),
      Array(4).fill("passed"),
    );
    const again = await updateBaselines(folder, measurement(), stored);
    assert.equal(again.difference, "The baselines are as they were.");
    const grown = await updateBaselines(folder, measurement({ planBytes: 1_000_001 }), stored);
    assert.match(grown.difference, /\| 1,000,000 \| 1,000,001 \| +\+1 \|/);
    assert.equal(judge(measurement({ planBytes: 1_000_001 }), await readBaselines(folder)).ok, true);
  }));

Deno.test("updateBaselines leaves other adapter classes alone", () =>
  inFolder(async (folder) => {
    await updateBaselines(folder, measurement(), await readBaselines(folder));
    await updateBaselines(folder, measurement({ description: "another" }), await readBaselines(folder));
    assert.equal((await readBaselines(folder)).runs.size, 2);
  }));

Deno.test("updateBaselines stores no failed run", () =>
  inFolder(async (folder) => {
    const { runs: measured } = measurement();
    const methods = [runs(), { method: "diet", problem: "seed 0: Cannot train." }];
    const failed = { plans: measurement().plans, runs: { ...measured!, methods } };
    await assert.rejects(updateBaselines(folder, failed, await readBaselines(folder)), /its runs must end/);
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));
