/** What two views cost, by plan alone: the claim that one-view methods are judged by. */
import assert from "node:assert/strict";
import { planReport } from "../../src/repro/plan_report.ts";

async function planned(method: string) {
  return await planReport({
    method,
    encoder: "resnet50",
    batch: 256,
    image: 224,
    classes: 1000,
    images: 50000,
    optimizer: "sgd",
    width: 1,
    recompute: true,
  });
}

Deno.test("methods that train on two views keep nearly twice the activations of one; MoCo, whose keys need no gradient, does not", async () => {
  const one = await planned("supervised");
  for (const method of ["simclr", "byol", "simsiam", "barlow", "vicreg", "spectral"]) {
    const two = await planned(method);
    const ratio = two.roles.activations / one.roles.activations;
    // Both views' kept convolution outputs, and one view's working memory of the backward pass.
    assert.ok(ratio > 1.7 && ratio < 2.05, `${method}: ${ratio} times the activations of one view`);
    assert.ok(two.peakBytes > 1.7 * one.peakBytes, `${method}: ${two.peakBytes} against ${one.peakBytes}`);
  }
  const moco = await planned("moco");
  const ratio = moco.roles.activations / one.roles.activations;
  assert.ok(ratio < 1.05, `moco: ${ratio} times the activations of one view`);
  // The copy of encoder and projector, byte for byte, and a queue of 65536 keys of 128.
  assert.equal(moco.roles.momentum, moco.roles.params);
  assert.ok(moco.roles.state >= 65536 * 128 * 4);
});

Deno.test("BYOL keeps a copy of encoder and projector, not of its predictor", async () => {
  const { roles } = await planned("byol");
  const predictor = 4 * (256 * 4096 + 4096 + 4096 + 4096 * 256 + 256);
  assert.equal(roles.params - roles.momentum, predictor);
});
