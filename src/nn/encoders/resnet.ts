/**
 * ResNet-18, -34 and -50 (He et al., arXiv 1512.03385), with torchvision's names and its placement of a bottleneck's
 * stride on the 3x3 convolution ("v1.5"). Stage 1 holds the stem.
 */
import { kaimingNormalFanOut } from "../initialise.ts";
import { batchNorm, conv, type Layer, type NormLayer } from "../layers.ts";
import { globalAvgPool, maxPool } from "../ops/pool.ts";
import type { Scope } from "../scope.ts";
import type { Encoder } from "../encoder.ts";
import { assemble, type EncoderOptions, kept, type Stage, stemFor } from "./encoder.ts";

/** Output channels over planes of a bottleneck block. */
const EXPANSION = 4;

export interface ResNetSpec {
  readonly name: string;
  /** Blocks of each stage. */
  readonly blocks: readonly number[];
  readonly bottleneck: boolean;
  /** Channels of the stem and planes of the first stage; they double from stage to stage. */
  readonly planes: number;
  /** Starting scale of the last norm of every residual branch. */
  readonly branchScale: number;
  readonly stem: {
    readonly kernel: number;
    readonly stride: number;
    readonly maxPool: boolean;
    /** Default: (kernel - 1) / 2. */
    readonly padding?: number;
  };
}

const STEMS = {
  cifar: { kernel: 3, stride: 1, maxPool: false },
  imagenet: { kernel: 7, stride: 2, maxPool: true },
} as const;

/** ResNet of 18, 34 or 50 layers; 512 or 2048 features times the width. */
export function resnet(s: Scope, layers: 18 | 34 | 50, options: EncoderOptions = {}): Encoder {
  return resnetOf(s, {
    name: `resnet${layers}`,
    blocks: layers === 18 ? [2, 2, 2, 2] : [3, 4, 6, 3],
    bottleneck: layers === 50,
    planes: Math.max(1, Math.round(64 * (options.width ?? 1))),
    branchScale: options.zeroInitResidual ? 0 : 1,
    stem: {
      ...STEMS[stemFor(options)],
      ...(options.stemPadding !== undefined && { padding: options.stemPadding }),
    },
  });
}

/** A residual network of any depth and width. */
export function resnetOf(s: Scope, spec: ResNetSpec): Encoder {
  const expansion = spec.bottleneck ? EXPANSION : 1;
  const planesOf = (stage: number): number => spec.planes * 2 ** stage;
  const build = (stage: number) => (): Stage => {
    const inside = stage === 0 ? spec.planes : planesOf(stage - 1) * expansion;
    const first = stage === 0 ? stemOf(s, spec) : undefined;
    const body = stageOf(s.child(`layer${stage + 1}`), spec, stage, inside, planesOf(stage));
    return { layer: first ? (x) => body(kept(first(x))) : body, channels: planesOf(stage) * expansion };
  };
  return assemble(s, {
    name: spec.name,
    features: planesOf(spec.blocks.length - 1) * expansion,
    classifier: "fc",
    stages: spec.blocks.map((_, stage) => build(stage)),
    pool: () => (h) => globalAvgPool(s.t, h),
  });
}

function stemOf(s: Scope, { stem, planes }: ResNetSpec): Layer {
  const conv1 = normedConv(s, "conv1", 3, planes, stem.kernel, stem.stride, stem.padding);
  const bn1 = batchNorm(s, "bn1", planes, { relu: true });
  return (x) => {
    const y = bn1(conv1(x));
    return stem.maxPool ? maxPool(s.t, y, { kernel: 3, stride: 2, padding: 1 }) : y;
  };
}

function stageOf(s: Scope, spec: ResNetSpec, stage: number, inside: number, planes: number): Layer {
  const blocks = Array.from({ length: spec.blocks[stage]! }, (_, b) => {
    const from = b === 0 ? inside : planes * (spec.bottleneck ? EXPANSION : 1);
    const stride = stage > 0 && b === 0 ? 2 : 1;
    return block(s.child(`${b}`), spec, from, planes, stride);
  });
  return (x) => blocks.reduce((h, f) => f(h), x);
}

/** y = relu(branch(x) + shortcut(x)); the addition and the last ReLU are fused into the branch's last norm. */
function block(s: Scope, spec: ResNetSpec, inside: number, planes: number, stride: number): Layer {
  const { bottleneck } = spec;
  const out = planes * (bottleneck ? EXPANSION : 1);
  const widths = bottleneck ? [planes, planes, out] : [planes, out];
  const kernels = bottleneck ? [1, 3, 1] : [3, 3];
  const strided = bottleneck ? 1 : 0;
  const convs: Layer[] = [];
  const norms: NormLayer[] = [];
  widths.forEach((width, i) => {
    const from = i === 0 ? inside : widths[i - 1]!;
    convs.push(normedConv(s, `conv${i + 1}`, from, width, kernels[i]!, i === strided ? stride : 1));
    norms.push(
      batchNorm(s, `bn${i + 1}`, width, {
        relu: true,
        scale: i === widths.length - 1 ? spec.branchScale : 1,
      }),
    );
  });
  const shortcut = stride === 1 && inside === out ? undefined : {
    conv: normedConv(s, "downsample.0", inside, out, 1, stride),
    norm: batchNorm(s, "downsample.1", out),
  };
  return (x) => {
    const residual = shortcut ? shortcut.norm(shortcut.conv(x)) : x;
    return convs.reduce((h, f, i) => norms[i]!(f(h), i === convs.length - 1 ? residual : undefined), x);
  };
}

/** A convolution without bias, "same" padding at stride 1 unless told otherwise, started as torchvision does. */
function normedConv(
  s: Scope,
  name: string,
  inside: number,
  out: number,
  kernel: number,
  stride: number,
  padding = (kernel - 1) / 2,
): Layer {
  const initialise = kaimingNormalFanOut(kernel * kernel * out);
  return conv(s, name, { inChannels: inside, outChannels: out, kernel, stride, padding, initialise });
}
