import assert from "node:assert/strict";
import { passCosts, resnetCosts } from "../../../experiments/exact/counted.ts";

Deno.test("resnetCosts counts ResNet-50: torchvision's parameters without its classifier, first stage by hand", () => {
  const { convolutions, parameters } = resnetCosts([3, 4, 6, 3], 64, 224);
  assert.equal(parameters, 25_557_032 - (2048 * 1000 + 1000));
  // Stem, three blocks of 64, 64, 256 channels at 56 x 56, and the shortcut's projection.
  assert.equal(convolutions[0], 112 ** 2 * 64 + 56 ** 2 * (3 * (64 + 64 + 256) + 256));
});

Deno.test("passCosts: a second trained view costs as much as the first, a forward-only one about a third", () => {
  const [one, forward, two] = [passCosts(1, 0, 1), passCosts(1, 1, 1), passCosts(2, 0, 1)];
  assert.ok(Math.abs(two.flops / one.flops - 2) < 0.01);
  assert.ok(Math.abs(forward.flops / one.flops - 4 / 3) < 0.01);
  assert.ok(one.peakBytes < forward.peakBytes && forward.peakBytes < two.peakBytes);
});
