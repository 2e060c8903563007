/** The linear classifier that belongs to an encoder. */
import type { Encoder } from "./encoder.ts";
import { type Layer, linear } from "./layers.ts";
import type { Scope } from "./scope.ts";

/** Features (N, D) to logits (N, classes), under the name that the encoder's classifier has in PyTorch. */
export function classifier(s: Scope, encoder: Encoder, classes: number): Layer {
  return linear(s, encoder.classifier, encoder.features, classes);
}
