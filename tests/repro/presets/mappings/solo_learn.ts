/** solo-learn's fields. */
import type { Mapping, Other } from "../compare.ts";

const METHODS: Readonly<Record<string, string>> = { mocov2plus: "moco", barlow_twins: "barlow" };
const DATASETS: Readonly<Record<string, string>> = { imagenet100: "imagenet-100" };

const devices = (other: Other): number => (other("devices") as number[]).length;
/** A rate is that of 256 images. */
const scaled = (lr: number, other: Other): number =>
  lr * (other("optimizer.batch_size") as number) * devices(other) / 256;
const views = (rest: string): string => `views.$1.recipe.${rest}`;
const exempt = (value: boolean): string => value ? "norms-and-biases" : "nothing";

export const soloLearn: Mapping = {
  matched: [
    { field: "method", at: "method", as: (m: string) => METHODS[m] ?? m },
    { field: "backbone.name", at: "encoder.name" },
    { field: "backbone.kwargs", at: "encoder.width", as: () => 1 },
    {
      field: "data.dataset",
      at: "encoder.options.stem",
      as: (d: string) => d.startsWith("cifar") ? "cifar" : "imagenet",
    },
    {
      field: "backbone.conv1.kernel_size",
      at: "encoder.options.stem",
      as: (k: number) => k === 3 && "cifar",
    },
    { field: "backbone.conv1.stride", at: "encoder.options.stem", as: (s: number) => s === 1 && "cifar" },
    { field: "backbone.maxpool", at: "encoder.options.stem", as: (m: string) => m === "identity" && "cifar" },
    { field: "data.dataset", at: "data.*.name", as: (d: string) => DATASETS[d] ?? d },
    { field: "max_epochs", at: "stop.epochs" },

    { field: "method_kwargs.proj_hidden_dim", at: "hyper.hidden" },
    { field: "method_kwargs.proj_output_dim", at: "hyper.projector" },
    { field: "method_kwargs.pred_hidden_dim", at: "hyper.predictor" },
    { field: "method_kwargs.temperature", at: "hyper.T", methods: ["simclr", "moco"] },
    { field: "method_kwargs.queue_size", at: "hyper.queue" },
    { field: "method_kwargs.lamb", at: "hyper.lambda" },
    { field: "method_kwargs.scale_loss", at: "hyper.scale" },
    { field: "method_kwargs.sim_loss_weight", at: "hyper.lambda" },
    { field: "method_kwargs.var_loss_weight", at: "hyper.mu" },
    { field: "method_kwargs.cov_loss_weight", at: "hyper.nu" },
    { field: "projector.batch_norm", at: "hyper.norm", methods: ["simclr"] },
    { field: "projector.layers", at: "hyper.layers", methods: ["simclr"] },
    { field: "projector.last_batch_norm", at: "hyper.lastNorm", methods: ["simclr"] },
    { field: "loss_symmetric", at: "hyper.symmetric", methods: ["moco"] },
    { field: "queues", at: "hyper.symmetric", as: (n: number) => n === 2 },
    { field: "momentum.base_tau", at: "hyper.m.base" },
    { field: "momentum.final_tau", at: "hyper.m.end" },
    { field: "momentum.shape", at: "hyper.m.kind", as: () => "cosine" },
    { field: "momentum.shape", at: "hyper.m.warmup", as: () => 0 },
    { field: "momentum.shape", at: "hyper.m.start", as: () => 0 },

    { field: "optimizer.batch_size", at: "batch", as: (b: number, other) => b * devices(other) },
    { field: "optimizer.name", at: "optimizer.kind" },
    { field: "optimizer.lr", at: "optimizer.lr.base", as: scaled },
    {
      field: "predictor.static_lr",
      at: "optimizer.parts.predictor.lr",
      as: (_: true, other) => scaled(other("optimizer.lr") as number, other),
    },
    { field: "optimizer.weight_decay", at: "optimizer.weightDecay" },
    { field: "optimizer.kwargs.momentum", at: "optimizer.momentum" },
    { field: "optimizer.kwargs.nesterov", at: "optimizer.nesterov", absent: false },
    { field: "optimizer.kwargs.eta", at: "optimizer.eta" },
    { field: "optimizer.kwargs.clip_lr", at: "optimizer.clipRate" },
    { field: "optimizer.kwargs.exclude_bias_n_norm", at: "optimizer.exemptAdaptation", as: exempt },
    {
      field: "optimizer.exclude_bias_n_norm_wd",
      at: "optimizer.exemptDecay",
      as: (w: boolean, other) => exempt(w || other("optimizer.kwargs.exclude_bias_n_norm") === true),
    },
    {
      field: "scheduler.name",
      at: "optimizer.lr.kind",
      as: (n: string) => n === "warmup_cosine" && "cosine",
    },
    { field: "scheduler.min_lr", at: "optimizer.lr.end" },
    { field: "scheduler.warmup_start_lr", at: "optimizer.lr.start" },
    { field: "scheduler.warmup_epochs", at: "optimizer.lr.warmup" },

    { field: "augmentations.*.num_crops", at: "views.$1.count" },
    { field: "augmentations.*.crop_size", at: "views.$1.size" },
    { field: "augmentations.*.rrc.crop_min_scale", at: views("crop.scale.0") },
    { field: "augmentations.*.rrc.crop_max_scale", at: views("crop.scale.1") },
    { field: "augmentations.*.color_jitter.prob", at: views("jitter.p") },
    { field: "augmentations.*.color_jitter.brightness", at: views("jitter.brightness") },
    { field: "augmentations.*.color_jitter.contrast", at: views("jitter.contrast") },
    { field: "augmentations.*.color_jitter.saturation", at: views("jitter.saturation") },
    { field: "augmentations.*.color_jitter.hue", at: views("jitter.hue") },
    { field: "augmentations.*.grayscale.prob", at: views("grayscale"), absent: 0 },
    { field: "augmentations.*.gaussian_blur.prob", at: views("blur.p"), absent: 0 },
    { field: "augmentations.*.solarization.prob", at: views("solarize"), absent: 0 },
    { field: "augmentations.*.equalization.prob", at: views("equalize"), absent: 0 },
    { field: "augmentations.*.horizontal_flip.prob", at: views("flip"), absent: 0 },
    { field: "augmentations.rrc.ratio", at: "views.*.recipe.crop.ratio" },
    { field: "augmentations.gaussian_blur.sigma", at: "views.*.recipe.blur.sigma" },
    { field: "augmentations.mean", at: "views.*.recipe.normalise.mean" },
    { field: "augmentations.std", at: "views.*.recipe.normalise.std" },
  ],
  differs: {
    "precision": (p: string) => p === "32" ? undefined : "precision",
    "optimizer.classifier_lr": "online-probe",
    "classifier.loss_added_to_the_method_loss": "online-probe",
    "optimizer.trust": "trust-ratio",
    "scheduler.shape": "warm-up-step",
    "backbone.conv1.padding": "stem-padding",
    "augmentations.color_jitter.order": (o: string) => o === "random" ? "jitter-order" : "colour-library",
    "data.dataset": (d: string) => d.startsWith("imagenet") ? "square-store" : undefined,
    "augmentations.gaussian_blur.kernel": (k: string, other) =>
      k.startsWith("PIL") && blurs(other) ? "blur-kernel" : undefined,
    "augmentations.interpolation": "interpolation",
    // A crop of 32 pixels is never shrunk to 32.
    "augmentations.antialias": (_: boolean, other) =>
      (other("data.dataset") as string).startsWith("imagenet") ? "antialias" : undefined,
  },
  meaningless: {
    "name": "what the run is called",
    "defaults.**": "which files Hydra merges; they are merged here",
    "hydra.**": "where Hydra writes",
    "wandb.**": "where logs go",
    "wandb_cfg": "nothing reads it at this revision",
    "augmentations_cfg": "nothing reads it at this revision; the augmentation is that of defaults",
    "method_kwargs.temperature": "SimSiam's code reads no temperature",
    "augmentations.*.*.enabled":
      "only rrc's is read, and the crop is there; the probabilities decide the others",
    "backbone.conv1.bias": "no convolution before a norm has one",
    "data.train_path": "where files lie",
    "data.val_path": "where files lie",
    "data.format": "how files are read",
    "data.num_workers": "how files are read",
    "data.num_classes": "the manifest's",
    "data.fraction": "-1 is all images",
    "data.no_labels": "pretraining uses none",
    "data.drop_last": "here too the last images that fill no batch are left out",
    "dali.**": "how files are read",
    "checkpoint.**": "what is kept",
    "auto_resume.**": "a run is resumed on demand",
    "resume_from_checkpoint": "a run is resumed on demand",
    "debug_augmentations": "prints",
    "accelerator": "the machine",
    "devices": "batch and rate are the product over devices; see optimizer.batch_size",
    "num_nodes": "one machine; see optimizer.batch_size",
    "strategy": "how devices share the work",
    "sync_batchnorm": "statistics are of the whole batch, as they are here",
    "seed": "the table's",
    "accumulate_grad_batches": "1 is none",
    "scheduler.lr_decay_steps": "of another schedule",
    "scheduler.interval": "the rate changes every step, as it does here",
    "knn_eval.**": "the table names its probes",
    "performance.**": "the layout of tensors in memory",
    "momentum.classifier": "no classifier on the copy",
    "momentum.buffers_followed": "running statistics of the copy are its own, as they are here",
    "optimizer.lr_scaled_by": "the conversion of optimizer.lr",
    "optimizer.clip_lr_means": "what clipRate means",
    "optimizer.exclude_bias_n_norm_means": "what the exemptions mean",
    "optimizer.kwargs.dampening": "0, as it is here",
    "optimizer.kwargs.eps": "1e-8 beside norms that are never so small",
    "projector.layers": "the method has as many",
    "projector.batch_norm": "the method's projector has or lacks it likewise",
    "projector.last_batch_norm": "the method has it likewise",
    "predictor.layers": "the method has as many",
    "predictor.batch_norm": "the method's predictor has it likewise",
    "loss_symmetric": "the method's loss is likewise",
    "variance_halved": "not halved here either",
    "variance_eps": "the method has the same",
    "augmentations.order":
      "flips commute with all that stands between; the rest has the order of this project's recipes",
    "augmentations.solarization.threshold": "128 of 255 is 0.5",
  },
};

function blurs(other: Other): boolean {
  return [0, 1].some((view) => ((other(`augmentations.${view}.gaussian_blur.prob`) ?? 0) as number) > 0);
}
