import assert from "node:assert/strict";
import { encoderByName } from "../../../src/nn/encoders/table.ts";
import { classifier } from "./classifier.ts";
import { Scope } from "../../../src/nn/scope.ts";
import { Trace } from "../../../src/nn/trace.ts";

Deno.test("classifier has the name that torchvision gives the encoder's last layer", () => {
  for (
    const [name, layer] of [["resnet18", "fc"], ["mobilenet_v2", "classifier.1"], [
      "alexnet",
      "classifier.6",
    ]] as const
  ) {
    const t = new Trace();
    const s = Scope.root(t);
    const encoder = encoderByName(name, s, { image: 64, width: 0.25 });
    const logits = classifier(s, encoder, 7)(encoder.apply(t.input("x", [2, 64, 64, 3])));
    assert.deepEqual(logits.shape, [2, 7]);
    assert.deepEqual(t.parameters.get(`${layer}.weight`)!.value.shape, [encoder.features, 7]);
  }
});
