import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Session } from "../../../src/gpu/session.ts";
import { guardFlag } from "../../../src/nn/guard.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { batchNorm, STATISTICS_EFFECT } from "../../../src/nn/ops/norm.ts";
import { checkOp, compare, EPS, randomData, testDevice } from "../check_op.ts";

/** Channels of every remainder by four, one and several workgroups wide, one and several splits of the rows. */
const SHAPES: readonly (readonly number[])[] = [
  [2, 1],
  [2, 4],
  [1, 3, 5, 3],
  [2, 7, 9, 8],
  [3, 5, 5, 24],
  [2, 1, 3, 132],
  [2, 3, 70],
  [1100, 4],
  [33, 37, 1],
  [9, 11, 13, 6],
];

/** Additions behind one statistic: 16 rows of a chunk, its chunks, six merges of threads, a sixteenth of the splits. */
function chain(rows: number): number {
  return 16 + 6 + Math.ceil(rows / 16);
}

for (const shape of SHAPES) {
  const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
  const c = shape.at(-1)!;
  const affine = [[c], [c]];
  // With few rows rstd reaches 1 / sqrt(eps); a larger eps bounds how much it amplifies the roundings of the mean.
  const eps = 1e-2;
  const terms = chain(rows);
  // A step so small that it takes no element across the kink of the ReLU; there is one kernel for every target.
  const sizes = { terms, gradientTerms: 4 * terms, step: 1e-7, targets: [PORTABLE] };

  Deno.test(`batchNorm with batch statistics equals its reference on [${shape}]`, async () => {
    const given = { inputs: [shape, ...affine], ...sizes };
    await checkOp(
      given,
      (t, [x, gamma, beta]) => batchNorm(t, x!, { gamma: gamma!, beta: beta! }, { mode: "frozen", eps }),
    );
    await checkOp(
      given,
      (t, [x, gamma, beta]) =>
        batchNorm(t, x!, { gamma: gamma!, beta: beta! }, { mode: "frozen", eps, relu: true }),
    );
  });

  Deno.test(`batchNorm with residual equals its reference on [${shape}]`, async () => {
    for (const relu of [false, true]) {
      await checkOp(
        { inputs: [shape, ...affine, shape], ...sizes },
        (t, [x, gamma, beta, residual]) =>
          batchNorm(t, x!, { gamma: gamma!, beta: beta! }, { mode: "frozen", eps, relu, residual }),
      );
    }
  });

  Deno.test(`batchNorm with stored statistics equals its reference on [${shape}]`, async () => {
    const variance = randomData(c, 5).map((v) => 1 + v / 2);
    for (const relu of [false, true]) {
      for (const withResidual of [false, true]) {
        await checkOp(
          {
            inputs: [shape, [c], [c], [c], [c], shape],
            data: { 4: variance },
            skip: withResidual ? [3, 4] : [3, 4, 5],
            ...sizes,
          },
          (t, [x, gamma, beta, runningMean, runningVariance, residual]) =>
            batchNorm(
              t,
              x!,
              { gamma: gamma!, beta: beta!, runningMean: runningMean!, runningVariance: runningVariance! },
              { mode: "eval", eps, relu, ...(withResidual && { residual }) },
            ),
        );
      }
    }
  });
}

Deno.test("batchNorm works without gamma and beta, and with its input as residual", async () => {
  await checkOp(
    { inputs: [[6, 5]], terms: 40 },
    (t, [x]) => batchNorm(t, x!, {}, { mode: "frozen", eps: 0.1 }),
  );
  await checkOp(
    { inputs: [[6, 8]], terms: 40 },
    (t, [x]) => batchNorm(t, x!, {}, { mode: "frozen", eps: 0.1, relu: true, residual: x! }),
  );
});

