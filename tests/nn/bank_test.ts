import assert from "node:assert/strict";
import { enqueue, gaussianRows, rowsOfState, uniformRows, updateBank } from "../../src/nn/bank.ts";
import { Scope } from "../../src/nn/scope.ts";
import { copy, multiply } from "../../src/nn/ops/elementwise.ts";
import { dot } from "../../src/nn/ops/reduce.ts";
import { Trace } from "../../src/nn/trace.ts";
import { compare, randomData } from "./check_op.ts";
import { completeStep, withSession } from "./toy.ts";

Deno.test("enqueue overwrites the oldest rows and wraps at the end, a batch not dividing the queue", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  const queue = rowsOfState(s, "queue", 7, 5);
  const keys = t.input("keys", [3, 5]);
  enqueue(t, queue, keys);
  t.recordLater();
  await withSession(t, async (session) => {
    const expected = [...await session.read(queue)];
    for (let step = 0; step < 8; step++) {
      const rows = randomData(15, step);
      session.write(keys, rows);
      session.replay({ scalars: t.scalarsAt(step) });
      rows.forEach((v, i) => expected[((3 * step + Math.floor(i / 5)) % 7) * 5 + i % 5] = v);
      assert.deepEqual([...await session.read(queue)], expected, `after step ${step}`);
    }
  });
});

Deno.test("losses and their gradients see the old queue, keys land after", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  const w = s.parameter("w", [4, 3], "dense", (_d, n) => new Float32Array(n).fill(1));
  const queue = rowsOfState(s, "queue", 4, 3);
  const keys = t.input("keys", [4, 3]);
  enqueue(t, queue, keys); // recorded first in the method, lands last
  const loss = dot(t, multiply(t, w, w), copy(t, queue)); // d w = 2 w queue
  t.program.output(loss);
  const [trained] = completeStep(t, [{ loss, wrt: [w] }], { optimizer: { kind: "sgd", lr: 0 } });
  assert.deepEqual(t.program.effects, ["guard", "metrics", "optimizer", "queue"]);
  await withSession(t, async (session) => {
    const old = await session.read(queue);
    const fresh = randomData(12, 3);
    session.write(keys, fresh);
    session.replay({ scalars: t.scalarsAt(0) });
    compare("loss", await session.read(loss), [old.reduce((a, b) => a + b, 0)], 12);
    const gradient = await session.read(trained!.grads.members[0]!);
    assert.deepEqual(gradient, old.map((v) => 2 * v));
    assert.deepEqual(await session.read(queue), fresh);
  });
});

Deno.test("a fault keeps keys out of the queue in the very step that had it", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  const w = s.parameter("w", [2, 3], "dense", (_d, n) => new Float32Array(n).fill(1));
  const queue = rowsOfState(s, "queue", 4, 3);
  const keys = t.input("keys", [2, 3]);
  enqueue(t, queue, keys);
  completeStep(t, [{ loss: dot(t, w, keys), wrt: [w] }], { optimizer: { kind: "sgd", lr: 0.1 } });
  await withSession(t, async (session) => {
    const old = await session.read(queue);
    session.write(keys, new Float32Array(6).fill(NaN));
    session.replay({ scalars: t.scalarsAt(0) });
    assert.deepEqual(await session.read(queue), old);
  });
});

Deno.test("updateBank moves the batch's rows, normalises them and leaves the others", async () => {
  for (const normalise of [true, false]) {
    const t = new Trace();
    const s = Scope.root(t);
    const bank = rowsOfState(s, "bank", 6, 70, uniformRows);
    const rows = t.input("rows", [4, 70]);
    const indices = t.input("indices", [4], "u32");
    updateBank(t, bank, indices, rows, { momentum: 0.25, normalise });
    t.recordLater();
    await withSession(t, async (session) => {
      const old = await session.read(bank);
      const z = randomData(280, 5);
      session.write(rows, z);
      session.write(indices, Uint32Array.of(4, 0, 9, 3)); // 9 lies beyond the bank
      session.replay({ scalars: t.scalarsAt(0) });
      const expected = Float64Array.from(old);
      [4, 0, 9, 3].forEach((row, n) => {
        if (row > 5) return;
        const r = Array.from({ length: 70 }, (_, c) => 0.25 * old[row * 70 + c]! + 0.75 * z[n * 70 + c]!);
        const norm = normalise ? Math.hypot(...r) : 1;
        r.forEach((v, c) => expected[row * 70 + c] = v / norm);
      });
      compare("bank", await session.read(bank), expected, 12);
      const untouched = (await session.read(bank)).subarray(70, 210);
      assert.deepEqual(untouched, old.subarray(70, 210));
    });
  }
});

Deno.test("queues start as normalised Gaussian rows, banks as uniform ones", async () => {
  const t = new Trace();
  const s = Scope.root(t);
  const queue = rowsOfState(s, "queue", 200, 48);
  const bank = rowsOfState(s, "bank", 200, 48, uniformRows);
  await withSession(t, async (session) => {
    const rows = await session.read(queue);
    for (let r = 0; r < 200; r++) {
      assert.ok(Math.abs(Math.hypot(...rows.subarray(48 * r, 48 * r + 48)) - 1) < 1e-6);
    }
    const uniform = await session.read(bank);
    const bound = 1 / Math.sqrt(48 / 3);
    assert.ok(uniform.every((v) => Math.abs(v) <= bound));
    // Variance of U(-s, s) is s^2 / 3 = 1 / 48; 9600 draws put the estimate within 5 standard errors of 0.9 %.
    const variance = uniform.reduce((a, v) => a + v * v, 0) / uniform.length;
    assert.ok(Math.abs(variance * 48 - 1) < 0.05);
  });
  assert.ok(
    gaussianRows(2)({ uniform: () => 0, normal: () => 3 }, 4).every((v) => Math.abs(v - Math.SQRT1_2) < 1e-7),
  );
});

Deno.test("queues and banks name what does not fit", () => {
  const t = new Trace();
  const s = Scope.root(t);
  const queue = rowsOfState(s, "queue", 4, 3);
  assert.throws(() => enqueue(t, queue, t.input("wide", [2, 4])), /both must be matrices of one width/);
  assert.throws(() => enqueue(t, queue, t.input("long", [5, 3])), /a batch must fit the queue/);
  const index = t.input("index", [1], "u32");
  assert.throws(() => updateBank(t, queue, index, t.input("two", [2, 3])), /one u32 index a row is needed/);
  const loose = t.value([4, 3], "loose");
  assert.throws(() => enqueue(t, loose, t.input("x", [2, 3])), /it must be state/);
});
