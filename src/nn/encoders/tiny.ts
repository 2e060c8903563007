/**
 * A ResNet small enough for a CPU adapter: 3x3 stem of stride 2, three stages of one basic block with 16, 32 and 64
 * channels, 64 features (times the width).
 */
import type { Scope } from "../scope.ts";
import type { Encoder } from "../encoder.ts";
import type { EncoderOptions } from "./encoder.ts";
import { resnetOf } from "./resnet.ts";

export function tiny(s: Scope, options: EncoderOptions = {}): Encoder {
  return resnetOf(s, {
    name: "tiny",
    blocks: [1, 1, 1],
    bottleneck: false,
    planes: Math.max(1, Math.round(16 * (options.width ?? 1))),
    branchScale: options.zeroInitResidual ? 0 : 1,
    stem: { kernel: 3, stride: 2, maxPool: false },
  });
}
