/**
 * MobileNetV2 (Sandler et al., arXiv 1801.04381), torchvision's names and channel rounding: 1280 features. Stages end where
 * the resolution is about to fall. With the "cifar" stem the first convolution and the blocks of 24 channels keep the
 * resolution, so that 32 pixels end at 4x4 instead of 1x1.
 */
import { kaimingNormalFanOut } from "../initialise.ts";
import { batchNorm, conv, type Layer } from "../layers.ts";
import { add, relu6 } from "../ops/elementwise.ts";
import { globalAvgPool } from "../ops/pool.ts";
import type { Scope } from "../scope.ts";
import type { Encoder } from "../encoder.ts";
import { assemble, type EncoderOptions, type Stage, stemFor } from "./encoder.ts";

/** Expansion, channels, blocks, stride of the first block: table 2 of the paper. */
const PLAN = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
] as const;

/** Rows of PLAN in each stage. */
const STAGES = [[0], [1], [2], [3, 4], [5, 6]] as const;

/** 1280 features, or more with a width above 1; a smaller width leaves the last layer as it is. */
export function mobilenetV2(s: Scope, options: EncoderOptions = {}): Encoder {
  const { width = 1 } = options;
  const small = stemFor(options) === "cifar";
  const channels = (n: number): number => roundTo8(n * width);
  const last = roundTo8(1280 * Math.max(1, width));
  let number = 0;
  let inside = channels(32);
  const rows = (stage: readonly number[]): Layer[] =>
    stage.flatMap((row) => {
      const [expand, out, count, stride] = PLAN[row]!;
      return Array.from({ length: count }, (_, b) => {
        const step = b > 0 || (small && row < 2) ? 1 : stride;
        const f = inverted(s.child(`features.${++number}.conv`), inside, channels(out), step, expand);
        inside = channels(out);
        return f;
      });
    });
  const stages = STAGES.map((stage, i) => (): Stage => {
    const layers: Layer[] = [];
    if (i === 0) layers.push(convNormRelu6(s.child("features.0"), 3, inside, 3, small ? 1 : 2));
    layers.push(...rows(stage));
    if (i === STAGES.length - 1) {
      layers.push(convNormRelu6(s.child(`features.${++number}`), inside, last, 1, 1));
    }
    const width = i === STAGES.length - 1 ? last : inside;
    return { layer: (x) => layers.reduce((h, f) => f(h), x), channels: width };
  });
  return assemble(s, {
    name: "mobilenet_v2",
    features: last,
    classifier: "classifier.1",
    stages,
    pool: () => (h) => globalAvgPool(s.t, h),
  });
}

/** Expand 1x1, depthwise 3x3, project 1x1 without activation; added to its input where shapes allow. */
function inverted(s: Scope, inside: number, out: number, stride: number, expand: number): Layer {
  const wide = inside * expand;
  const layers: Layer[] = expand === 1 ? [] : [convNormRelu6(s.child("0"), inside, wide, 1, 1)];
  const at = layers.length;
  layers.push(convNormRelu6(s.child(`${at}`), wide, wide, 3, stride, wide));
  const project = bare(s, `${at + 1}`, inside * expand, out, 1, 1, 1);
  const norm = batchNorm(s, `${at + 2}`, out);
  return (x) => {
    const y = norm(project(layers.reduce((h, f) => f(h), x)));
    return stride === 1 && inside === out ? add(s.t, x, y) : y;
  };
}

function convNormRelu6(
  s: Scope,
  inside: number,
  out: number,
  kernel: number,
  stride: number,
  groups = 1,
): Layer {
  const apply = bare(s, "0", inside, out, kernel, stride, groups);
  const norm = batchNorm(s, "1", out);
  return (x) => relu6(s.t, norm(apply(x)));
}

function bare(
  s: Scope,
  name: string,
  inChannels: number,
  outChannels: number,
  kernel: number,
  stride: number,
  groups: number,
): Layer {
  const initialise = kaimingNormalFanOut(kernel * kernel * outChannels);
  const padding = (kernel - 1) / 2;
  return conv(s, name, { inChannels, outChannels, kernel, stride, padding, groups, initialise });
}

/** Nearest multiple of 8, at least 8, never more than a tenth below: torchvision's rule. */
function roundTo8(channels: number): number {
  const rounded = Math.max(8, Math.floor((channels + 4) / 8) * 8);
  return rounded < 0.9 * channels ? rounded + 8 : rounded;
}
