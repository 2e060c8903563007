import assert from "node:assert/strict";
import { addBias } from "../../../src/nn/ops/bias.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp } from "../check_op.ts";

for (const shape of [[1, 1], [1, 7], [300, 4], [2, 5, 3, 6], [1000, 10]]) {
  Deno.test(`addBias equals its reference on [${shape}]`, async () => {
    const rows = shape.slice(0, -1).reduce((a, b) => a * b, 1);
    await checkOp(
      { inputs: [shape, shape.slice(-1)], terms: 1, gradientTerms: rows },
      (t, [x, b]) => addBias(t, x!, b!),
    );
  });
}

Deno.test("addBias needs one offset a column", () => {
  const t = new Trace();
  assert.throws(
    () => addBias(t, t.input("x", [4, 5]), t.input("b", [4])),
    /current shapes are \[4, 5\] and \[4\]/,
  );
});
