import assert from "node:assert/strict";
import { scheduleAt } from "../../src/nn/schedules.ts";
import { SCALES } from "../../src/base/scales.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { optimizerOf, presetOf, PRESETS, specOf, splitsOf } from "../../src/repro/presets.ts";
import { stepOf } from "../../src/train/trainer.ts";

const splits = splitsOf("cifar10-jpeg", "mini", 32);

Deno.test("specOf at mini is the configuration that the table is compared with", () => {
  const spec = specOf(PRESETS.mini, "simclr", { seed: 2, images: 5000, ...splits });
  assert.deepEqual(spec.encoder, { name: "tiny", width: 1 });
  assert.deepEqual(spec.data, { name: "cifar10-jpeg", split: "train", size: 32, perClass: 500 });
  assert.deepEqual(spec.evaluation.test, { name: "cifar10-jpeg", split: "test", size: 32, perClass: 200 });
  assert.deepEqual([spec.batch, spec.epochs, spec.seed], [128, 10, 2]);
  assert.deepEqual([spec.evaluation.k, spec.evaluation.T], [20, 0.1]);
  assert.deepEqual(spec.optimizer, {
    kind: "adamw",
    lr: { kind: "cosine", base: 1e-3, steps: 390 },
    weightDecay: 1e-4,
  });
  assert.equal(spec.hyper.T, 0.2);
  const sdiet = specOf(PRESETS.mini, "sdiet", { seed: 0, images: 5000, epochs: 40, ...splits });
  assert.equal(sdiet.epochs, 40);
  assert.equal(sdiet.optimizer.weightDecay, 0.05);
  assert.deepEqual([sdiet.hyper.T, sdiet.hyper.smoothing], [0.1, 0.1]);
});

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
