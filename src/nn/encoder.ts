/** What every encoder offers, whatever its architecture. */
import type { Value } from "./trace.ts";

export interface Encoder {
  readonly name: string;
  /** Width of the pooled features. */
  readonly features: number;
  /** Feature maps stage by stage: h_s = stages[s](h_{s-1}), h_{-1} the images (N, H, W, 3). */
  readonly stages: readonly ((h: Value) => Value)[];
  /** Channels of each stage's feature map. */
  readonly channels: readonly number[];
  /** Parameters of each stage; the pool's own, if any, belong to the last. */
  readonly parameters: readonly (readonly Value[])[];
  /** Last feature map to features (N, features). */
  readonly pool: (h: Value) => Value;
  /** Images (N, H, W, 3) to features (N, features): all stages, then the pool. */
  apply(images: Value): Value;
  /** Name of the linear classifier behind the features in the PyTorch twin's state dict. */
  readonly classifier: string;
}
