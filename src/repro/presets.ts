/**
 * What each scale trains and how, as data. `smoke` and `mini` use one small encoder and one optimizer for all methods;
 * `gpu` the same recipe on a ResNet-18; `paper` the published settings of each method. An entry that no source states
 * says "assumption".
 */
import { failure } from "../base/error.ts";
import type { HyperValue } from "../nn/hyper.ts";
import type { OptimizerSpec } from "../nn/optimizers.ts";
import type { Scale } from "../base/scales.ts";
import type { DataSpec, RunSpec } from "../record/spec.ts";
import { stepsPerEpoch } from "../record/spec.ts";

/** A method's own choices at a scale. The learning rate follows half a cosine over the run. */
export interface MethodPreset {
  readonly recipe: string;
  readonly hyper: Readonly<Record<string, HyperValue>>;
  readonly optimizer: OptimizerSpec["kind"];
  readonly lr: number;
  readonly weightDecay: number;
  /** Epochs of linear warm-up. */
  readonly warmup?: number;
}

export interface Preset {
  readonly encoder: { readonly name: string; readonly width: number };
  /** Side of the views. */
  readonly side: number;
  readonly batch: number;
  readonly epochs: number;
  /** Epochs between evaluations. */
  readonly every: number;
  readonly k: number;
  readonly T: number;
  /** Linear probe on frozen features: `lbfgs` to convergence on the host, or a protocol of src/eval/protocols.ts. */
  readonly linear: string;
  readonly methods: Readonly<Record<string, MethodPreset>>;
}

const adamw = { optimizer: "adamw", lr: 1e-3 } as const;
const twoViews = { ...adamw, recipe: "simclr", weightDecay: 1e-4 } as const;

/** Projector and predictor widths that suit 64 features. */
const narrow = { hidden: 128, projector: 64 };

/** One optimizer for all; temperatures and decays of the plain loop that these scales are compared with. */
const SMALL: Readonly<Record<string, MethodPreset>> = {
  sdiet: {
    ...adamw,
    recipe: "sdiet",
    weightDecay: 0.05,
    hyper: { ...narrow, T: 0.1, smoothing: 0.1, normalise: true, normaliseRows: true },
  },
  diet: { ...adamw, recipe: "diet-3", weightDecay: 0.05, hyper: { smoothing: 0.8 } },
  simclr: { ...twoViews, hyper: { ...narrow, T: 0.2 } },
  moco: { ...twoViews, hyper: { ...narrow, T: 0.2, queue: 1024 } },
  byol: { ...twoViews, hyper: { ...narrow, predictor: 128 } },
  simsiam: { ...twoViews, hyper: { ...narrow, predictor: 32 } },
  barlow: { ...twoViews, hyper: narrow },
  vicreg: { ...twoViews, hyper: narrow },
  spectral: { ...twoViews, hyper: narrow },
};

/** Published settings (solo-learn's CIFAR configurations unless told otherwise); widths are the methods' own defaults. */
const PUBLISHED: Readonly<Record<string, MethodPreset>> = {
  // assumption: DIET's settings, S-DIET's own are not public
  sdiet: { recipe: "sdiet", hyper: {}, optimizer: "adamw", lr: 1e-3, weightDecay: 0.05, warmup: 10 },
  diet: { recipe: "diet-3", hyper: {}, optimizer: "adamw", lr: 1e-3, weightDecay: 0.05, warmup: 10 },
  simclr: { recipe: "simclr", hyper: { T: 0.2 }, optimizer: "lars", lr: 0.4, weightDecay: 1e-4, warmup: 10 },
  moco: {
    recipe: "moco-v2",
    hyper: { T: 0.2, queue: 32768 },
    optimizer: "sgd",
    lr: 0.3,
    weightDecay: 1e-4,
    warmup: 10,
  },
  byol: { recipe: "byol", hyper: {}, optimizer: "lars", lr: 1, weightDecay: 1e-5, warmup: 10 },
  simsiam: { recipe: "simsiam", hyper: {}, optimizer: "sgd", lr: 0.5, weightDecay: 1e-5, warmup: 10 },
  barlow: { recipe: "barlow", hyper: {}, optimizer: "lars", lr: 0.3, weightDecay: 1e-4, warmup: 10 },
  // assumption: learning rate and decay of Barlow Twins
  vicreg: { recipe: "vicreg", hyper: {}, optimizer: "lars", lr: 0.3, weightDecay: 1e-4, warmup: 10 },
  spectral: { recipe: "simsiam", hyper: {}, optimizer: "sgd", lr: 0.03, weightDecay: 5e-4, warmup: 10 },
};

const tiny = {
  encoder: { name: "tiny", width: 1 },
  side: 32,
  k: 20,
  T: 0.1,
  linear: "lbfgs",
  methods: SMALL,
} as const;

