import assert from "node:assert/strict";
import { permutation, PhiloxStream } from "../../src/base/random.ts";
import {
  absorb,
  type AdamWNumbers,
  advance,
  biasCorrectedScalar,
  decayingSum,
  type Multistep,
  multistepEager,
  multistepLazy,
  MultistepPlan,
  type RowState,
} from "../../src/nn/multistep.ts";
import { linearTask, orderOf, relativeDifference, trainLinear } from "./dense_head.ts";

const PERIODS = [1, 2, 5, 49, 196, 391, 5004];
const RATES = [[1e-3, 0.05], [1e-3, 0], [1e-2, 0.1], [0.4, 0.05]] as const;

function numbers(lr: number, weightDecay: number, eps = 0): AdamWNumbers {
  return { lr, weightDecay, beta1: 0.9, beta2: 0.999, eps };
}

/** A row that has been trained already, and a gradient. */
function sample(size: number, scale: number): { row: RowState; g: Float64Array } {
  const stream = new PhiloxStream([3, 0]);
  const normal = (by: number) => Float64Array.from({ length: size }, () => stream.normal() * by);
  const m = normal(0.1 * scale);
  const v = normal(0.1 * scale).map((x) => x * x);
  return { row: { h: normal(0.1), m, v }, g: normal(scale) };
}

const clone = (row: RowState): RowState => ({ h: row.h.slice(), m: row.m.slice(), v: row.v.slice() });

