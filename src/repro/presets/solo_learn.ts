/** What solo-learn trains with on CIFAR and ImageNet-100, a ResNet-18 each. */
import type { PublishedPreset, PublishedSpec } from "./preset.ts";
import { splits } from "./preset.ts";
import { viewsOf } from "./views.ts";

const REPOSITORY = "vturrisi/solo-learn";
const REVISION = "9187ea39c2c3f43c455ab06664d2b019a9802954";

type Optimizer = PublishedSpec["optimizer"];

/** Half a cosine after ten epochs of warm-up from 3e-5; a rate is that of a batch of 256. */
const rate = (base: number) => ({ kind: "cosine", base, warmup: 10, start: 3e-5 }) as const;

/** Rates, decay, and what solo-learn gives LARS: a trust coefficient of 0.02, clipped, without biases and norms. */
const lars = (lr: number, weightDecay: number): Optimizer => ({
  kind: "lars",
  lr: rate(lr),
  weightDecay,
  momentum: 0.9,
  eta: 0.02,
  clipRate: true,
  exemptDecay: "norms-and-biases",
  exemptAdaptation: "norms-and-biases",
});

const sgd = (lr: number, weightDecay: number): Optimizer => ({
  kind: "sgd",
  lr: rate(lr),
  weightDecay,
  momentum: 0.9,
});

interface Settings {
  readonly hyper: PublishedSpec["hyper"];
  readonly optimizer: Optimizer;
}

/** A method's file, and what it says for CIFAR and for ImageNet-100. */
interface Entry {
  readonly method: string;
  readonly file: string;
  readonly cifar: Settings;
  readonly imagenet100: Settings;
}

/** The momentum of the copy, from `base` at the first step to `end` at the last. */
const momentum = (base: number, end: number) => ({ kind: "cosine", base, end }) as const;

const moco = { T: 0.2, symmetric: true, m: momentum(0.99, 0.999), hidden: 2048, projector: 256 };
const byol = { m: momentum(0.99, 1), hidden: 4096, projector: 256 };
const barlow: Settings = {
  hyper: { lambda: 0.0051, scale: 0.1, hidden: 2048, projector: 2048 },
  optimizer: lars(0.3, 1e-4),
};
const vicreg: Settings = {
  hyper: { lambda: 25, mu: 25, nu: 1, hidden: 2048, projector: 2048 },
  optimizer: lars(0.3, 1e-4),
};
const simsiam: Settings = {
  hyper: { hidden: 2048, projector: 2048, predictor: 512 },
  optimizer: { ...sgd(0.5, 1e-5), parts: { predictor: { lr: 0.5 } } },
};

/** solo-learn's projector of SimCLR has no norm. */
const PLAIN = { layers: 2, norm: false, lastNorm: "none" } as const;

const ENTRIES: readonly Entry[] = [
  {
    method: "simclr",
    file: "simclr.yaml",
    cifar: {
      hyper: { T: 0.2, hidden: 2048, projector: 256, ...PLAIN },
      optimizer: lars(0.4, 1e-4),
    },
    imagenet100: {
      hyper: { T: 0.2, hidden: 4096, projector: 512, ...PLAIN },
      optimizer: lars(0.3, 1e-4),
    },
  },
  {
    method: "moco",
    file: "mocov2plus.yaml",
    cifar: { hyper: { ...moco, queue: 32768 }, optimizer: sgd(0.3, 1e-4) },
    imagenet100: {
      hyper: { ...moco, queue: 65536 },
      optimizer: sgd(0.3, 1e-4),
    },
  },
  {
    method: "byol",
    file: "byol.yaml",
    cifar: { hyper: { ...byol, predictor: 4096 }, optimizer: lars(1, 1e-5) },
    imagenet100: {
      hyper: { ...byol, predictor: 8192 },
      optimizer: lars(0.5, 1e-6),
    },
  },
  {
    method: "simsiam",
    file: "simsiam.yaml",
    cifar: simsiam,
    imagenet100: simsiam,
  },
  { method: "barlow", file: "barlow.yaml", cifar: barlow, imagenet100: barlow },
  { method: "vicreg", file: "vicreg.yaml", cifar: vicreg, imagenet100: vicreg },
];

type Dataset = "cifar10" | "cifar100" | "imagenet-100";

function preset(entry: Entry, dataset: Dataset): PublishedPreset {
  const small = dataset !== "imagenet-100";
  const { hyper, optimizer } = small ? entry.cifar : entry.imagenet100;
  return {
    source: {
      repository: REPOSITORY,
      file: `scripts/pretrain/${small ? "cifar" : "imagenet-100"}/${entry.file}`,
      revision: REVISION,
    },
    spec: {
      method: entry.method,
      hyper,
      encoder: {
        name: "resnet18",
        options: small ? { stem: "cifar", stemPadding: 2 } : { stem: "imagenet" },
      },
      data: splits(dataset, small ? 32 : 256),
      views: viewsOf(
        `solo-learn/${dataset}/${entry.method === "moco" ? "moco-v2plus" : entry.method}`,
        2,
        small ? 32 : 224,
      ),
      batch: 256,
      optimizer,
      stop: { epochs: small ? 1000 : 400 },
    },
    assumptions: {},
    differs: ["precision", "online-probe", "warm-up-step"],
  };
}

/** Every method's preset on a data set. */
function presetsOn(dataset: Dataset): readonly PublishedPreset[] {
  return ENTRIES.map((entry) => preset(entry, dataset));
}

const DATASETS: readonly Dataset[] = ["cifar10", "cifar100", "imagenet-100"];

/** Presets of solo-learn. */
export const SOLO_LEARN: readonly PublishedPreset[] = DATASETS.flatMap(presetsOn);
