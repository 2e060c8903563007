/** Fields of the authors that train with SGD: MoCo, SimSiam, spectral contrastive learning. */
import type { Mapping } from "../compare.ts";
import { common, cosine, endsAtZero, number, widths } from "./common.ts";
import { augmentation, together } from "./recipe.ts";

/** PyTorch's SGD with a cosine that changes once an epoch: MoCo's and SimSiam's scripts. */
const perEpoch: Mapping = {
  matched: [
    { field: "epochs", at: "stop.epochs" },
    { field: "batch_size", at: "batch" },
    { field: "weight_decay", at: "optimizer.weightDecay" },
    { field: "momentum", at: "optimizer.momentum" },
    { field: "momentum", at: "optimizer.kind", as: () => "sgd" },
    { field: "momentum", at: "optimizer.nesterov", as: () => false },
    { field: "weight_decay", at: "optimizer.exemptDecay", as: () => "nothing" },
    ...cosine("lr_schedule"),
    endsAtZero("lr_schedule"),
    { field: "lr_schedule", at: "optimizer.lr.warmup", as: () => 0 },
  ],
  differs: { "lr_schedule": "rate-per-epoch" },
  meaningless: {},
};

export const moco: Mapping = together(common, augmentation, perEpoch, {
  matched: [
    { field: "lr", at: "optimizer.lr.base" },
    { field: "moco_dim", at: "hyper.projector" },
    { field: "moco_k", at: "hyper.queue" },
    { field: "moco_m", at: "hyper.m" },
    { field: "moco_t", at: "hyper.T" },
    ...widths,
    { field: "loss_symmetric", at: "hyper.symmetric" },
  ],
  differs: { "keys_shuffled_among_gpus": "shuffled-keys" },
  meaningless: {
    "mlp": "projector.widths",
    "cos": "lr_schedule",
    "schedule": "not used with cos",
    "aug_plus": "the augmentation",
    "queues": "one, as here",
  },
});

export const simsiam: Mapping = together(common, augmentation, perEpoch, {
  matched: [
    {
      field: "lr",
      at: "optimizer.lr.base",
      as: (lr: number, other) => lr * number(other, "batch_size") / 256,
    },
    {
      field: "fix_pred_lr",
      at: "optimizer.parts.predictor.lr",
      as: (_: true, other) => number(other, "lr") * number(other, "batch_size") / 256,
    },
    { field: "dim", at: "hyper.projector" },
    { field: "pred_dim", at: "hyper.predictor" },
    ...widths,
    { field: "predictor.widths", at: "hyper.predictor", as: (w: readonly number[]) => w[1] },
  ],
  differs: {},
  meaningless: {
    "lr_of_the_predictor": "fix_pred_lr",
  },
});

export const spectral: Mapping = together(common, augmentation, {
  matched: [
    { field: "dataset.name", at: "data.*.name", as: (d: string) => d === "imagenet" ? "imagenet-1k" : d },
    { field: "dataset.image_size", at: "views.*.size" },
    {
      field: "dataset.image_size",
      at: "encoder.options.stem",
      as: (s: number) => s > 32 ? "imagenet" : "cifar",
    },
    { field: "model.backbone", at: "encoder.name", as: (b: string) => b.split("_")[0] },
    { field: "model.backbone", at: "encoder.width", as: () => 1 },
    { field: "model.mu", at: "hyper.mu" },
    ...widths,
    { field: "conv1.padding", at: "encoder.options.stemPadding", absent: 1 },
    { field: "conv1.kernel_size", at: "encoder.options.stem", as: (k: number) => k === 3 && "cifar" },
    { field: "train.optimizer.name", at: "optimizer.kind" },
    { field: "train.optimizer.weight_decay", at: "optimizer.weightDecay" },
    { field: "train.optimizer.weight_decay", at: "optimizer.exemptDecay", as: () => "nothing" },
    { field: "train.optimizer.momentum", at: "optimizer.momentum" },
    { field: "train.optimizer.name", at: "optimizer.nesterov", as: () => false },
    { field: "train.warmup_epochs", at: "optimizer.lr.warmup" },
    { field: "train.warmup_lr", at: "optimizer.lr.start" },
    {
      field: "train.base_lr",
      at: "optimizer.lr.base",
      as: (lr: number, other) => lr * number(other, "train.batch_size") / 256,
    },
    { field: "train.final_lr", at: "optimizer.lr.end" },
    { field: "lr_schedule", at: "optimizer.lr.kind", as: () => "cosine" },
    { field: "train.num_epochs", at: "stop.epochs" },
    { field: "train.stop_at_epoch", at: "stop.epochs" },
    { field: "train.batch_size", at: "batch" },
  ],
  differs: {
    "dataset.image_size": (size: number) => size > 32 ? { departs: /stored square/ } : undefined,
    "lr_of_the_first_step": (_: string, other) =>
      number(other, "train.warmup_epochs") > 0 ? "first-step-rate" : undefined,
  },
  meaningless: {
    "name": "what the run is called",
    "dataset.num_workers": "how files are read",
    "model.name": "the method",
    "conv1.stride": "1, as the stem for small images has it",
    "maxpool": "none, as the stem for small images has it",
    "train.knn_*": "the table names its probes",
    "eval.**": "the table names its probes",
    "logger.**": "prints",
  },
});
