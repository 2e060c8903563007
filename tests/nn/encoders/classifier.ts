/** The linear classifier that belongs to an encoder. */
import type { Encoder } from "../../../src/nn/encoder.ts";
import { type Layer, linear } from "../../../src/nn/layers.ts";
import type { Scope } from "../../../src/nn/scope.ts";

/** Features (N, D) to logits (N, classes), under the name that the encoder's classifier has in PyTorch. */
export function classifier(s: Scope, encoder: Encoder, classes: number): Layer {
  return linear(s, encoder.classifier, encoder.features, classes);
}
