import assert from "node:assert/strict";
import { interpret } from "../../src/nn/interpret.ts";
import { batchNorm, conv, linear, mlp } from "../../src/nn/layers.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace } from "../../src/nn/trace.ts";
import { randomData } from "./check_op.ts";

function root(mode: "train" | "eval" | "frozen" = "train") {
  const t = new Trace();
  return { t, s: Scope.root(t, {}, mode) };
}

Deno.test("conv creates an HWIO weight per group and a bias only when asked", () => {
  const { t, s } = root();
  const plain = conv(s, "a", { inChannels: 4, outChannels: 6, kernel: 3, padding: 1, groups: 2 });
  assert.deepEqual([...t.parameters.keys()], ["a.weight"]);
  assert.deepEqual(t.parameters.get("a.weight")!.value.shape, [3, 3, 2, 6]);
  conv(s, "b", { inChannels: 4, outChannels: 6, kernel: 1, bias: true });
  assert.deepEqual(t.parameters.get("b.bias")!.value.shape, [6]);
  const x = t.input("x", [2, 5, 5, 4]);
  assert.deepEqual(plain(x).shape, [2, 5, 5, 6]);
  assert.deepEqual(plain(x).shape, [2, 5, 5, 6], "applied twice, the weight is shared");
  assert.equal(t.parameters.size, 3);
});

Deno.test("conv adds its bias to every pixel", () => {
  const { t, s } = root();
  const x = t.input("x", [1, 2, 2, 1]);
  const y = conv(s, "c", { inChannels: 1, outChannels: 2, kernel: 1, bias: true })(x);
  const at = (name: string) => t.parameters.get(name)!.value;
  const [got] = interpret(
    t,
    new Map([[x, [1, 2, 3, 4]], [at("c.weight"), [2, -1]], [at("c.bias"), [10, 20]]]),
    [y],
  );
  assert.deepEqual([...got!], [12, 19, 14, 18, 16, 17, 18, 16]);
});

Deno.test("batchNorm names parameters and statistics as PyTorch does; without affine there are no parameters", () => {
  const { t, s } = root();
  batchNorm(s.child("layer1"), "bn", 3);
  assert.deepEqual([...t.parameters.keys()], ["layer1.bn.weight", "layer1.bn.bias"]);
  assert.deepEqual([...t.states.keys()], ["layer1.bn.running_mean", "layer1.bn.running_var"]);
  const plain = root();
  const y = batchNorm(plain.s, "bn", 3, { affine: false })(plain.t.input("x", [4, 3]));
  assert.equal(plain.t.parameters.size, 0);
  assert.deepEqual(y.shape, [4, 3]);
});

Deno.test("batchNorm follows the scope's mode: only training updates the statistics", () => {
  for (const [mode, effects] of [["train", 1], ["eval", 0], ["frozen", 0]] as const) {
    const { t, s } = root(mode);
    batchNorm(s, "bn", 4, { relu: true })(t.input("x", [8, 4]));
    t.recordLater();
    assert.equal(t.program.effects.length, effects, mode);
  }
});

Deno.test("linear is x w + b, and has no bias when told so", () => {
  const { t, s } = root();
  const x = t.input("x", [1, 2]);
  const y = linear(s, "fc", 2, 2)(x);
  const at = (name: string) => t.parameters.get(name)!.value;
  const [got] = interpret(
    t,
    new Map([[x, [1, 2]], [at("fc.weight"), [1, 2, 3, 4]], [at("fc.bias"), [10, 20]]]),
    [y],
  );
  assert.deepEqual([...got!], [17, 30]);
  linear(s, "free", 2, 3, { bias: false });
  assert.ok(!t.parameters.has("free.bias"));
});

Deno.test("mlp numbers its layers as torch.nn.Sequential does and leaves out biases in front of norms", () => {
  const { t, s } = root();
  const layer = mlp(s, "projector", [4, 6, 6, 2], { lastNorm: "plain" });
  assert.deepEqual([...t.parameters.keys()], [
    "projector.0.weight",
    "projector.1.weight",
    "projector.1.bias",
    "projector.3.weight",
    "projector.4.weight",
    "projector.4.bias",
    "projector.6.weight",
  ]);
  assert.ok(t.states.has("projector.7.running_mean"));
  assert.deepEqual(layer(t.input("x", [5, 4])).shape, [5, 2]);
});

Deno.test("mlp without norms is linear, ReLU, linear", () => {
  const { t, s } = root();
  const x = t.input("x", [3, 4]);
  const y = mlp(s, "head", [4, 5, 2], { norm: false })(x);
  assert.deepEqual([...t.parameters.keys()], [
    "head.0.weight",
    "head.0.bias",
    "head.2.weight",
    "head.2.bias",
  ]);
  const feeds = new Map([[x, randomData(12, 1)]]);
  for (const [i, p] of [...t.parameters.values()].entries()) {
    feeds.set(p.value, randomData(p.value.size, 10 + i));
  }
  const [w0, b0, w2, b2] = [...t.parameters.values()].map((p) => feeds.get(p.value)!) as Float32Array[];
  const h = Array.from({ length: 5 }, (_, j) => {
    let sum = b0![j]!;
    for (let i = 0; i < 4; i++) sum += feeds.get(x)![i]! * w0![i * 5 + j]!;
    return Math.max(sum, 0);
  });
  const expected = h.reduce((sum, v, j) => sum + v * w2![j * 2]!, b2![0]!);
  const [got] = interpret(t, feeds, [y]);
  assert.ok(Math.abs(got![0]! - expected) < 1e-12, "first row, first column; f64 sums of ten terms");
});

Deno.test("mlp has the norm behind its last layer that is asked for", () => {
  const last = (lastNorm: "none" | "affine" | "scale" | "plain") => {
    const { t, s } = root();
    mlp(s, "p", [4, 6, 2], { lastNorm });
    return [...t.parameters.keys()].filter((name) => /^p\.[34]/.test(name));
  };
  assert.deepEqual(last("none"), ["p.3.weight", "p.3.bias"]);
  assert.deepEqual(last("affine"), ["p.3.weight", "p.4.weight", "p.4.bias"]);
  assert.deepEqual(last("scale"), ["p.3.weight", "p.4.weight"]);
  assert.deepEqual(last("plain"), ["p.3.weight"]);
});

Deno.test("mlp says what it needs when it is given one width", () => {
  assert.throws(() => mlp(root().s, "p", [4]), {
    name: "AssayError",
    message: /needs at least 2 widths, found 1/,
  });
});
