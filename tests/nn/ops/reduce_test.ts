import assert from "node:assert/strict";
import { dot, dotWith, mean, sum } from "../../../src/nn/ops/reduce.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp } from "../check_op.ts";

/** Additions behind a sum: 64 in a lane's chain of 4096 / 64, 6 levels of the tree, then the partial sums. */
const terms = (n: number): number => Math.min(n, 64) + 6 + Math.ceil(n / 4096);

for (const shape of [[1], [7, 3], [4096], [4097], [3, 5000]]) {
  const n = shape.reduce((a, b) => a * b, 1);
  Deno.test(`sum, mean and dot of ${n} elements equal their reference`, async () => {
    await checkOp({ inputs: [shape], terms: terms(n) }, (t, [x]) => sum(t, x!, 0.5));
    await checkOp({ inputs: [shape], terms: terms(n), magnitude: 1e3 }, (t, [x]) => mean(t, x!));
    await checkOp({ inputs: [shape, shape], terms: terms(n) }, (t, [a, b]) => dot(t, a!, b!, -2));
  });
}

Deno.test("dotWith needs one weight a value", () => {
  const t = new Trace();
  assert.throws(() => dotWith(t, [t.input("x", [2])], []), /one each is needed/);
});
