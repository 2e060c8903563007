import assert from "node:assert/strict";
import { interpret } from "../../src/nn/interpret.ts";
import { multiply, reshape } from "../../src/nn/ops/elementwise.ts";
import { sum } from "../../src/nn/ops/reduce.ts";
import { Trace } from "../../src/nn/trace.ts";

Deno.test("interpret computes in f64 what f32 cannot hold", () => {
  const t = new Trace();
  const x = t.input("x", [2]);
  const y = sum(t, multiply(t, x, x));
  const [value] = interpret(t, new Map([[x, [1e8, 1]]]), [y]);
  assert.equal(value![0], 1e16 + 1);
});

Deno.test("interpret sees through aliases and starts from given intermediate values", () => {
  const t = new Trace();
  const x = t.input("x", [4]);
  const square = multiply(t, x, x);
  const y = sum(t, reshape(t, square, [2, 2]));
  assert.equal(interpret(t, new Map([[x, [1, 2, 3, 4]]]), [y])[0]![0], 30);
  assert.equal(interpret(t, new Map([[square, [1, 1, 1, 1]]]), [y])[0]![0], 4);
  assert.throws(() => interpret(t, new Map(), [y]), /Cannot interpret "x" \[4\]: nothing computes it/);
});
