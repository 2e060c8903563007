import assert from "node:assert/strict";
import { scheduleAt } from "../../src/nn/schedules.ts";
import { SCALES } from "../../src/base/scales.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { optimizerOf, presetOf, PRESETS } from "../../src/repro/presets.ts";
import { stepOf } from "../../src/train/trainer.ts";

Deno.test("optimizerOf warms up over the steps it is given and ends its cosine at the last step", () => {
  const own = presetOf(PRESETS.paper.methods, "simclr");
  const { kind, lr } = optimizerOf(own, 1000, 100);
  assert.equal(kind, "lars");
  assert.equal(scheduleAt(lr, 0), 0);
  assert.equal(scheduleAt(lr, 50), 0.2);
  assert.equal(scheduleAt(lr, 100), 0.4);
  assert.ok(Math.abs(scheduleAt(lr, 1000)) < 1e-12);
});

Deno.test("presetOf names the methods it knows when asked for another", () => {
  assert.throws(
    () => presetOf(PRESETS.smoke.methods, "nobody"),
    /the scale must have settings for it, as it has for sdiet/,
  );
});

Deno.test("every method of every scale can be recorded with its settings", async () => {
  for (const scale of SCALES) {
    for (const name of Object.keys(PRESETS[scale].methods)) {
      const own = presetOf(PRESETS[scale].methods, name);
      const shape = { encoder: { name: "tiny", width: 1 }, side: 32, batch: 8 };
      const step = stepOf(
        { ...shape, hyper: own.hyper, recipe: own.recipe, optimizer: optimizerOf(own, 10) },
        await loadMethod(name),
        { size: 32, images: 64, classes: 10 },
      );
      assert.ok(step.objectives.length > 0, `${scale} ${name}`);
    }
  }
});
