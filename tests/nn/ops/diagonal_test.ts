import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { fillDiagonal, squaresByDiagonal } from "../../../src/nn/ops/diagonal.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp, randomData } from "../check_op.ts";

const targets = [PORTABLE];

for (const n of [1, 2, 7, 66, 200]) {
  // A thread adds 64 elements of a span, 64 threads merge; the spans' sums are added by 64 threads again.
  const terms = 64 + 6 + Math.ceil(n * n / 4096) + 6;

  Deno.test(`fillDiagonal and squaresByDiagonal equal their references on [${n}, ${n}]`, async () => {
    const given = { inputs: [[n, n]], targets };
    await checkOp({ ...given, terms: 1 }, (t, [x]) => fillDiagonal(t, x!, -3));
    await checkOp(
      { ...given, terms: 1, magnitude: 1e4, step: 0.1 },
      (t, [x]) => fillDiagonal(t, x!, 0),
    );
    for (const weights of [{ on: 1, off: 0.005, aim: 1 }, { on: 0, off: 1 / n }, { on: 0.5, off: 0 }]) {
      await checkOp({ ...given, terms, gradientTerms: 4 }, (t, [x]) => squaresByDiagonal(t, x!, weights));
    }
  });
}

Deno.test("squaresByDiagonal keeps the digits of small elements beside a huge diagonal", async () => {
  const n = 40;
  const x = randomData(n * n, 5, 1e-3);
  for (let i = 0; i < n; i++) x[i * n + i] = 1e6;
  // All squares less those of the diagonal would leave nothing: the sum is near 0.5, the diagonal adds up to 4e16.
  await checkOp(
    { inputs: [[n, n]], data: { 0: x }, terms: 0, step: 0, targets },
    (t, [x]) => squaresByDiagonal(t, x!, { on: 0, off: 1e3 }),
  );
});

Deno.test("ops of the diagonal refuse matrices that are not square", () => {
  const t = new Trace();
  const x = t.input("x", [4, 3]);
  assert.throws(() => fillDiagonal(t, x, 0), {
    message: 'Cannot fill the diagonal of "x": the shape must be [N, N], current shape is [4, 3].',
  });
  assert.throws(() => squaresByDiagonal(t, x, { on: 1, off: 1 }), { message: /the shape must be \[N, N\]/ });
});
