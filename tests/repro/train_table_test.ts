import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { PRESETS, specOf, splitsOf } from "../../src/repro/presets.ts";
import { recordedRuns } from "../../src/repro/table.ts";
import { digestEvents } from "../../src/record/events.ts";
import { accuracyOf, pixelRow, untrainedOf } from "../../src/repro/tell.ts";
import { trainTable } from "../../src/repro/train_table.ts";
import { testDevice } from "../nn/check_op.ts";

Deno.test("trainTable trains, evaluates and goes on where it is told to; it overwrites nothing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const device = await testDevice();
    const [train, test] = [
      await load("shapes", { split: "train", size: 16, perClass: 4 }),
      await load("shapes", { split: "test", size: 16, perClass: 3 }),
    ];
    const preset = { ...PRESETS.smoke, batch: 8, side: 16, epochs: 1, encoder: { name: "tiny", width: 0.5 } };
    const splits = splitsOf("shapes", "smoke", 16);
    const runs = ["sdiet", "simclr"].map((method) => ({
      name: `${method}-seed0`,
      spec: specOf(preset, method, { seed: 0, images: 40, ...splits }),
    }));
    const options = { folder: `${folder}/runs`, train, test, linear: "lbfgs", say: () => {} };
    await trainTable(device, runs, { ...options, resume: false });
    const recorded = await recordedRuns(folder);
    assert.deepEqual(recorded.map((r) => r.name), ["sdiet-seed0", "simclr-seed0"]);
    for (const run of recorded) {
      assert.ok(accuracyOf(run, "knn")! >= 0 && accuracyOf(run, "linear")! >= 0);
      assert.ok((await Deno.stat(`${folder}/runs/${run.name}/environment.json`)).isFile);
    }
    // The encoder starts from the same values whatever the method.
    assert.equal(untrainedOf(recorded[0]!), untrainedOf(recorded[1]!));
    assert.deepEqual(pixelRow(recorded[0]), pixelRow(recorded[1]));
    await assert.rejects(trainTable(device, runs, { ...options, resume: false }), /--resume/);
    await trainTable(device, runs, { ...options, resume: true });
    const again = await recordedRuns(folder);
    assert.deepEqual(again.map((r) => digestEvents(r.events)), recorded.map((r) => digestEvents(r.events)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
