import assert from "node:assert/strict";
import { join } from "node:path";
import { readGuard } from "../../../src/nn/guard.ts";
import { requireHeadRows } from "../../../src/nn/head_rows.ts";
import type { Multistep } from "../../../src/nn/multistep.ts";
import { multistepOf } from "../../../src/train/head/pipeline.ts";
import {
  type LinearTask,
  linearTask,
  orderOf,
  relativeDifference,
  trainLinear,
} from "../../nn/dense_head.ts";
import { encoderOf, type HeadRun, headRun } from "./head_run.ts";

const SPEC: Multistep = { mode: "lazy", period: 5, lr: 1e-2, weightDecay: 0.05, firstVisitDecay: true };

async function inFolder<T>(body: (path: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await body(join(folder, "head.bin"));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** All rows of the store. */
function rowsOf(run: HeadRun) {
  return run.store.load(Array.from({ length: run.store.spec.rows }, (_, i) => i));
}

/** The task with the initial values of a run: encoder and head. */
async function startOf(run: HeadRun, task: LinearTask): Promise<LinearTask> {
  const m = task.features;
  const { data } = await rowsOf(run);
  const head = new Float64Array(task.images * m);
  for (let i = 0; i < task.images; i++) head.set(data.subarray(i * 3 * m, i * 3 * m + m), i * m);
  return { ...task, w: Float64Array.from(await encoderOf(run)), head };
}

/** Relative difference of the trained encoder from f64 AdamW on a dense head, and the losses of both. */
async function againstDense(multistep: Multistep, shuffled: boolean) {
  return await inFolder(async (path) => {
    const task = linearTask();
    const order = orderOf(task, shuffled);
    const run = await headRun({ path, task, order, multistep });
    try {
      const start = await startOf(run, task);
      const losses: number[] = [];
      for (let k = 0; k < order.length; k++) {
        await run.advance(k);
        if ((k + 1) % 30 === 0) losses.push(...await run.losses(k - 29, k + 1));
      }
      const dense = trainLinear(start, order, multistep, true);
      return { off: relativeDifference(await encoderOf(run), dense.w), losses, expected: dense.losses };
    } finally {
      await run.close();
    }
  });
}

Deno.test("lazy rows from a store equal a dense head on the GPU, whatever the order", async () => {
  for (const shuffled of [false, true]) {
    for (const [eps, biasCorrection] of [[1e-15, false], [1e-8, true]] as const) {
      const { off, losses, expected } = await againstDense({ ...SPEC, eps, biasCorrection }, shuffled);
      // f64 agrees to 1e-14 (eps 1e-8: 3e-7; the GPU takes no eps of 0); f32 rounds every one of 150 steps: 150 * 2^-24 = 9e-6 at worst.
      assert.ok(off < 1e-5, `shuffled ${shuffled}, eps ${eps}: ${off}`);
      assert.ok(relativeDifference(losses, expected) < 1e-5);
    }
  }
});

Deno.test("eager rows equal a dense head on the GPU in cyclic order, and drift from it under reshuffling", async () => {
  const eager: Multistep = { ...SPEC, mode: "eager" };
  assert.ok((await againstDense(eager, false)).off < 1e-5);
  assert.ok((await againstDense(eager, true)).off > 1e-2);
  assert.ok((await againstDense({ ...eager, mode: "none" }, true)).off > 1e-2);
});

Deno.test("rows handed on between overlapping batches are those that the store would give", async () => {
  // Consecutive batches share rows: what the step just left is handed on in memory.
  const task = linearTask();
  const order = Array.from({ length: 10 }, (_, k) => Array.from({ length: 8 }, (_, i) => (3 * k + i) % 40));
  const overlapping = await inFolder(async (path) => {
    const run = await headRun({ path, task, order, multistep: SPEC, hyper: { projector: 16, hidden: 12 } });
    for (let k = 0; k < 10; k++) await run.advance(k);
    await run.pipeline.drain();
    const losses = await run.losses(0, 10);
    const rows = await rowsOf(run);
    await run.close();
    return { losses, rows };
  });
  // The same with the store asked for every batch when its step begins.
  const separate = await inFolder(async (path) => {
    const run = await headRun({
      path,
      task,
      order,
      multistep: SPEC,
      hyper: { projector: 16, hidden: 12 },
    });
    (run.pipeline.options as { indicesOf: unknown }).indicesOf = () => undefined;
    for (let k = 0; k < 10; k++) await run.advance(k);
    await run.pipeline.drain();
    const losses = await run.losses(0, 10);
    const rows = await rowsOf(run);
    await run.close();
    return { losses, rows };
  });
  assert.deepEqual(overlapping, separate);
  assert.ok(overlapping.losses.every(Number.isFinite));
});

Deno.test("a run that goes on from a checkpoint of the store leaves the same rows", async () => {
  const task = linearTask();
  const order = orderOf(task, true).slice(0, 30);
  const whole = await inFolder(async (path) => {
    const run = await headRun({ path, task, order, multistep: SPEC });
    for (let k = 0; k < 30; k++) await run.advance(k);
    await run.pipeline.drain();
    const rows = await rowsOf(run);
    await run.close();
    return rows;
  });
  const resumed = await inFolder(async (path) => {
    const first = await headRun({ path, task, order, multistep: SPEC });
    for (let k = 0; k < 12; k++) await first.advance(k);
    await first.pipeline.checkpoint(12);
    await first.pipeline.commit(12);
    const tensors = [...first.step.trace.parameters.values(), ...first.step.trace.states.values()];
    const saved = await Promise.all(tensors.map(({ value }) => first.session.read(value)));
    for (let k = 12; k < 19; k++) await first.advance(k);
    await first.close();
    const again = await headRun({ path, task, order, multistep: SPEC, from: 12 });
    const names = new Map([...again.step.trace.parameters, ...again.step.trace.states]);
    tensors.forEach(({ name }, i) => again.session.write(names.get(name)!.value, saved[i]!));
    for (let k = 12; k < 30; k++) await again.advance(k);
    await again.pipeline.drain();
    const rows = await rowsOf(again);
    await again.close();
    return rows;
  });
  assert.deepEqual(resumed, whole);
});

Deno.test("a fault stops the rows on disk at the last good step", async () => {
  await inFolder(async (path) => {
    const task = linearTask();
    const order = orderOf(task, false);
    const run = await headRun({ path, task, order, multistep: SPEC });
    try {
      for (let k = 0; k < 6; k++) await run.advance(k);
      await run.pipeline.drain();
      const good = await rowsOf(run);
      task.x.fill(NaN);
      for (let k = 6; k < 9; k++) await run.advance(k);
      await run.pipeline.drain();
      assert.ok(run.pipeline.halted);
      assert.equal((await readGuard(run.session, run.step.trace))!.step, 6);
      assert.deepEqual(await rowsOf(run), good);
    } finally {
      await run.close();
    }
  });
});

Deno.test("the GPU bytes of S-DIET do not depend on the number of images", async () => {
  const peaks = await Promise.all([40, 1_281_167].map((images) =>
    inFolder(async (path) => {
      const task = { ...linearTask(), images };
      const run = await headRun({ path, task, order: [[0, 1, 2, 3, 4, 5, 6, images - 1]], multistep: SPEC });
      await run.advance(0);
      const bytes = run.session.plan.peakBytes;
      assert.equal(run.session.allocatedBytes, bytes);
      assert.equal(requireHeadRows(run.step.trace).rows.bytes, 8 * 3 * 8 * 4);
      await run.close();
      return bytes;
    })
  ));
  assert.equal(peaks[0], peaks[1]);
});

Deno.test("the pipeline names what does not fit: order of calls, width of the store, optimizer", async () => {
  await inFolder(async (path) => {
    const task = linearTask();
    const run = await headRun({ path, task, order: orderOf(task, false), multistep: SPEC });
    try {
      await assert.rejects(run.pipeline.after(0), /must have been put on the GPU before/);
      await run.advance(0);
      await assert.rejects(run.pipeline.after(1), /found those of step 0/);
    } finally {
      await run.close();
    }
  });
  const adamw = { kind: "adamw", lr: 1e-3, weightDecay: 0.05 } as const;
  const published = {
    mode: "eager",
    period: "epoch",
    biasCorrection: false,
    firstVisitDecay: false,
  } as const;
  assert.throws(
    () => multistepOf({ kind: "sgd", lr: 1 }, published, 5),
    /optimizer must be adamw, found sgd/,
  );
  const schedule = { kind: "cosine", base: 1, steps: 9 } as const;
  assert.throws(() => multistepOf({ ...adamw, weightDecay: schedule }, published, 5), /found a schedule/);
  assert.deepEqual(multistepOf(adamw, { ...published, mode: "lazy", firstVisitDecay: true }, 5), {
    mode: "lazy",
    period: 5,
    lr: 1e-3,
    weightDecay: 0.05,
    biasCorrection: false,
    firstVisitDecay: true,
  });
  assert.equal(multistepOf(adamw, published, 196).period, 196);
  assert.equal(multistepOf(adamw, { ...published, period: 7 }, 196).period, 7);
});
