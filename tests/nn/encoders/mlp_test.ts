import assert from "node:assert/strict";
import { mlpEncoder } from "../../../src/nn/encoders/mlp.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";

Deno.test("mlpEncoder flattens images and ends in a linear layer of the last width", () => {
  const t = new Trace();
  const encoder = mlpEncoder(Scope.root(t), { image: 8, dims: [20, 10, 6] });
  assert.equal(encoder.features, 6);
  assert.deepEqual(encoder.apply(t.input("x", [3, 8, 8, 3])).shape, [3, 6]);
  assert.deepEqual([...t.parameters.values()].filter((p) => p.kind === "dense").map((p) => p.value.shape), [
    [192, 20],
    [20, 10],
    [10, 6],
  ]);
  assert.ok(t.parameters.has("layers.6.bias"), "the last layer has a bias, no norm and no ReLU behind it");
  assert.ok(!t.parameters.has("layers.7.weight"));
});
