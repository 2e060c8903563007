import assert from "node:assert/strict";
import { PhiloxStream } from "../../../src/base/random.ts";
import { resnet } from "../../../src/nn/encoders/resnet.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkEncoder } from "./check_encoder.ts";

Deno.test("resnet18 with the CIFAR stem has PyTorch's loss and parameter gradients", () =>
  checkEncoder("resnet18", { stem: "cifar" }));

Deno.test("resnet50 with the ImageNet stem has PyTorch's loss and parameter gradients", () =>
  checkEncoder("resnet50", { stem: "imagenet" }));

Deno.test("resnet starts the last norm of each branch at 0 when asked, and every norm at 1 otherwise", () => {
  for (const [layers, last] of [[18, "bn2"], [50, "bn3"]] as const) {
    for (const zeroInitResidual of [false, true]) {
      const t = new Trace();
      resnet(Scope.root(t), layers, { width: 0.125, zeroInitResidual });
      for (const { name, kind, value, initialise } of t.parameters.values()) {
        if (kind !== "vector" || !name.endsWith("weight")) continue;
        const expected = zeroInitResidual && name.endsWith(`${last}.weight`) ? 0 : 1;
        const start = initialise(new PhiloxStream([0, 1]), value.size);
        assert.ok(start.every((v) => v === expected), `${name} starts at ${start[0]}, not ${expected}`);
      }
    }
  }
});

Deno.test("resnet18 with a stem padded by 2 has maps of 34 for images of 32, and of 32 by default", () => {
  for (const [options, side] of [[{}, 32], [{ stemPadding: 2 }, 34]] as const) {
    const t = new Trace();
    const encoder = resnet(Scope.root(t), 18, { width: 0.125, stem: "cifar", ...options });
    const first = encoder.stages[0]!(t.input("images", [2, 32, 32, 3]));
    assert.deepEqual(first.shape, [2, side, side, 8]);
  }
});
