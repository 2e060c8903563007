import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { l2Normalise } from "../../../src/nn/ops/l2.ts";
import { checkOp } from "../check_op.ts";

for (const shape of [[1, 1], [1, 7], [5, 64], [3, 130], [70, 3]]) {
  Deno.test(`l2Normalise equals its reference on [${shape}]`, async () => {
    // Additions of a thread and of the merge, in forward and backward pass.
    const terms = 2 * (Math.ceil(shape[1]! / 64) + 6);
    await checkOp({ inputs: [shape], terms, targets: [PORTABLE] }, (t, [x]) => l2Normalise(t, x!));
    // Lengths of 1e4: gradients are of order 1e-4, the step scales with the data.
    await checkOp(
      { inputs: [shape], terms, magnitude: 1e4, step: 0.1, targets: [PORTABLE] },
      (t, [x]) => l2Normalise(t, x!),
    );
  });
}

Deno.test("l2Normalise divides by eps where a row is shorter, zero rows among them", async () => {
  const data = { 0: Float32Array.of(0, 0, 0, 0.1, -0.2, 0.1, 3, 4, 12) };
  await checkOp(
    { inputs: [[3, 3]], data, terms: 14, targets: [PORTABLE] },
    (t, [x]) => l2Normalise(t, x!, { eps: 0.5 }),
  );
});

Deno.test("l2Normalise refuses what is not a matrix", () => {
  const t = new Trace();
  assert.throws(() => l2Normalise(t, t.input("x", [2, 3, 4])), { message: /the shape must be \[N, D\]/ });
});
