import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Session } from "../../../src/gpu/session.ts";
import { grad } from "../../../src/nn/grad.ts";
import { Trace } from "../../../src/nn/trace.ts";
import {
  crossEntropyRows,
  crossEntropyRowsSoft,
  mse,
  softmaxCrossEntropy,
  softmaxCrossEntropySoft,
} from "../../../src/nn/ops/loss.ts";
import { logSoftmaxRows } from "../../../src/nn/ops/softmax.ts";
import { checkOp, compare, randomData, testDevice } from "../check_op.ts";

const targets = [PORTABLE];

function labelsOf(rows: number, columns: number): Uint32Array<ArrayBuffer> {
  // First, last and some between.
  return Uint32Array.from({ length: rows }, (_, i) => i === 0 ? columns - 1 : (i * 7) % columns);
}

/** Additions of one row: those of a thread and of the merge, and as many roundings again by rescaled sums. */
const chain = (columns: number): number => 2 * (Math.ceil(columns / 64) + 6);

for (const [rows, columns] of [[1, 1], [1, 2], [3, 10], [7, 65], [70, 100], [2, 4100], [5, 257]] as const) {
  Deno.test(`cross-entropy equals its reference on [${rows}, ${columns}]`, async () => {
    const terms = chain(columns);
    const data = { 1: labelsOf(rows, columns) };
    for (const smoothing of [0, 0.1]) {
      await checkOp(
        { inputs: [[rows, columns], [rows]], data, terms, magnitude: 4, targets },
        (t, [x, labels]) => crossEntropyRows(t, x!, labels!, { smoothing }),
      );
    }
    await checkOp(
      { inputs: [[rows, columns], [rows]], data, terms: terms + rows, targets },
      (t, [x, labels]) => softmaxCrossEntropy(t, x!, labels!),
    );
  });

  Deno.test(`cross-entropy with soft targets equals its reference on [${rows}, ${columns}]`, async () => {
    // Weights as they come: negative ones and sums other than one are allowed. The sum of products adds its own chain.
    const given = { inputs: [[rows, columns], [rows, columns]], terms: 3 * chain(columns) + rows, targets };
    await checkOp(given, (t, [x, w]) => crossEntropyRowsSoft(t, x!, w!));
    await checkOp(given, (t, [x, w]) => softmaxCrossEntropySoft(t, x!, w!));
  });
}

Deno.test("cross-entropy of large logits neither overflows nor cancels", async () => {
  const rows = 6, columns = 33;
  const x = randomData(rows * columns, 4, 1e4);
  const near = randomData(rows * columns, 5).map((v) => 1e4 + v); // differences of order 1 far from zero
  for (const data of [x, near]) {
    await checkOp(
      {
        inputs: [[rows, columns], [rows]],
        data: { 0: data, 1: labelsOf(rows, columns) },
        terms: chain(columns),
        targets,
      },
      (t, [x, labels]) => crossEntropyRows(t, x!, labels!, { smoothing: 0.2 }),
    );
  }
});

Deno.test("cross-entropy of 1.3 million columns equals softmax less target", async () => {
  const columns = 1_300_000, label = 1_234_567;
  const data = randomData(columns, 11, 5);
  const t = new Trace();
  const x = t.input("x", [1, columns]);
  const labels = t.input("labels", [1], "u32");
  const loss = t.program.output(softmaxCrossEntropy(t, x, labels, { smoothing: 0.1 }));
  const dx = t.program.output(grad(t, loss, [x])[0]!);
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    session.write(x, data);
    session.write(labels, Uint32Array.of(label));
    session.replay();
    const log = logSoftmaxRows(Float64Array.from(data), columns);
    const even = 0.1 / columns;
    const expected = -0.9 * log[label]! - even * log.reduce((a, b) => a + b, 0);
    // 256 threads of 5079 columns, eight merges; as many roundings again by rescaled sums.
    const terms = 2 * (Math.ceil(columns / 256) + 8);
    compare("loss", await session.read(loss), [expected], terms);
    // Shares are of order 1e-6 and 1e-4 at most, so the tolerance is relative to them, the label's own element apart.
    const shares = log.map((v) => Math.exp(v) - even);
    const got = await session.read(dx);
    compare("label", [got[label]!], [shares[label]! - 0.9], 1);
    got[label] = shares[label]!;
    compare("other columns", got, shares, terms, 0);
  } finally {
    session.close();
  }
});

Deno.test("cross-entropy accepts its logits as targets", async () => {
  await checkOp({ inputs: [[3, 5]], terms: 30, targets }, (t, [x]) => crossEntropyRowsSoft(t, x!, x!));
});

/** Loss of each row for given logits and labels. */
async function rowLosses(logits: Float32Array<ArrayBuffer>, labels: number[]): Promise<Float32Array> {
  const t = new Trace();
  const x = t.input("x", [labels.length, logits.length / labels.length]);
  const l = t.input("labels", [labels.length], "u32");
  const y = t.program.output(crossEntropyRows(t, x, l));
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    session.write(x, logits);
    session.write(l, Uint32Array.from(labels));
    session.replay();
    return await session.read(y);
  } finally {
    session.close();
  }
}

Deno.test("crossEntropyRows makes the row of a label past the columns NaN, and no other", async () => {
  const losses = await rowLosses(new Float32Array(12), [0, 3, 2, 2 ** 32 - 1]);
  assert.deepEqual([...losses].map(Number.isNaN), [false, true, false, true]);
});

Deno.test("crossEntropyRows lets a NaN or infinite logit through to the loss", async () => {
  const logits = new Float32Array(9);
  logits[1] = NaN;
  logits[5] = Infinity;
  logits[8] = -Infinity; // a masked column is none of the label's business
  const losses = await rowLosses(logits, [0, 0, 0]);
  assert.ok(!Number.isFinite(losses[0]!) && !Number.isFinite(losses[1]!));
  assert.ok(Math.abs(losses[2]! - Math.LN2) < 1e-6);
});

Deno.test("mse equals its reference", async () => {
  for (const shape of [[1], [3, 5], [2, 4096], [3, 50, 61]]) {
    const size = shape.reduce((a, b) => a * b, 1);
    await checkOp(
      { inputs: [shape, shape], terms: 64 + 6 + Math.ceil(size / 4096), targets },
      (t, [a, b]) => mse(t, a!, b!),
    );
  }
  await checkOp({ inputs: [[4, 3]], terms: 64, targets }, (t, [a]) => mse(t, a!, a!));
});

Deno.test("losses refuse shapes that do not fit", () => {
  const t = new Trace();
  const x = t.input("x", [4, 5]);
  assert.throws(() => softmaxCrossEntropy(t, x, t.input("short", [3], "u32")), {
    message:
      'Cannot take the cross-entropy of "x" by "short": logits must be [N, C] and labels u32 [N], current shapes are [4, 5] and [3].',
  });
  assert.throws(() => softmaxCrossEntropySoft(t, x, t.input("wide", [4, 6])), {
    message: /must both be \[N, C\]/,
  });
  assert.throws(() => mse(t, x, t.input("flat", [20])), { message: /shapes must be equal/ });
});
