import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { parseSpec } from "../../src/record/spec/spec.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { evaluatorOf } from "../../src/train/evaluate.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { testDevice } from "../nn/check_op.ts";
import { smallInput } from "./small_run.ts";

const spec = parseSpec({
  ...smallInput,
  probes: [
    { kind: "knn", k: 20, T: 0.1, at: ["start", "end"], every: 1 },
    { kind: "knn", k: 20, T: 0.1, of: "pixels", at: ["start"] },
    { kind: "1-nn", of: "stage1" },
    { kind: "linear", protocol: "lbfgs" },
    { kind: "collapse" },
  ],
});

Deno.test("evaluatorOf takes the probes that are due, and computes those of pixels once for all runs", async () => {
  const device = await testDevice();
  const train = await load("shapes", { split: "train", size: 16, perClass: 4 });
  const test = await load("shapes", { split: "test", size: 16, perClass: 3 });
  const trainer = await Trainer.open(device, spec, await loadMethod(spec.method), train);
  try {
    const shared = new Map();
    const evaluate = evaluatorOf(device, spec, { train, test }, shared);
    const before = await evaluate(trainer, 0);
    assert.deepEqual(before.map((e) => e.protocol.features), ["untrained encoder", "raw pixels"]);
    assert.equal(shared.size, 1);
    for (const key of shared.keys()) shared.set(key, Promise.resolve({ top1: 77 }));
    assert.equal((await evaluate(trainer, 0))[1]!.values.top1, 77);
    const allocated = device.allocated.activations;
    for (let k = 0; k < 5; k++) await trainer.advance();
    await trainer.report();
    const during = await evaluate(trainer, 1);
    assert.deepEqual(during.map((e) => e.protocol), [
      { probe: "knn", features: "encoder", k: 20, T: 0.1, dataset: "shapes" },
    ]);
    while (trainer.steps < trainer.totalSteps) await trainer.advance();
    await trainer.report();
    const last = await evaluate(trainer, 2);
    assert.deepEqual(last.map((e) => [e.protocol.probe, e.protocol.features]), [
      ["knn", "encoder"],
      ["1-nn", "stage1"],
      ["linear", "encoder"],
      ["collapse", "encoder"],
    ]);
    // 30 test images: accuracies are multiples of a thirtieth.
    for (const { values } of [...during, ...last].filter((e) => e.values.top1 !== undefined)) {
      assert.ok(Math.abs(values.top1! * 0.3 - Math.round(values.top1! * 0.3)) < 1e-9, String(values.top1));
    }
    assert.ok(last[3]!.values.rankme! >= 1 && last[3]!.values.std! > 0);
    assert.equal(device.allocated.activations, allocated, "an evaluation keeps memory");
  } finally {
    trainer.close();
  }
});
