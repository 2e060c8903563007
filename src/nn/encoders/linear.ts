/** One matrix from pixels to features, without bias: the encoder of the statements that are proved for linear maps. */
import { linear } from "../layers.ts";
import { reshape } from "../ops/elementwise.ts";
import type { Scope } from "../scope.ts";
import type { Encoder } from "../encoder.ts";
import { assemble, type EncoderOptions } from "./encoder.ts";

/** Features: the last of `dims`, default 128. */
export function linearEncoder(s: Scope, options: EncoderOptions = {}): Encoder {
  const { image = 224, width = 1, dims = [128] } = options;
  const features = Math.max(1, Math.round(dims.at(-1)! * width));
  return assemble(s, {
    name: "linear",
    features,
    classifier: "fc",
    stages: [() => {
      const w = linear(s, "layer", image * image * 3, features, { bias: false });
      return { layer: (x) => w(reshape(s.t, x, [x.shape[0]!, x.size / x.shape[0]!])), channels: features };
    }],
    pool: () => (h) => h,
  });
}
