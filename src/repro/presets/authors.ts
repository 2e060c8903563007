/**
 * What the authors of each method train with: a ResNet-50 on ImageNet, and spectral contrastive learning on CIFAR-10.
 * solo-learn has no configuration for these.
 */
import type { PublishedPreset, PublishedSpec } from "./preset.ts";
import { splits } from "./preset.ts";
import { BARLOW, BYOL, MOCO_V2, SIMCLR, SPECTRAL_CIFAR } from "./views.ts";

/** Encoder and data that all have in common; `zeroInitResidual` where their code starts residual branches at zero. */
const imagenet = (zeroInitResidual: boolean): Pick<PublishedSpec, "encoder" | "data"> => ({
  encoder: { name: "resnet50", options: { stem: "imagenet", zeroInitResidual } },
  data: splits("imagenet-1k", 256),
});

const cosine = (base: number, more: { warmup?: number; end?: number } = {}) =>
  ({ kind: "cosine", base, ...more }) as const;

/** LARS as these authors have it: a coefficient of 0.001 and neither decay nor trust for biases and norms. */
const lars = (lr: number, weightDecay: number, end = 0): PublishedSpec["optimizer"] => ({
  kind: "lars",
  lr: cosine(lr, { warmup: 10, end }),
  weightDecay,
  momentum: 0.9,
  eta: 0.001,
  exemptDecay: "norms-and-biases",
  exemptAdaptation: "norms-and-biases",
});

const sgd = (lr: PublishedSpec["optimizer"]["lr"], weightDecay: number): PublishedSpec["optimizer"] => ({
  kind: "sgd",
  lr,
  weightDecay,
  momentum: 0.9,
});

/** Presets of authors' repositories. */
export const AUTHORS: readonly PublishedPreset[] = [
  {
    source: {
      repository: "google-research/simclr",
      file: "README.md",
      revision: "383d4143fd8cf7879ae10f1046a9baeb753ff438",
    },
    spec: {
      method: "simclr",
      hyper: { T: 0.1, hidden: 2048, projector: 128, layers: 3, norm: true, lastNorm: "scale" },
      ...imagenet(true),
      views: SIMCLR,
      batch: 4096,
      optimizer: lars(4.8, 1e-4),
      stop: { epochs: 100 },
    },
    assumptions: {},
    differs: [],
  },
  {
    source: {
      repository: "facebookresearch/moco",
      file: "main_moco.py",
      revision: "132aea9da9bb995a411c915c0420be3db62052f3",
    },
    spec: {
      method: "moco",
      hyper: { T: 0.2, m: 0.999, queue: 65536, hidden: 2048, projector: 128, symmetric: false },
      ...imagenet(false),
      views: MOCO_V2,
      batch: 256,
      optimizer: sgd(cosine(0.03), 1e-4),
      stop: { epochs: 200 },
    },
    assumptions: {},
    differs: ["shuffled-keys", "rate-per-epoch"],
  },
  {
    source: {
      repository: "google-deepmind/deepmind-research",
      file: "byol/configs/byol.py",
      revision: "4822a45504cb05042841a358f070bba35c6fbc24",
    },
    spec: {
      method: "byol",
      hyper: {
        m: { kind: "cosine", base: 0.996, end: 1 },
        hidden: 4096,
        projector: 256,
        predictor: 4096,
      },
      ...imagenet(false),
      views: BYOL,
      batch: 4096,
      optimizer: lars(3.2, 1.5e-6),
      stop: { epochs: 1000 },
    },
    assumptions: {},
    differs: ["online-probe"],
  },
  {
    source: {
      repository: "facebookresearch/simsiam",
      file: "main_simsiam.py",
      revision: "a7bc1772896d0dad0806c51f0bb6f3b16d290468",
    },
    spec: {
      method: "simsiam",
      hyper: { hidden: 2048, projector: 2048, predictor: 512 },
      ...imagenet(true),
      views: MOCO_V2,
      batch: 512,
      optimizer: { ...sgd(cosine(0.1), 1e-4), parts: { predictor: { lr: 0.1 } } },
      stop: { epochs: 100 },
    },
    assumptions: {},
    differs: ["rate-per-epoch"],
  },
  {
    source: {
      repository: "facebookresearch/barlowtwins",
      file: "main.py",
      revision: "8e8d284ca0bc02f88b92328e53f9b901e86b4a3c",
    },
    spec: {
      method: "barlow",
      hyper: { lambda: 0.0051, scale: 1, hidden: 8192, projector: 8192 },
      ...imagenet(true),
      views: BARLOW,
      batch: 2048,
      optimizer: {
        ...lars(1.6, 1e-6, 0.0016),
        parts: { "norms-and-biases": { lr: cosine(0.0384, { warmup: 10, end: 0.0000384 }) } },
      },
      stop: { epochs: 1000 },
    },
    assumptions: {},
    differs: ["precision"],
  },
  {
    source: {
      repository: "facebookresearch/vicreg",
      file: "main_vicreg.py",
      revision: "4e12602fd495af83efd1631fbe82523e6db092e0",
    },
    spec: {
      method: "vicreg",
      // Their code halves the variance term, this method does not: half the coefficient is the same loss.
      hyper: { lambda: 25, mu: 12.5, nu: 1, hidden: 8192, projector: 8192 },
      ...imagenet(true),
      views: BARLOW,
      batch: 2048,
      optimizer: lars(1.6, 1e-6, 0.0016),
      stop: { epochs: 1000 },
    },
    assumptions: {},
    differs: ["precision"],
  },
  {
    source: {
      repository: "jhaochenz96/spectral_contrastive_learning",
      file: "configs/spectral_resnet_mlp8192_norelu_3layer_imagenet_lr005_mu10_bs384_100eps.yaml",
      revision: "ee431bdba9bb62ad00a7e55792213ee37712784c",
    },
    spec: {
      method: "spectral",
      hyper: { mu: 10, hidden: 8192, projector: 8192, layers: 3, lastNorm: "affine" },
      ...imagenet(true),
      views: MOCO_V2,
      batch: 384,
      optimizer: sgd(cosine(0.075), 1e-4),
      stop: { epochs: 101 },
    },
    assumptions: {},
    differs: [],
  },
  {
    source: {
      repository: "jhaochenz96/spectral_contrastive_learning",
      file: "configs/spectral_resnet_mlp1000_norelu_cifar10_lr003_mu1.yaml",
      revision: "ee431bdba9bb62ad00a7e55792213ee37712784c",
    },
    spec: {
      method: "spectral",
      hyper: { mu: 1, hidden: 2048, projector: 1000, layers: 2, lastNorm: "affine" },
      encoder: { name: "resnet18", options: { stem: "cifar" } },
      data: splits("cifar10", 32),
      views: SPECTRAL_CIFAR,
      batch: 512,
      optimizer: sgd(cosine(0.06, { warmup: 10 }), 5e-4),
      stop: { epochs: 800 },
    },
    assumptions: {},
    differs: ["first-step-rate"],
  },
];
