import assert from "node:assert/strict";
import { metrics, readReport } from "../../src/nn/metrics.ts";
import { completeStep, runToy, toy, withSession } from "./toy.ts";

Deno.test("the metrics ring gives the losses of the last steps in one read", async () => {
  const net = toy();
  completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1 }, readEvery: 4 });
  net.t.program.output(net.objective.loss);
  await withSession(net.t, async (session) => {
    const losses: number[] = [];
    for (let step = 0; step < 10; step++) {
      runToy(net, session, step, step + 1);
      losses.push((await session.read(net.objective.loss))[0]!);
    }
    const report = await readReport(session, net.t, 6, 10);
    assert.deepEqual(report.metrics, { loss0: losses.slice(6) });
    assert.equal(report.fault, undefined);
    assert.deepEqual((await readReport(session, net.t, 9, 10)).metrics, { loss0: losses.slice(9) });
    assert.ok(new Set(losses).size === 10, "the losses differ");
    await assert.rejects(readReport(session, net.t, 2, 10), /the ring holds 4 steps/);
  });
});

Deno.test("the metrics ring reports a fault together with the loss that had it", async () => {
  const net = toy();
  completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1 } });
  await withSession(net.t, async (session) => {
    runToy(net, session, 0, 2);
    session.write(net.inputs[2]!, Float32Array.of(Infinity));
    session.replay({ scalars: net.t.scalarsAt(2) });
    const { fault, metrics } = await readReport(session, net.t, 0, 3);
    assert.equal(fault!.step, 2);
    assert.deepEqual(metrics.loss0!.map(Number.isFinite), [true, true, false]);
  });
});

Deno.test("metrics refuses tensors and a second ring", () => {
  const net = toy();
  assert.throws(() => metrics(net.t, { w: net.weights[0]! }, 4), /metric "w": it must have one element/);
  assert.throws(() => metrics(net.t, {}, 0), /at least 1 step/);
  metrics(net.t, { loss: net.objective.loss }, 4);
  assert.throws(() => metrics(net.t, { loss: net.objective.loss }, 4), /has a ring already/);
});
