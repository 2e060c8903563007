import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { exp, hinge, log, reciprocal, sqrt, square } from "../../../src/nn/ops/unary.ts";
import { checkOp, randomData } from "../check_op.ts";

// exp and log are right to a few units in the last place, as WGSL asks; nothing is added up.
const terms = 1;
const targets = [PORTABLE];

for (const shape of [[1], [3, 5], [300, 17]]) {
  const size = shape.reduce((a, b) => a * b, 1);
  const positive = { 0: randomData(size, 6).map((v) => 1.2 + v) };

  Deno.test(`unary functions equal their references on [${shape}]`, async () => {
    await checkOp({ inputs: [shape], terms, magnitude: 3, targets }, (t, [x]) => exp(t, x!));
    await checkOp({ inputs: [shape], data: positive, terms, targets }, (t, [x]) => log(t, x!));
    await checkOp({ inputs: [shape], data: positive, terms, targets }, (t, [x]) => sqrt(t, x!));
    await checkOp({ inputs: [shape], data: positive, terms, targets }, (t, [x]) => reciprocal(t, x!));
    await checkOp({ inputs: [shape], terms, magnitude: 100, targets }, (t, [x]) => square(t, x!));
    await checkOp(
      { inputs: [shape], terms, magnitude: 2, step: 1e-7, targets },
      (t, [x]) => hinge(t, x!, 0.75),
    );
  });
}

Deno.test("the rule of square takes a cotangent that is its own input", () => {
  const t = new Trace();
  const x = t.input("x", [7]);
  const [dx] = t.producer(square(t, x))!.vjp([x], [true]);
  assert.deepEqual(dx!.shape, [7]);
});
