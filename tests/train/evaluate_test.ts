import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { evaluatorOf, pixelAccuracy } from "../../src/train/evaluate.ts";
import { Trainer } from "../../src/train/trainer.ts";
import { testDevice } from "../nn/check_op.ts";
import { smallRun } from "./small_run.ts";

Deno.test("evaluatorOf looks at the untrained encoder and raw pixels first, and adds the linear probe at the end", async () => {
  const device = await testDevice();
  const train = await load("shapes", { split: "train", size: 16, perClass: 4 });
  const test = await load("shapes", { split: "test", size: 16, perClass: 3 });
  const trainer = await Trainer.open(device, smallRun, await loadMethod(smallRun.method), train);
  try {
    let asked = 0;
    const pixels = () => Promise.resolve(100 * ++asked);
    const evaluate = evaluatorOf(device, smallRun, { train, test }, { pixels, linear: "lbfgs" });
    const before = await evaluate(trainer, 0);
    assert.deepEqual(before.map((e) => e.protocol.features), ["untrained encoder", "raw pixels"]);
    assert.equal(before[1]!.values.top1, 100);
    const allocated = device.allocated.activations;
    await trainer.advance();
    await trainer.report();
    const during = await evaluate(trainer, 0);
    assert.deepEqual(during.map((e) => [e.protocol.probe, e.protocol.features]), [["knn", "encoder"]]);
    assert.deepEqual([during[0]!.protocol.k, during[0]!.protocol.T, during[0]!.protocol.dataset], [
      20,
      0.1,
      "shapes",
    ]);
    while (trainer.steps < trainer.totalSteps) await trainer.advance();
    await trainer.report();
    const last = await evaluate(trainer, 1);
    assert.deepEqual(last.map((e) => e.protocol.probe), ["knn", "linear"]);
    // 30 test images: accuracies are multiples of a thirtieth.
    for (const { values } of [...during, ...last]) {
      assert.ok(Math.abs(values.top1! * 0.3 - Math.round(values.top1! * 0.3)) < 1e-9, String(values.top1));
    }
    assert.equal(device.allocated.activations, allocated, "an evaluation keeps memory");
    assert.equal(asked, 1);
  } finally {
    trainer.close();
  }
});

Deno.test("pixelAccuracy computes once", async () => {
  const data = await load("shapes", { split: "train", size: 8, perClass: 3 });
  const accuracy = pixelAccuracy(await testDevice(), { train: data, test: data }, { k: 1, T: 0.1 });
  assert.equal(await accuracy(), 100); // every image is its own neighbour
  assert.equal(accuracy(), accuracy());
});
