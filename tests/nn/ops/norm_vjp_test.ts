import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { recompute } from "../../../src/gpu/recompute.ts";
import { Session } from "../../../src/gpu/session.ts";
import { grad } from "../../../src/nn/grad.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { batchNorm } from "../../../src/nn/ops/norm.ts";
import { sum } from "../../../src/nn/ops/reduce.ts";
import { randomData, testDevice } from "../check_op.ts";

Deno.test("normVjp refuses to differentiate by stored statistics that an effect changed before", () => {
  const t = new Trace();
  const x = t.input("x", [4, 4]);
  const running = t.input("mean", [4]);
  const tensors = { runningMean: running, runningVariance: t.input("variance", [4]) };
  const loss = sum(t, batchNorm(t, x, tensors, { mode: "eval" }));
  batchNorm(t, x, tensors, { mode: "train" });
  t.recordLater();
  assert.throws(() => grad(t, loss, [x]), { message: /stored statistics must not change between/ });
});

Deno.test("normVjp gives the same bits whether activations are kept or recomputed", async () => {
  const t = new Trace();
  const x = t.input("x", [3, 5, 5, 12]);
  const gamma = t.input("gamma", [12]);
  const inner = batchNorm(t, x, { gamma }, { mode: "frozen", relu: true });
  const y = batchNorm(t, inner, {}, { mode: "frozen", relu: true });
  const [dx, dgamma] = grad(t, sum(t, y), [x, gamma]);
  t.program.output(dx!);
  t.program.output(dgamma!);
  const rewritten = recompute(t.program);
  assert.equal(rewritten.dispatches.filter((d) => d.label.endsWith("(again)")).length, 1);
  const results: Float32Array[][] = [];
  for (const program of [t.program, rewritten]) {
    const session = await Session.bind(await testDevice(), plan(program));
    try {
      session.write(x, randomData(x.size, 1));
      session.write(gamma, randomData(12, 2));
      session.replay();
      results.push([await session.read(dx!), await session.read(dgamma!)]);
    } finally {
      session.close();
    }
  }
  assert.deepEqual(results[0], results[1]);
});

Deno.test("normVjp keeps no activation but the input, and gives the residual the cotangent itself without ReLU", () => {
  const t = new Trace();
  const x = t.input("x", [3, 8]);
  const residual = t.input("residual", [3, 8]);
  const y = batchNorm(t, x, {}, { mode: "frozen", residual });
  const forward = t.program.dispatches.length;
  const dy = t.input("dy", [3, 8]);
  const [dx, dgamma, dbeta, dresidual] = t.producer(y)!.vjp([dy], [true, false, false, true]);
  assert.equal(dresidual, dy);
  assert.deepEqual([dx!.shape, dgamma!.shape, dbeta!.shape], [[3, 8], [8], [8]]);
  const read = t.program.dispatches.slice(forward).flatMap((d) => [...d.read.values()]);
  assert.ok(!read.includes(y) && !read.includes(residual));
});

Deno.test("normVjp with stored statistics computes no sums that nobody asked for", () => {
  const t = new Trace();
  const x = t.input("x", [3, 8]);
  const tensors = { runningMean: t.input("mean", [8]), runningVariance: t.input("variance", [8]) };
  const y = batchNorm(t, x, tensors, { mode: "eval", relu: true });
  const forward = t.program.dispatches.length;
  const [dx, dgamma, dbeta] = t.producer(y)!.vjp([t.input("dy", [3, 8])], [true, false, false, false, false]);
  assert.deepEqual([dx!.shape, dgamma, dbeta], [[3, 8], undefined, undefined]);
  assert.equal(t.program.dispatches.length, forward + 1);
});
