import assert from "node:assert/strict";
import { alexnet } from "../../../src/nn/encoders/alexnet.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkEncoder } from "./check_encoder.ts";

Deno.test("alexnet has PyTorch's loss and parameter gradients", () =>
  checkEncoder("alexnet", { stem: "imagenet" }));

Deno.test("alexnet's fc6 has torchvision's inputs from 224 pixels on, and those of the map below", () => {
  for (const [image, grid] of [[224, 6], [256, 6], [128, 3], [64, 1]] as const) {
    const t = new Trace();
    alexnet(Scope.root(t), { image, width: 1 / 16 });
    assert.deepEqual(t.parameters.get("classifier.1.weight")!.value.shape, [grid, grid, 16, 256], `${image}`);
  }
});

Deno.test("alexnet pools maps of another image size to the one it was built for", () => {
  const t = new Trace();
  const encoder = alexnet(Scope.root(t), { image: 224, width: 1 / 16 });
  assert.deepEqual(encoder.apply(t.input("large", [2, 288, 288, 3])).shape, [2, 256]);
});

Deno.test("alexnet refuses images that its pools would swallow", () => {
  assert.throws(() => alexnet(Scope.root(new Trace()), { image: 32, stem: "imagenet" }), {
    name: "AssayError",
    message: /three pools must leave at least one pixel, found images of 32 pixels/,
  });
});