Deno.test("batchNorm finds the variance of data far from zero", async () => {
  // sd 0.58 about 1e4. The mean itself rounds to half a unit in the last place, 5e-4, which bounds any f32 result;
  // a variance from sums of squares would be off by 1e8 * EPS = 6, ten times its value.
  for (const shape of [[4, 9, 9, 8], [3000, 3]]) {
    const c = shape.at(-1)!;
    const size = shape.reduce((a, b) => a * b, 1);
    const far = randomData(size, 7).map((v) => 1e4 + v);
    far[0] = 0; // the first row of a chunk, the shift, is an outlier
    const t = new Trace();
    const x = t.input("x", shape);
    const y = t.program.output(batchNorm(t, x, {}, { mode: "frozen" }));
    const session = await Session.bind(await testDevice(), plan(t.program));
    try {
      session.write(x, far);
      session.replay();
      const got = await session.read(y);
      const node = t.producer(y)!;
      const expected = node.reference([
        Float64Array.from(far),
        new Float64Array(c).fill(1),
        new Float64Array(c),
      ])[0]!;
      const meanRounding = 2 * 1e4 * EPS / 0.5;
      compare("far from zero", got, expected, chain(size / c), 1, meanRounding);
    } finally {
      session.close();
    }
  }
});

/** Runs one training-mode step; gives running statistics before and after. */
async function trainOnce(rows: number, c: number, freeze: boolean, halt = false) {
  const t = new Trace();
  const x = t.input("x", [rows, c]);
  const arena = t.program.arena("state", "state");
  const runningMean = t.state(arena, "mean", [c], (_, n) => new Float32Array(n));
  const runningVariance = t.state(arena, "variance", [c], (_, n) => new Float32Array(n).fill(1));
  t.program.output(batchNorm(t, x, { runningMean, runningVariance }, { mode: "train" }));
  t.recordLater();
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    const data = randomData(rows * c, 3, 2);
    const before = [randomData(c, 8), randomData(c, 9).map((v) => 2 + v)] as const;
    if (halt) session.write(guardFlag(t), Uint32Array.of(1, 0));
    session.write(x, data);
    session.write(runningMean, before[0]);
    session.write(runningVariance, before[1]);
    session.replay(freeze ? { freeze: [STATISTICS_EFFECT] } : {});
    return {
      data,
      before,
      mean: await session.read(runningMean),
      variance: await session.read(runningVariance),
    };
  } finally {
    session.close();
  }
}

Deno.test("batchNorm in training averages mean and unbiased variance into the running statistics", async () => {
  for (const [rows, c] of [[2, 3], [50, 8], [700, 5]] as const) {
    const { data, before, mean, variance } = await trainOnce(rows, c, false);
    const expected = [new Float64Array(c), new Float64Array(c)] as const;
    for (let j = 0; j < c; j++) {
      const column = Array.from({ length: rows }, (_, i) => data[i * c + j]!);
      const m = column.reduce((a, b) => a + b, 0) / rows;
      const unbiased = column.reduce((a, v) => a + (v - m) ** 2, 0) / (rows - 1);
      expected[0][j] = 0.9 * before[0][j]! + 0.1 * m;
      expected[1][j] = 0.9 * before[1][j]! + 0.1 * unbiased;
    }
    compare("running mean", mean, expected[0], chain(rows));
    compare("running variance", variance, expected[1], chain(rows));
  }
});

Deno.test("batchNorm leaves the running statistics alone where the effect is frozen", async () => {
  const { before, mean, variance } = await trainOnce(20, 4, true);
  assert.deepEqual([mean, variance], [before[0], before[1]]);
});

Deno.test("batchNorm refuses batch statistics of one row and missing stored statistics", () => {
  const t = new Trace();
  const x = t.input("x", [1, 1, 1, 8]);
  assert.throws(
    () => batchNorm(t, x, {}, { mode: "frozen" }),
    {
      message:
        /Cannot batch-normalise "x" \[1, 1, 1, 8\]: batch statistics need at least 2 rows, current number is 1/,
    },
  );
  assert.throws(() => batchNorm(t, x, {}, { mode: "eval" }), {
    message: /mode "eval" needs running statistics/,
  });
  const gamma = t.input("gamma", [4]);
  assert.throws(() => batchNorm(t, x, { gamma }, { mode: "frozen" }), { message: /must have 8 elements/ });
});

Deno.test("batchNorm leaves the running statistics alone once the guard has found a fault", async () => {
  const { before, mean, variance } = await trainOnce(20, 5, false, true);
  assert.deepEqual([mean, variance], [before[0], before[1]]);
});
