/** A multi-layer perceptron on pixels: the encoder of theory checks and of tests that need no convolution. */
import { mlp } from "../layers.ts";
import { reshape } from "../ops/elementwise.ts";
import type { Scope } from "../scope.ts";
import type { Encoder } from "../encoder.ts";
import { assemble, type EncoderOptions } from "./encoder.ts";

/** Hidden widths and features in `dims`, default [512, 128]; a norm and ReLU behind every hidden layer, none behind the last. */
export function mlpEncoder(s: Scope, options: EncoderOptions = {}): Encoder {
  const { image = 224, width = 1, dims = [512, 128] } = options;
  const widths = dims.map((n) => Math.max(1, Math.round(n * width)));
  const features = widths.at(-1)!;
  return assemble(s, {
    name: "mlp",
    features,
    classifier: "fc",
    stages: [() => {
      const layers = mlp(s, "layers", [image * image * 3, ...widths]);
      return {
        layer: (x) => layers(reshape(s.t, x, [x.shape[0]!, x.size / x.shape[0]!])),
        channels: features,
      };
    }],
    pool: () => (h) => h,
  });
}
