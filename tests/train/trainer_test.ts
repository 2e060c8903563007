import assert from "node:assert/strict";
import { load } from "../../src/data/load.ts";
import { plan } from "../../src/gpu/planner.ts";
import { method } from "../../src/methods/supervised.ts";
import { parseSpec } from "../../src/record/spec/spec.ts";
import { stateHash } from "../../src/train/state_hash.ts";
import { stepOf, Trainer } from "../../src/train/trainer.ts";
import { testDevice } from "../nn/check_op.ts";
import { smallRun } from "./small_run.ts";

const data = await load("shapes", { split: "train", size: 16, perClass: 4 });

Deno.test("a trainer allocates what the plan of its step says, and gives it back", async () => {
  const device = await testDevice();
  const before = device.allocatedBytes;
  const trainer = await Trainer.open(device, smallRun, method, data);
  const planned = plan(
    stepOf(smallRun, method, { size: 16, images: 40, classes: 10 }, { target: device.target }).program,
  );
  assert.equal(trainer.allocatedBytes, planned.peakBytes);
  assert.equal(device.allocatedBytes - before, planned.peakBytes);
  trainer.close();
  assert.equal(device.allocatedBytes, before);
});

Deno.test("losses are read in one piece and training changes the state hash reproducibly", async () => {
  const hashes: string[] = [];
  for (let run = 0; run < 2; run++) {
    const trainer = await Trainer.open(await testDevice(), smallRun, method, data);
    const start = await stateHash(trainer.session, trainer.step.trace);
    for (let k = 0; k < 4; k++) await trainer.advance();
    assert.ok(trainer.reportDue);
    const report = await trainer.report();
    assert.deepEqual([report.from, report.to, report.losses.loss!.length], [0, 4, 4]);
    const end = await stateHash(trainer.session, trainer.step.trace);
    assert.notEqual(end, start);
    hashes.push(end);
    trainer.close();
  }
  assert.equal(hashes[0], hashes[1]);
});

Deno.test("replays see the part of the step's images that they name, and one part is what is traced", async () => {
  const tasks = {
    ...method,
    replays: () => [0, 1, 1].map((part) => ({ name: `task ${part}`, part })),
  };
  const trainer = await Trainer.open(await testDevice(), smallRun, tasks, data);
  try {
    const { session, batches, step: { trace: t } } = trainer;
    const labels = t.inputs.get("labels")!;
    assert.deepEqual(labels.shape, [smallRun.batch / 2]);
    assert.equal(batches.stepsPerEpoch, 5, "an epoch has as many steps as without parts");
    await trainer.advance();
    const second = Uint32Array.from(batches.indices(0).slice(smallRun.batch / 2), (i) => data.labels[i]!);
    assert.deepEqual(await session.readU32(labels), second);
    batches.write(session, t, 0);
    const first = Uint32Array.from(batches.indices(0).slice(0, smallRun.batch / 2), (i) => data.labels[i]!);
    assert.deepEqual(await session.readU32(labels), first);
    assert.equal(trainer.gradientEvaluations, 3);
    assert.equal((await trainer.report()).losses.loss!.length, 1);
  } finally {
    trainer.close();
  }
});

Deno.test("a learning rate that makes a value non-finite stops with step and label, parameters still finite", async () => {
  const spec = parseSpec({ ...smallRun, optimizer: { kind: "sgd", lr: 1e30 } });
  const trainer = await Trainer.open(await testDevice(), spec, method, data);
  try {
    for (let k = 0; k < 8; k++) await trainer.advance();
    await assert.rejects(
      trainer.report(),
      /Cannot continue after step \d+: every loss, metric and gradient must be finite, ".+" is not/,
    );
    const parameters = await trainer.session.read(trainer.step.trace.program.arena("params", "online"));
    assert.ok(parameters.every(Number.isFinite));
  } finally {
    trainer.close();
  }
});
