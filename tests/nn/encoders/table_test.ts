import assert from "node:assert/strict";
import { encoderByName, encoderNames } from "../../../src/nn/encoders/table.ts";
import type { EncoderOptions } from "../../../src/nn/encoders/encoder.ts";
import { classifier } from "./classifier.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";

/** Parameters of an encoder with its 1000-class layer, as torchvision's documentation counts them. */
const TORCHVISION: Readonly<Record<string, number>> = {
  resnet18: 11_689_512,
  resnet34: 21_797_672,
  resnet50: 25_557_032,
  alexnet: 61_100_840,
  mobilenet_v2: 3_504_872,
};

function built(name: string, options: EncoderOptions = {}) {
  const t = new Trace();
  const s = Scope.root(t);
  return { t, s, encoder: encoderByName(name, s, options) };
}

Deno.test("encoderByName builds torchvision's architectures, parameter for parameter", () => {
  for (const [name, count] of Object.entries(TORCHVISION)) {
    const { t, s, encoder } = built(name);
    classifier(s, encoder, 1000);
    const parameters = [...t.parameters.values()].reduce((sum, p) => sum + p.value.size, 0);
    assert.equal(parameters, count, name);
  }
});

Deno.test("encoderByName gives every encoder that maps images of 32 and 64 pixels to its features", () => {
  for (const name of encoderNames) {
    for (const image of [32, 64]) {
      const { t, encoder } = built(name, { image, width: 0.5 });
      const y = encoder.apply(t.input("images", [2, image, image, 3]));
      assert.deepEqual(y.shape, [2, encoder.features], `${name} at ${image}`);
      assert.equal(encoder.name, name);
    }
  }
});

Deno.test("encoderByName lists the names when one is unknown, and refuses a width that is no positive number", () => {
  assert.throws(() => built("resnet19"), {
    name: "AssayError",
    message:
      'Cannot build encoder "resnet19": there is none of that name; use one of tiny, resnet18, resnet34, resnet50, alexnet, mobilenet_v2, mlp, linear.',
  });
  assert.throws(() => built("toString"), { name: "AssayError" });
  for (const width of [0, -1, NaN, Infinity]) {
    assert.throws(() => built("tiny", { width }), { name: "AssayError" });
  }
});
