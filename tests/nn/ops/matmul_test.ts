import assert from "node:assert/strict";
import { addBias, dense, matmul } from "../../../src/nn/ops/matmul.ts";
import { resizeLast } from "../../../src/nn/ops/resize_last.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp, testTargets } from "../check_op.ts";

const SIZES = [[1, 1, 1], [4, 4, 4], [1, 8, 12], [5, 7, 3], [33, 36, 20], [70, 8, 132], [6, 130, 9], [
  40,
  52,
  1,
]];

for (const [m, n, k] of SIZES as [number, number, number][]) {
  Deno.test(`matmul equals its reference for m ${m}, n ${n}, k ${k}, either operand transposed`, async () => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        await checkOp({
          inputs: [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]],
          terms: k,
          gradientTerms: Math.max(m, n),
          targets: await testTargets(),
        }, (t, [a, b]) => matmul(t, a!, b!, { transposeA, transposeB }));
      }
    }
  });
}

Deno.test("matmul keeps its accuracy at large magnitudes", async () => {
  await checkOp(
    { inputs: [[9, 64], [64, 12]], terms: 64, magnitude: 1e4, step: 0 },
    (t, [a, b]) => matmul(t, a!, b!),
  );
});

Deno.test("matmul accepts one value twice", async () => {
  await checkOp(
    { inputs: [[12, 8]], terms: 8, gradientTerms: 24 },
    (t, [a]) => matmul(t, a!, a!, { transposeB: true }),
  );
});

Deno.test("dense adds its bias to every row; bias gradients are column sums", async () => {
  for (const [rows, out] of [[1, 4], [3, 10], [200, 12]] as [number, number][]) {
    await checkOp(
      { inputs: [[rows, 8], [8, out], [out]], terms: 9, gradientTerms: rows + 8 },
      (t, [x, w, b]) => dense(t, x!, w!, b!),
    );
  }
  await checkOp(
    { inputs: [[70, 70, 3], [3]], terms: 1, gradientTerms: 4900 },
    (t, [x, b]) => addBias(t, x!, b!),
  );
});

Deno.test("resizeLast cuts rows or fills them up with zeros", async () => {
  await checkOp({ inputs: [[3, 5]], terms: 1 }, (t, [x]) => resizeLast(t, x!, 8));
  await checkOp({ inputs: [[3, 2, 5]], terms: 1 }, (t, [x]) => resizeLast(t, x!, 2));
});

Deno.test("matmul names both operands when inner dimensions differ", () => {
  const t = new Trace();
  const a = t.input("z1", [512, 2048]);
  const b = t.input("w", [1024, 128]);
  assert.throws(
    () => matmul(t, a, b),
    /Cannot matmul "z1" by "w": inner dimensions must match, current shapes are \[512, 2048\] and \[1024, 128\]/,
  );
});
