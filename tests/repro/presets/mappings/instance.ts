/** Fields of DIET's scripts and of what is public of S-DIET. */
import type { Mapping } from "../compare.ts";

const DATASETS: Readonly<Record<string, string>> = {
  CIFAR10: "cifar10",
  CIFAR100: "cifar100",
  IMAGENET100: "imagenet-100",
  IMAGENET: "imagenet-1k",
};

export const diet: Mapping = {
  matched: [
    { field: "train_dataset", at: "data.*.name", as: (d: string) => DATASETS[d] },
    { field: "epochs", at: "stop.epochs" },
    { field: "architecture", at: "encoder.name" },
    { field: "architecture", at: "encoder.width", as: () => 1 },
    { field: "batch_size", at: "batch" },
    { field: "learning_rate", at: "optimizer.lr.base" },
    { field: "weight_decay", at: "optimizer.weightDecay" },
    { field: "weight_decay", at: "optimizer.exemptDecay", as: () => "nothing" },
    { field: "label_smoothing", at: "hyper.smoothing" },
    { field: "loss", at: "hyper.loss", as: (l: string) => l.split(" ")[0] },
    { field: "head.bias", at: "hyper.bias" },
    { field: "optimizer", at: "optimizer.kind" },
    { field: "optimizer", at: "optimizer.biasCorrection", as: () => true },
    { field: "adamw.eps", at: "optimizer.eps" },
    { field: "adamw.betas", at: "optimizer.beta1", as: (b: readonly number[]) => b[0] },
    { field: "adamw.betas", at: "optimizer.beta2", as: (b: readonly number[]) => b[1] },
    { field: "views", at: "views.0.count" },
    { field: "conv1.padding", at: "encoder.options.stemPadding" },
    { field: "conv1.kernel_size", at: "encoder.options.stem", as: (k: number) => k === 3 && "cifar" },
  ],
  differs: {
    "float16": (on: boolean) => on ? "precision" : undefined,
    "classifier.loss_added_to_the_method_loss": "online-probe",
    "indices_from": "grouped-images",
  },
  meaningless: {
    "strength": "the augmentation is not public; see the preset's assumptions",
    "transforms": "the augmentation is not public; see the preset's assumptions",
    "scheduler": "the schedule is not public; see the preset's assumptions",
    "gpus_per_node": "the machine",
    "sync_batchnorm": "statistics are of the whole batch, as they are here",
    "projector_depth": "0 is none, as the method has it",
    "lr_scaling": "1: the head has the encoder's rate",
    "wd_scaling": "1: the head has the encoder's decay",
    "entropy_propagation": "0 is none",
    "max_indices": "all images",
    "conv1.stride": "1, as the stem for small images has it",
    "conv1.bias": "no convolution before a norm has one",
    "maxpool": "none, as the stem for small images has it",
  },
};

export const sdiet: Mapping = {
  matched: [
    { field: "views", at: "views.0.count" },
    { field: "loss", at: "hyper.softmaxOver", as: () => "batch" },
    { field: "features_normalised", at: "hyper.normalise" },
    { field: "head_rows", at: "hyper.multistep", as: () => "eager" },
    { field: "head_rows", at: "hyper.rowCorrection", as: () => false },
    { field: "encoder_optimizer", at: "optimizer.kind" },
    { field: "encoder", at: "encoder.name" },
    { field: "batch_size", at: "batch" },
    { field: "dataset", at: "data.*.name", as: (d: string) => d === "imagenet" && "imagenet-1k" },
  ],
  differs: {},
  meaningless: { "projection_head": "the method has one unless its width is none" },
};