/** AdamW as everybody writes it, one step at a time. */
function adamw(row: RowState, g: ArrayLike<number> | undefined, o: AdamWNumbers, scale = 1): void {
  absorb(row, g ?? new Float64Array(row.h.length), o.beta1, o.beta2);
  const a = 1 - o.lr * o.weightDecay;
  advance(row, { shrink: a, size: o.lr * scale, mean: 1, square: 1, eps: o.eps });
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

Deno.test("multistepEager equals t sequential AdamW steps to rounding without eps", () => {
  for (const t of PERIODS) {
    for (const [lr, weightDecay] of RATES) {
      for (const scale of [1, 1e-3, 1e-6]) {
        const { row, g } = sample(256, scale);
        const o = numbers(lr, weightDecay);
        const closed = clone(row);
        multistepEager(closed, g, t, o);
        for (let j = 0; j < t; j++) adamw(row, j === 0 ? g : undefined, o);
        // 1e-12 for updates of order 1; the largest rate moves rows by 10 to 30.
        assert.ok(largest(closed.h, row.h) < (lr > 0.1 ? 1e-11 : 1e-12), `t ${t}, lr ${lr}, scale ${scale}`);
        assert.ok(largest(closed.m, row.m) < 1e-15 && largest(closed.v, row.v) < 1e-14);
      }
    }
  }
});

Deno.test("multistepEager keeps within 1e-6 of sequential AdamW with eps 1e-8 and gradients of order 1", () => {
  for (const t of PERIODS) {
    for (const [lr, weightDecay] of RATES.slice(0, 3)) {
      const { row, g } = sample(256, 1);
      const o = numbers(lr, weightDecay, 1e-8);
      const closed = clone(row);
      multistepEager(closed, g, t, o);
      for (let j = 0; j < t; j++) adamw(row, j === 0 ? g : undefined, o);
      assert.ok(largest(closed.h, row.h) < 1e-6, `t ${t}, lr ${lr}: ${largest(closed.h, row.h)}`);
    }
  }
});

Deno.test("multistepEager carries its state through 20 visits, in f64 and in f32", () => {
  const o = numbers(1e-3, 0.05);
  const { row } = sample(256, 1);
  const closed = clone(row);
  const single = clone(row);
  const round = ({ h, m, v }: RowState) =>
    [h, m, v].forEach((x) => x.forEach((e, i) => x[i] = Math.fround(e)));
  round(single);
  const plan = new MultistepPlan({ mode: "eager", period: 49, lr: 1e-3, weightDecay: 0.05, eps: 0 });
  const after = Object.fromEntries(
    Object.entries(plan.after(0)).map(([name, value]) => [name, Math.fround(value)]),
  ) as unknown as ReturnType<MultistepPlan["after"]>;
  for (let visit = 0; visit < 20; visit++) {
    const stream = new PhiloxStream([visit, 7]);
    const g = Float64Array.from({ length: 256 }, () => stream.normal());
    multistepEager(closed, g, 49, o);
    absorb(single, g.map(Math.fround), 0.9, 0.999);
    round(single);
    advance(single, after);
    round(single);
    for (let j = 0; j < 49; j++) adamw(row, j === 0 ? g : undefined, o);
  }
  assert.ok(relativeDifference(closed.h, row.h) < 1e-12);
  assert.ok(relativeDifference(single.h, row.h) < 1e-5);
});

Deno.test("four ways to get the multistep update wrong are further off than 1e-5", () => {
  const o = numbers(1e-3, 0.05);
  const t = 49;
  const { row, g } = sample(256, 1);
  const truth = clone(row);
  for (let j = 0; j < t; j++) adamw(truth, j === 0 ? g : undefined, o);
  const mu = o.beta1 / Math.sqrt(o.beta2);
  const a = 1 - o.lr * o.weightDecay;
  const variant = (change: { n?: number; factor?: number; m?: "before" | "decayed" }): number => {
    const wrong = clone(row);
    adamw(wrong, g, o);
    const n = change.n ?? t - 1;
    const m = change.m === "before" ? row.m : wrong.m;
    const late = change.m === "decayed" ? o.beta1 ** n : 1;
    const size = o.lr * decayingSum(a, mu, n) * (change.factor ?? 1) * late;
    advance({ ...wrong, m: m.slice() }, { shrink: a ** n, size, mean: 1, square: 1, eps: 0 });
    return largest(wrong.h, truth.h);
  };
  assert.ok(variant({}) < 1e-12, "the right one");
  assert.ok(variant({ m: "before" }) > 1e-5, "m before the real step");
  assert.ok(variant({ m: "decayed" }) > 1e-5, "m after the decay");
  assert.ok(variant({ factor: 1 / mu }) > 1e-5, "alpha2 without its factor mu");
  assert.ok(variant({ n: t }) > 1e-5, "exponents t instead of t - 1");
});

Deno.test("biasCorrectedScalar equals t sequential steps of AdamW with bias correction", () => {
  for (const [lr, weightDecay] of RATES.slice(0, 3)) {
    for (const k of [0, 1, 48, 1000]) {
      for (const t of [1, 2, 49, 391]) {
        const o = numbers(lr, weightDecay);
        const { row, g } = sample(64, 1);
        const closed = clone(row);
        absorb(closed, g, o.beta1, o.beta2);
        const c = biasCorrectedScalar(k, t, o);
        advance(closed, { shrink: (1 - lr * weightDecay) ** t, size: lr * c, mean: 1, square: 1, eps: 0 });
        for (let j = 0; j < t; j++) {
          const scale = Math.sqrt(1 - 0.999 ** (k + j + 1)) / (1 - 0.9 ** (k + j + 1));
          adamw(row, j === 0 ? g : undefined, o, scale);
        }
        assert.ok(largest(closed.h, row.h) < 1e-12, `lr ${lr}, k ${k}, t ${t}`);
      }
    }
  }
});

Deno.test("a row's first visit moves it by 31.77 rates without bias correction and 6.01 with it", () => {
  const o = numbers(1e-3, 0);
  const row = { h: new Float64Array(1), m: new Float64Array(1), v: new Float64Array(1) };
  const corrected = clone(row);
  multistepEager(row, [1], 5004, o);
  assert.ok(Math.abs(-row.h[0]! / o.lr - 31.77) < 0.01, String(row.h[0]));
  absorb(corrected, [1], 0.9, 0.999);
  const size = o.lr * biasCorrectedScalar(0, 5004, o);
  advance(corrected, { shrink: 1, size, mean: 1, square: 1, eps: 0 });
  assert.ok(Math.abs(-corrected.h[0]! / o.lr - 6.01) < 0.01, String(corrected.h[0]));
});

Deno.test("decayingSum is the plain sum, also where its quotient would cancel", () => {
  for (const [a, mu] of [[0.99995, 0.9004], [0.9004, 0.9004], [0.90045, 0.9004], [0.5, 0.9]] as const) {
    for (const n of [0, 1, 7, 300]) {
      let sum = 0;
      for (let j = 1; j <= n; j++) sum += a ** (n - j) * mu ** j;
      assert.ok(Math.abs(decayingSum(a, mu, n) - sum) <= 1e-13 * Math.max(1, sum), `${a} ${mu} ${n}`);
    }
  }
});

const SPEC: Multistep = { mode: "lazy", period: 5, lr: 1e-2, weightDecay: 0.05, eps: 0 };
const SCHEDULE = { kind: "cosine", base: 1e-2, steps: 150, warmup: 10 } as const;

Deno.test("lazy rows equal a dense head in any order, with and without bias correction, at any schedule", () => {
  const task = linearTask(12, 6);
  for (const shuffled of [false, true]) {
    const order = orderOf(task, shuffled);
    for (const biasCorrection of [false, true]) {
      for (const lr of [1e-2, SCHEDULE]) {
        const spec = { ...SPEC, lr, biasCorrection };
        const dense = trainLinear(task, order, spec, true);
        const lazy = trainLinear(task, order, spec, false);
        const what = `shuffled ${shuffled}, correction ${biasCorrection}, lr ${JSON.stringify(lr)}`;
        assert.ok(relativeDifference(lazy.w, dense.w) < 1e-12, what);
        assert.ok(dense.losses.at(-1)! < dense.losses[0]!, what);
      }
    }
  }
  const eps = { ...SPEC, eps: 1e-8 };
  const order = orderOf(task, true);
  const off = relativeDifference(
    trainLinear(task, order, eps, false).w,
    trainLinear(task, order, eps, true).w,
  );
  assert.ok(off < 1e-5, `eps kept as it is: ${off}`); // each term is off by eps / sqrt(v) at most
});

Deno.test("eager rows equal a dense head in cyclic order with first-visit decay, and nowhere else", () => {
  const task = linearTask(12, 6);
  for (const biasCorrection of [false, true]) {
    const spec: Multistep = { ...SPEC, mode: "eager", biasCorrection, firstVisitDecay: true };
    const cyclic = orderOf(task, false);
    const shuffled = orderOf(task, true);
    const off = (order: number[][], change: Partial<Multistep> = {}) =>
      relativeDifference(
        trainLinear(task, order, { ...spec, ...change }, false).w,
        trainLinear(task, order, spec, true).w,
      );
    assert.ok(off(cyclic) < 1e-12);
    assert.ok(off(cyclic, { firstVisitDecay: false }) > 1e-5);
    // Bias correction makes the first steps smaller, and with them what a wrong gap does.
    assert.ok(off(shuffled) > (biasCorrection ? 1e-3 : 1e-2), "a reshuffled epoch breaks the fixed period");
    assert.ok(off(cyclic, { mode: "none" }) > 1e-2, "moments that wait are not a dense head");
  }
});

Deno.test("multistepLazy is what the plan asks of a row before a visit", () => {
  const { row } = sample(32, 1);
  const other = clone(row);
  multistepLazy(row, 7, numbers(1e-2, 0.05));
  advance(other, new MultistepPlan(SPEC).before(20, 12));
  assert.deepEqual(other, row);
});

Deno.test("gaps between visits under reshuffling have mean t and deviation sqrt((t^2 - 1) / 6)", () => {
  const t = 25, batch = 4, images = t * batch, epochs = 60;
  const last = new Int32Array(images).fill(-1);
  const gaps: number[] = [];
  for (let epoch = 0; epoch < epochs; epoch++) {
    permutation(images, 9, epoch).forEach((image, at) => {
      const step = epoch * t + Math.floor(at / batch);
      if (last[image]! >= 0) gaps.push(step - last[image]!);
      last[image] = step;
    });
  }
  const mean = gaps.reduce((a, b) => a + b) / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((a, g) => a + (g - mean) ** 2, 0) / gaps.length);
  // 5900 gaps: five standard errors of the mean are 0.7, telescoping sums make it far smaller; 3 % for the deviation.
  assert.ok(Math.abs(mean - t) < 0.5, `mean ${mean}`);
  assert.ok(Math.abs(deviation / Math.sqrt((t * t - 1) / 6) - 1) < 0.03, `deviation ${deviation}`);
});

Deno.test("MultistepPlan refuses what it cannot plan", () => {
  assert.throws(() => new MultistepPlan({ ...SPEC, period: 2.5 }), /period must be a positive integer/);
  assert.throws(() => new MultistepPlan({ ...SPEC, beta2: 0.5 }), /beta1 must be below the root/);
  assert.throws(() => new MultistepPlan({ ...SPEC, weightDecay: 200 }).after(0), /must be below 1/);
  assert.throws(() => new MultistepPlan(SPEC).before(4, 4), /last visit must lie before step 4/);
});
