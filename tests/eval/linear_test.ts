import assert from "node:assert/strict";
import { linearProbe } from "../../src/eval/linear.ts";
import { fitLogistic } from "../../src/eval/logistic.ts";
import { probeOptimizer, probeProtocol, probeProtocolNames } from "../../src/eval/protocols.ts";
import { scheduleAt } from "../../src/nn/schedules.ts";
import { testDevice } from "../nn/check_op.ts";
import { blobs, features } from "./toy_features.ts";

const SHORT = { ...probeProtocol("compress"), batch: 32, epochs: 6 };

Deno.test("linearProbe learns blobs under every protocol and tests it after each epoch", async () => {
  const task = { train: blobs(200, 12, 4, 1, 1), test: blobs(77, 12, 4, 1, 2), classes: 4 };
  const device = await testDevice();
  const before = device.allocatedBytes;
  for (const name of probeProtocolNames) {
    const protocol = { ...probeProtocol(name), batch: 50, epochs: 5, decay: "none", warmup: 0 } as const;
    // Blobs of size 1 have logits that lr 30 blows up and lr 1e-3 / 5 hardly moves: this is about learning at all.
    const tame = { ...protocol, lr: 0.1, lrPer256: false };
    const result = await linearProbe(device, task, tame);
    assert.ok(result.accuracy > 0.9, `${name}: ${result.accuracy}`);
    assert.equal(result.perEpoch.length, 5);
    assert.equal(result.accuracy, result.perEpoch[4]);
    assert.equal(result.accuracy, result.predictions.filter((c, i) => c === task.test.labels[i]).length / 77);
  }
  assert.equal(device.allocatedBytes, before);
});

Deno.test("linearProbe comes to the minimum that logistic regression has", async () => {
  // Classes overlap, so the minimum without a penalty is finite; one batch holds all rows, so steps follow its gradient.
  const train = blobs(64, 6, 3, 8, 3);
  const fit = fitLogistic(train, 3, 0, { tolerance: 1e-9 });
  assert.ok(fit.converged && fit.value > 0.3);
  const probe = await linearProbe(await testDevice(), { train, test: train, classes: 3 }, {
    ...SHORT,
    scaling: "none",
    batch: 64,
    epochs: 120,
    lr: 0.1,
    weightDecay: 0,
    decay: "cosine",
  });
  let clear = 0;
  for (let row = 0; row < 64; row++) {
    const logits = Array.from(fit.x.subarray(18));
    for (let i = 0; i < 18; i++) {
      logits[i % 3]! += train.features.values[row * 6 + Math.floor(i / 3)]! * fit.x[i]!;
    }
    const [first, second] = logits.toSorted((a, b) => b - a);
    if (first! - second! < 0.05) continue; // what is left of the way to the minimum may decide these
    clear++;
    assert.equal(probe.predictions[row], logits.indexOf(first!), `row ${row}`);
  }
  assert.ok(clear > 50);
});

Deno.test("linearProbe says that the best epoch was chosen on the test set, and repeats itself to the bit", async () => {
  const task = { train: blobs(120, 8, 5, 4, 4), test: blobs(60, 8, 5, 4, 5), classes: 5 };
  const device = await testDevice();
  const a = await linearProbe(device, task, SHORT, { seed: 3 });
  assert.deepEqual(await linearProbe(device, task, SHORT, { seed: 3 }), a);
  assert.notDeepEqual((await linearProbe(device, task, SHORT, { seed: 4 })).perEpoch, a.perEpoch);
  assert.equal(a.best.selectedOnTestSet, true);
  assert.equal(a.best.accuracy, Math.max(...a.perEpoch));
  assert.equal(a.perEpoch[a.best.epoch - 1], a.best.accuracy);
});

Deno.test("linearProbe refuses labels, widths and values it cannot use, and stops when training diverges", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const set = { features: features([[1, 2], [3, 4]]), labels: Uint32Array.of(0, 1) };
  const fails = (train: typeof set, test: typeof set, message: RegExp, protocol = SHORT) =>
    assert.rejects(linearProbe(device, { train, test, classes: 2 }, protocol), message);
  await fails({ ...set, labels: Uint32Array.of(0, 2) }, set, /class below 2, found 2 at row 1/);
  await fails(set, { ...set, features: features([[1], [2]]) }, /one width, found 2 and 1/);
  await fails({ ...set, features: features([[1, 2], [NaN, 2]]) }, set, /must be finite, found one in row 1/);
  const wild = { ...SHORT, scaling: "none" as const, lr: 1e30 };
  await fails({ ...set, features: features([[1e12, 2], [3, -1e12]]) }, set, /must be finite/, wild);
  assert.equal(device.allocatedBytes, before);
});

Deno.test("probe protocols keep their published numbers", () => {
  const compress = probeOptimizer(probeProtocol("compress"), 256, 10);
  assert.deepEqual([0, 149, 150, 299, 300, 399].map((s) => +scheduleAt(compress.lr, s).toPrecision(6)), [
    ...[0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001],
  ]);
  const moco = probeOptimizer(probeProtocol("moco"), 256, 1);
  assert.deepEqual([59, 60, 80].map((s) => +scheduleAt(moco.lr, s).toPrecision(6)), [30, 3, 0.3]);
  assert.equal(moco.weightDecay, 0);
  assert.equal(probeOptimizer(probeProtocol("simclr"), 4096, 1).lr, 1.6);
  const diet = probeOptimizer(probeProtocol("diet"), 128, 4);
  assert.equal(diet.kind, "adamw");
  assert.equal(scheduleAt(diet.lr, 40), 5e-4);
  assert.throws(() => probeProtocol("best"), /use one of compress, moco, simclr, diet/);
});