export const PRESETS: Readonly<Record<Scale, Preset>> = {
  smoke: { ...tiny, batch: 64, epochs: 3, every: 1 },
  // An evaluation takes as long as an epoch of a one-view method on two cores, so every fifth.
  mini: {
    ...tiny,
    batch: 128,
    epochs: 10,
    every: 5,
    // the published m of 0.99 would average over a quarter of so short a run
    methods: { ...SMALL, byol: { ...SMALL.byol!, hyper: { ...SMALL.byol!.hyper, m: 0.9 } } },
  },
  gpu: {
    ...tiny,
    encoder: { name: "resnet18", width: 1 },
    batch: 256,
    epochs: 20,
    every: 2,
    linear: "simclr",
  },
  paper: {
    encoder: { name: "resnet18", width: 1 },
    side: 32,
    batch: 256,
    epochs: 1000,
    every: 20,
    k: 20,
    T: 0.07,
    linear: "simclr",
    methods: PUBLISHED,
  },
};

/** The preset of a scale, or one that trains longer or shorter. Errors: at `paper`, which means the published length. */
export function presetFor(scale: Scale, epochs?: number): Preset {
  const preset = PRESETS[scale];
  if (epochs === undefined) return preset;
  if (scale === "paper") {
    throw failure({
      operation: "train",
      object: "at scale paper",
      required: `its ${preset.epochs} epochs are part of the published configuration`,
      found: `--epochs ${epochs}`,
      wayOut: "leave --epochs out or choose another --scale",
    });
  }
  return { ...preset, epochs, every: Math.min(preset.every, epochs) };
}

/** The ImageNet step whose memory the paper's table compares. */
export const IMAGENET_STEP = {
  encoder: { name: "resnet50", width: 1 },
  side: 224,
  batch: 256,
  /** Images of the training set. */
  images: 1_281_167,
  classes: 1000,
  /** Side at which images are kept; every method keeps the same. */
  stored: 256,
  // MoCo's own queue; what else differs between the two datasets (rates, decays) needs no memory
  methods: { ...PUBLISHED, moco: { ...PUBLISHED.moco!, hyper: { T: 0.2, queue: 65536 } } },
} as const;

/** Images per class that a scale takes of a dataset, for training and for test; null is all of them. */
const PER_CLASS: Readonly<Record<Scale, readonly [train: number | null, test: number | null]>> = {
  smoke: [64, 25],
  mini: [500, 200],
  gpu: [null, null],
  paper: [null, null],
};

/** The splits of a dataset at a scale. */
export function splitsOf(
  name: string,
  scale: Scale,
  size: number,
): { readonly train: DataSpec; readonly test: DataSpec } {
  const [train, test] = PER_CLASS[scale];
  return {
    train: { name, split: "train", size, perClass: train },
    test: { name, split: "test", size, perClass: test },
  };
}

/** The optimizer of a preset for a run of so many steps. */
export function optimizerOf(p: MethodPreset, steps: number, warmup = 0): OptimizerSpec {
  const lr = { kind: "cosine", base: p.lr, steps, ...(warmup > 0 && { warmup }) } as const;
  const common = { lr, weightDecay: p.weightDecay };
  return p.optimizer === "adamw"
    ? { kind: "adamw", ...common }
    : { kind: p.optimizer, momentum: 0.9, ...common };
}

/** What a caller varies of a preset. */
export interface Variation {
  readonly seed: number;
  readonly epochs?: number;
  /** Images of the training split. */
  readonly images: number;
  readonly train: DataSpec;
  readonly test: DataSpec;
}

/** The specification of one run of a method. Errors: a method without settings at this scale. */
export function specOf(preset: Preset, method: string, v: Variation): RunSpec {
  const own = presetOf(preset.methods, method);
  const epochs = v.epochs ?? preset.epochs;
  const perEpoch = stepsPerEpoch(v.images, preset.batch);
  const warmup = Math.min(own.warmup ?? 0, Math.floor(epochs / 10)) * perEpoch;
  return {
    method,
    hyper: own.hyper,
    encoder: preset.encoder,
    data: v.train,
    recipe: own.recipe,
    side: preset.side,
    batch: preset.batch,
    epochs,
    optimizer: optimizerOf(own, Math.max(1, epochs * perEpoch), warmup),
    seed: v.seed,
    evaluation: { every: preset.every, test: v.test, k: preset.k, T: preset.T },
    checkpointEvery: Math.max(1, perEpoch * Math.max(1, Math.floor(epochs / 4))),
  };
}

/** A method's settings. Errors: none recorded for it. */
export function presetOf(methods: Readonly<Record<string, MethodPreset>>, name: string): MethodPreset {
  if (Object.hasOwn(methods, name)) return methods[name]!;
  throw failure({
    operation: "train",
    object: `"${name}" for a table`,
    required: `the scale must have settings for it, as it has for ${Object.keys(methods).join(", ")}`,
    found: "none",
    wayOut: "add them to src/repro/presets.ts",
  });
}
