/** Presets of the methods that take every image for a class: DIET, S-DIET. */
import type { PublishedPreset, PublishedSpec } from "./preset.ts";
import { splits } from "./preset.ts";
import { viewsOf } from "./views.ts";

type Dataset = "cifar10" | "cifar100" | "imagenet-100" | "imagenet-1k";

const DATASETS: readonly Dataset[] = ["cifar10", "cifar100", "imagenet-100", "imagenet-1k"];

/** Half a cosine after ten epochs of warm-up; DIET's author keeps the schedule in a library that is not public. */
const adamw = (lr: number): PublishedSpec["optimizer"] => ({
  kind: "adamw",
  lr: { kind: "cosine", base: lr, end: lr / 1000, warmup: 10, start: lr / 3 },
  weightDecay: 0.05,
  beta1: 0.9,
  beta2: 0.999,
  eps: 1e-8,
});

const SCHEDULE =
  "with a warm-up of 10 epochs from a third of the rate, half a cosine to a thousandth of it: a third-party implementation's; the library that holds the author's is not public";
const AUGMENTATION =
  "of strength 3 as a third-party implementation has it; the library that holds the author's is not public";

function common(dataset: Dataset): Pick<PublishedSpec, "encoder" | "data"> {
  const small = dataset.startsWith("cifar");
  return {
    encoder: {
      name: dataset === "imagenet-1k" ? "resnet50" : "resnet18",
      options: small ? { stem: "cifar", stemPadding: 2 } : { stem: "imagenet" },
    },
    data: splits(dataset, small ? 32 : 256),
  };
}

/** Views of the recipe, with the data set's channel statistics. */
function views(recipe: string, dataset: Dataset): PublishedSpec["views"] {
  return dataset === "cifar10" || dataset === "cifar100"
    ? viewsOf(recipe, 1, 32, dataset)
    : viewsOf(recipe, 1, 224, "imagenet");
}

const DIET_SCRIPTS: Readonly<Record<Dataset, { file: string; epochs: number; batch: number }>> = {
  "cifar10": { file: "examples/executor_CIFAR.sh", epochs: 200, batch: 256 },
  "cifar100": { file: "examples/executor_lsmoothing_CV.sh", epochs: 4000, batch: 256 },
  "imagenet-100": { file: "examples/executor.sh", epochs: 7000, batch: 256 },
  "imagenet-1k": { file: "examples/executor_grouped.sh", epochs: 2000, batch: 512 },
};

function dietPreset(dataset: Dataset): PublishedPreset {
  const { file, epochs, batch } = DIET_SCRIPTS[dataset];
  const small = dataset.startsWith("cifar");
  return {
    source: {
      repository: "RandallBalestriero/noise-robust-vit",
      file,
      revision: "6840432a4190b8f7c04c7cdd5c95cb57820dd49e",
    },
    spec: {
      method: "diet",
      hyper: { loss: "cross-entropy", smoothing: 0.8, beta: 1, bias: true },
      ...common(dataset),
      views: views("diet-3", dataset),
      batch,
      optimizer: adamw(1e-3),
      stop: { epochs },
    },
    assumptions: {
      "hyper.beta": "1, the author's scripts have no such factor",
      "optimizer.lr": SCHEDULE,
      "views.0.recipe": AUGMENTATION,
      "views.0.size": small ? "32, the images' own" : "224, torchvision's",
      ...(!small && { "encoder.options.stem": "torchvision's" }),
    },
    differs: [
      "precision",
      "online-probe",
      ...(dataset === "imagenet-1k" ? ["grouped-images"] as const : []),
    ],
  };
}

/** S-DIET: what no source states is DIET's or, for the length, that of the methods it is compared with. */
function sdietPreset(dataset: Dataset): PublishedPreset {
  const small = dataset.startsWith("cifar");
  return {
    source: {
      repository: "openreview.net/forum?id=4NgxI6Z74n",
      file: "rebuttal",
      revision: "reviews and rebuttal, ICLR 2025",
    },
    spec: {
      method: "sdiet",
      hyper: {
        T: 0.1,
        smoothing: 0.1,
        hidden: "features",
        projector: "features",
        normalise: true,
        normaliseRows: true,
        softmaxOver: "batch",
        multistep: "eager",
        period: "epoch",
        rowCorrection: false,
        firstVisitDecay: false,
      },
      ...common(dataset),
      views: views("sdiet", dataset),
      batch: 256,
      optimizer: adamw(1e-3),
      stop: { epochs: small ? 1000 : dataset === "imagenet-100" ? 400 : 100 },
    },
    assumptions: {
      "hyper.T": "0.1, no source states a temperature",
      "hyper.smoothing":
        "0.1, no source states a smoothing; with a softmax over the batch DIET's 0.8 would be another quantity",
      "hyper.hidden": "as wide as the features, no source states the projector's shape",
      "hyper.projector": "as wide as the features, no source states the projector's shape",
      "hyper.normaliseRows": "true, no source says whether rows are normalised as features are",
      "hyper.period": "the steps of an epoch, which the rebuttal implies",
      "hyper.firstVisitDecay": "none, as in the rebuttal's listing",
      ...(dataset === "imagenet-1k"
        ? {}
        : { "batch": "256, DIET's", "encoder.name": "ResNet-18, as the baselines have" }),
      "encoder.options": "the stem that DIET's script has",
      "encoder.width": "1, as everywhere",
      "optimizer": `DIET's rate, decay and schedule (${SCHEDULE})`,
      "views.0.recipe": `DIET's: ${AUGMENTATION}`,
      "views.0.size": "DIET's",
      "stop": "after as many epochs as the methods it is compared with",
    },
    differs: [],
  };
}

/** Presets of DIET and S-DIET. */
export const INSTANCE: readonly PublishedPreset[] = [
  ...DATASETS.map(dietPreset),
  ...DATASETS.map(sdietPreset),
];
