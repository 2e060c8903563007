/** A specification that uses every field, for tests to change one at a time. */
import { IMAGENET } from "../../../src/data/augment/recipes.ts";
import { parseSpec, type RunSpec, type RunSpecInput } from "../../../src/record/spec/spec.ts";

const size = 16;
const encoder = { name: "tiny", width: 0.5, options: { stem: "cifar" } };

/** Every optional field is there, none at its default. */
export const fullInput: RunSpecInput = {
  method: "byol",
  hyper: {
    T: 0.3,
    m: { kind: "cosine", base: 0.9, end: 1, warmup: 1, start: 0.1 },
    mode: "lazy",
    symmetric: false,
  },
  encoder,
  teacher: { encoder, weights: { file: "teacher.safetensors", sha256: "a".repeat(64) } },
  data: {
    train: { name: "shapes", split: "train", size, perClass: 4, geometry: "full" },
    test: { name: "shapes", split: "test", size, perClass: 2, geometry: "full" },
  },
  views: [
    { count: 2, size, recipe: { name: "large", flip: 0.5, normalise: IMAGENET } },
    { count: 3, size: 8, recipe: { name: "small", grayscale: 0.2, normalise: IMAGENET } },
  ],
  batch: 8,
  optimizer: {
    kind: "lars",
    lr: { kind: "milestones", base: 0.1, at: [1, 2], factor: 0.1, warmup: 1, start: 0.01 },
    weightDecay: 1e-4,
    exemptDecay: "norms-and-biases",
    exemptAdaptation: "norms-and-biases",
    clipNorm: 3,
    clipRate: true,
    parts: { predictor: { lr: 0.05, weightDecay: 1e-5 } },
    momentum: 0.8,
    eta: 0.02,
  },
  probes: [
    { kind: "knn", k: 5, T: 0.07, of: "stage1", train: "bank", test: "other", at: ["start", 2], every: 3 },
    { kind: "linear", protocol: "lbfgs", selection: "best" },
    { kind: "few-shot", ways: 5, shots: 1, queries: 15, episodes: 100 },
    { kind: "semi-supervised", share: 0.1, protocol: "simclr" },
    { kind: "cluster-alignment", clusters: 10 },
  ],
  stop: { epochs: 3 },
  checkpointEvery: { steps: 4 },
  precision: "bf16-storage",
  seed: 4,
};

export const fullSpec: RunSpec = parseSpec(fullInput);
