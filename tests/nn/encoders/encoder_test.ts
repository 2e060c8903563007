import assert from "node:assert/strict";
import { assemble, kept, stemFor } from "../../../src/nn/encoders/encoder.ts";
import { encoderByName, encoderNames } from "../../../src/nn/encoders/table.ts";
import { linear } from "../../../src/nn/layers.ts";
import { reshape } from "../../../src/nn/ops/elementwise.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";

Deno.test("assemble chains the stages, and gives the pool's parameters to the last", () => {
  const t = new Trace();
  const s = Scope.root(t);
  const encoder = assemble(s, {
    name: "chain",
    features: 2,
    classifier: "fc",
    stages: [
      () => ({ channels: 5, layer: linear(s, "a", 3, 5) }),
      () => ({ channels: 4, layer: linear(s, "b", 5, 4, { bias: false }) }),
    ],
    pool: () => linear(s, "c", 4, 2),
  });
  assert.deepEqual(encoder.parameters.map((stage) => stage.map((p) => p.label)), [
    ["a.weight", "a.bias"],
    ["b.weight", "c.weight", "c.bias"],
  ]);
  assert.deepEqual(encoder.channels, [5, 4]);
  const x = t.input("x", [7, 3]);
  const h = encoder.stages[0]!(x);
  assert.equal(h.keep, false);
  assert.deepEqual(encoder.pool(encoder.stages[1]!(h)).shape, [7, 2]);
  assert.equal(h.keep, true, "the input of a later stage is kept");
  assert.equal(x.keep, false);
});

Deno.test("assemble puts down what each stage and the pool gave, in every pass, with arena and mode", () => {
  const t = new Trace();
  const build = (s: Scope) => encoderByName("tiny", s.child("encoder"), { image: 16 });
  const images = t.input("images", [2, 16, 16, 3]);
  const online = build(Scope.root(t)), teacher = build(Scope.root(t).inArena("teacher").inMode("eval"));
  const z = online.apply(images);
  assert.equal(t.features.length, online.stages.length + 1);
  assert.equal(t.features.at(-1)!.value, z);
  assert.deepEqual(t.features.map((f) => f.value.shape.at(-1)), [...online.channels, online.features]);
  const h = teacher.stages[0]!(images);
  const { value, ...where } = t.features.at(-1)!;
  assert.equal(value, h, "a stage by itself, as local losses use it");
  assert.deepEqual(where, { path: "encoder", arena: "teacher", mode: "eval", stage: 0 });
});

Deno.test("assemble's stages hold every parameter of every encoder once", () => {
  for (const name of encoderNames) {
    const t = new Trace();
    const encoder = encoderByName(name, Scope.root(t), { image: 64, width: 0.25 });
    assert.deepEqual(encoder.parameters.flat(), [...t.parameters.values()].map((p) => p.value), name);
    assert.equal(encoder.channels.length, encoder.stages.length);
    let h = t.input("images", [2, 64, 64, 3]);
    encoder.stages.forEach((stage, i) => {
      h = stage(h);
      assert.equal(h.shape.at(-1), encoder.channels[i], `${name}: channels of stage ${i + 1}`);
    });
    assert.deepEqual(encoder.pool(h).shape, [2, encoder.features]);
  }
});

Deno.test("kept marks the value that owns the bytes", () => {
  const t = new Trace();
  const x = linear(Scope.root(t), "a", 3, 5)(t.input("x", [2, 3]));
  kept(reshape(t, x, [10]));
  assert.equal(x.keep, true);
});

Deno.test("stemFor takes the CIFAR stem below 64 pixels unless told otherwise", () => {
  assert.equal(stemFor({}), "imagenet");
  assert.equal(stemFor({ image: 32 }), "cifar");
  assert.equal(stemFor({ image: 64 }), "imagenet");
  assert.equal(stemFor({ image: 64, stem: "cifar" }), "cifar");
});
