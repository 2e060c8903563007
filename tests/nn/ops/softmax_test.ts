import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { logSoftmax, logSoftmaxRows, rowThreads, softmax } from "../../../src/nn/ops/softmax.ts";
import { checkOp, randomData } from "../check_op.ts";

for (const [rows, columns] of [[1, 1], [3, 10], [65, 7], [2, 4100]] as const) {
  Deno.test(`softmax and logSoftmax equal their references on [${rows}, ${columns}]`, async () => {
    // Additions of a thread and of the merge, and as many roundings again by rescaled sums.
    const given = {
      inputs: [[rows, columns]],
      terms: 2 * (Math.ceil(columns / 64) + 6),
      targets: [PORTABLE],
    };
    await checkOp(given, (t, [x]) => softmax(t, x!));
    await checkOp(given, (t, [x]) => logSoftmax(t, x!));
  });
}

Deno.test("softmax and logSoftmax bear logits of 1e4 and differences of order 1 among them", async () => {
  for (const x of [randomData(40, 3, 1e4), randomData(40, 4).map((v) => 1e4 + v)]) {
    const given = { inputs: [[4, 10]], data: { 0: x }, terms: 20, targets: [PORTABLE] };
    await checkOp(given, (t, [x]) => softmax(t, x!));
    await checkOp(given, (t, [x]) => logSoftmax(t, x!));
  }
});

Deno.test("logSoftmaxRows is the logarithm of shares that sum to one", () => {
  const y = logSoftmaxRows(Float64Array.of(0, Math.log(3), 5, 5), 2);
  [0.25, 0.75, 0.5, 0.5].forEach((p, i) => assert.ok(Math.abs(Math.exp(y[i]!) - p) < 1e-15));
});

Deno.test("rowThreads gives long rows more threads", () => {
  assert.deepEqual([1, 4096, 4097].map(rowThreads), [64, 64, 256]);
});

Deno.test("softmax refuses what is not a matrix", () => {
  const t = new Trace();
  const x = t.input("x", [2, 3, 4]);
  assert.throws(() => softmax(t, x), {
    message: /Cannot take the softmax of "x": the shape must be \[N, C\]/,
  });
  assert.throws(() => logSoftmax(t, x), { message: /Cannot take the log softmax of "x"/ });
});
