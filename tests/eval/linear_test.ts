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
  const train = blobs(64, 6, 3, 2, 3);
  const penalty = 0.05;
  const fit = fitLogistic(train, 3, penalty, { tolerance: 1e-9 });
  const weightsOnly = await linearProbe(await testDevice(), { train, test: train, classes: 3 }, {
    ...SHORT,
    scaling: "none",
    batch: 64,
    epochs: 80,
    lr: 0.3,
    weightDecay: penalty,
    decay: "cosine",
  });
  const logits = (row: number, c: number) => {
    let sum = fit.x[6 * 3 + c]!;
    for (let d = 0; d < 6; d++) sum += train.features.values[row * 6 + d]! * fit.x[d * 3 + c]!;
    return sum;
  };
  const clear = Array.from({ length: 64 }, (_, row) => {
    const z = [0, 1, 2].map((c) => logits(row, c)).sort((a, b) => b - a);
    return z[0]! - z[1]! > 0.3; // SGD's decay reaches the biases as well: decisions near the border may differ
  });
  for (let row = 0; row < 64; row++) {
    if (!clear[row]) continue;
    const z = [0, 1, 2].map((c) => logits(row, c));
    assert.equal(weightsOnly.predictions[row], z.indexOf(Math.max(...z)), `row ${row}`);
  }
  assert.ok(clear.filter(Boolean).length > 40);
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
