/** Fields of the authors that train with LARS: SimCLR, BYOL, Barlow Twins, VICReg. */
import type { Mapping, Match } from "../compare.ts";
import { common, cosine, endsAtZero, exempt, number, widths } from "./common.ts";
import { augmentation, together } from "./recipe.ts";

/** LARS of Barlow Twins' and VICReg's scripts. */
const lars: Mapping = {
  matched: [
    { field: "epochs", at: "stop.epochs" },
    { field: "batch_size", at: "batch" },
    { field: "momentum", at: "optimizer.momentum" },
    { field: "eta", at: "optimizer.eta" },
    { field: "trust", at: "optimizer.kind", as: () => "lars" },
    { field: "trust", at: "optimizer.clipRate", as: () => false },
    exempt("weight_decay_filter", "optimizer.exemptDecay"),
    exempt("lars_adaptation_filter", "optimizer.exemptAdaptation"),
    { field: "warmup_epochs", at: "optimizer.lr.warmup" },
    ...cosine("lr_schedule"),
  ],
  differs: {},
  meaningless: {},
};

/** A rate of 256 images, and the end of its schedule. */
const twice = (rate: string, place = "optimizer.lr"): readonly Match[] => [
  { field: rate, at: `${place}.base`, as: (lr: number, other) => lr * number(other, "batch_size") / 256 },
  {
    field: "end_lr",
    at: `${place}.end`,
    as: (_: string, other) => number(other, rate) * number(other, "batch_size") / 256 * 0.001,
  },
];
const words = (field: string): readonly Match[] => [
  { field, at: "hyper.hidden", as: (w: string) => Number(w.split("-")[0]) },
  { field, at: "hyper.projector", as: (w: string) => Number(w.split("-").at(-1)) },
];

export const barlow: Mapping = together(common, augmentation, lars, {
  matched: [
    ...twice("learning_rate_weights"),
    { field: "weight_decay", at: "optimizer.weightDecay" },
    ...twice("learning_rate_biases", "optimizer.parts.norms-and-biases.lr"),
    { field: "lr_schedule", at: "optimizer.parts.norms-and-biases.lr.kind", as: () => "cosine" },
    { field: "lr_schedule", at: "optimizer.parts.norms-and-biases.lr.start", as: () => 0 },
    { field: "warmup_epochs", at: "optimizer.parts.norms-and-biases.lr.warmup" },
    { field: "lambd", at: "hyper.lambda" },
    { field: "loss_scale", at: "hyper.scale" },
    ...words("projector"),
  ],
  differs: {},
  meaningless: {},
});

export const vicreg: Mapping = together(common, augmentation, lars, {
  matched: [
    ...twice("base_lr"),
    { field: "wd", at: "optimizer.weightDecay" },
    { field: "sim_coeff", at: "hyper.lambda" },
    {
      field: "std_coeff",
      at: "hyper.mu",
      as: (c: number, other) => other("variance_halved") === true ? c / 2 : c,
    },
    { field: "cov_coeff", at: "hyper.nu" },
    ...words("mlp"),
  ],
  differs: {},
  meaningless: { "variance_halved": "the conversion of std_coeff" },
});

export const simclr: Mapping = together(common, augmentation, {
  matched: [
    { field: "train_batch_size", at: "batch" },
    { field: "train_epochs", at: "stop.epochs" },
    { field: "temperature", at: "hyper.T" },
    { field: "proj_out_dim", at: "hyper.projector" },
    ...widths,
    { field: "num_proj_layers", at: "hyper.layers" },
    { field: "projector.batch_norm", at: "hyper.norm" },
    {
      field: "learning_rate",
      at: "optimizer.lr.base",
      as: (lr: number, other) => lr * Math.sqrt(number(other, "train_batch_size")),
    },
    { field: "warmup_epochs", at: "optimizer.lr.warmup" },
    ...cosine("lr_schedule"),
    endsAtZero("lr_schedule"),
    { field: "optimizer", at: "optimizer.kind" },
    { field: "momentum", at: "optimizer.momentum" },
    { field: "eeta", at: "optimizer.eta" },
    { field: "trust", at: "optimizer.clipRate", as: () => false },
    { field: "weight_decay", at: "optimizer.weightDecay" },
    exempt("exclude_from_weight_decay", "optimizer.exemptDecay"),
    exempt("exclude_from_layer_adaptation", "optimizer.exemptAdaptation"),
    { field: "resnet_depth", at: "encoder.name", as: (d: number) => `resnet${d}` },
    { field: "width_multiplier", at: "encoder.width" },
    { field: "image_size", at: "views.*.size" },
    { field: "image_size", at: "encoder.options.stem", as: (s: number) => s > 32 ? "imagenet" : "cifar" },
    { field: "dataset", at: "data.*.name", as: (d: string) => d === "imagenet2012" && "imagenet-1k" },
  ],
  differs: {
    "image_size": { departs: /stored square/ },
  },
  meaningless: {
    "train_mode": "what is run",
    "eval_split": "the table names its probes",
    "use_tpu": "the machine",
    "train_summary_steps": "prints",
    "batch_norm_decay": "running statistics are read by no loss",
    "batch_norm_epsilon": "1e-5, as here",
    "hidden_norm": "rows of length one, as the method has them",
    "proj_head_mode": "projector.widths",
    "global_bn": "statistics are of the whole batch, as they are here",
    "sk_ratio": "0 is none",
    "se_ratio": "0 is none",
    "color_jitter_strength": "the jitter",
    "use_blur": "blur.p",
    "learning_rate_scaling": "the conversion of learning_rate",
    "use_nesterov": "none, as here",
    "classic_momentum": "the rate enters the velocity, as here",
  },
});

const byolView = (view: 1 | 2): readonly Match[] => {
  const place = `views.${view - 1}.recipe`;
  return [
    { field: `view${view}.random_flip`, at: `${place}.flip`, as: (f: boolean) => f ? 0.5 : 0 },
    { field: `view${view}.color_transform.brightness`, at: `${place}.jitter.brightness` },
    { field: `view${view}.color_transform.contrast`, at: `${place}.jitter.contrast` },
    { field: `view${view}.color_transform.saturation`, at: `${place}.jitter.saturation` },
    { field: `view${view}.color_transform.hue`, at: `${place}.jitter.hue` },
    { field: `view${view}.color_transform.color_jitter_prob`, at: `${place}.jitter.p` },
    { field: `view${view}.color_transform.to_grayscale_prob`, at: `${place}.grayscale` },
    {
      field: `view${view}.color_transform.shuffle`,
      at: `${place}.jitter.order`,
      as: (on: boolean) => on ? "random" : undefined,
    },
    { field: `view${view}.gaussian_blur.blur_divider`, at: `${place}.blur.kernel`, as: () => undefined },
    { field: `view${view}.gaussian_blur.apply_prob`, at: `${place}.blur.p`, absent: 0 },
    { field: `view${view}.gaussian_blur.sigma_min`, at: `${place}.blur.sigma.0` },
    { field: `view${view}.gaussian_blur.sigma_max`, at: `${place}.blur.sigma.1` },
    { field: `view${view}.solarize.apply_prob`, at: `${place}.solarize`, absent: 0 },
  ];
};

export const byol: Mapping = together(common, augmentation, {
  matched: [
    { field: "pretrain_epochs", at: "stop.epochs" },
    { field: "batch_size", at: "batch" },
    { field: "base_target_ema", at: "hyper.m.base" },
    { field: "target_ema", at: "hyper.m.end", as: () => 1 },
    { field: "target_ema", at: "hyper.m.kind", as: () => "cosine" },
    { field: "target_ema", at: "hyper.m.warmup", as: () => 0 },
    { field: "target_ema", at: "hyper.m.start", as: () => 0 },
    { field: "network_config.projector_hidden_size", at: "hyper.hidden" },
    { field: "network_config.projector_output_size", at: "hyper.projector" },
    { field: "network_config.predictor_hidden_size", at: "hyper.predictor" },
    { field: "network_config.encoder_class", at: "encoder.name", as: (n: string) => n.toLowerCase() },
    { field: "network_config.encoder_config.width_multiplier", at: "encoder.width" },
    { field: "network_config.encoder_class", at: "encoder.options.stem", as: () => "imagenet" },
    { field: "optimizer_config.weight_decay", at: "optimizer.weightDecay" },
    { field: "optimizer_config.eta", at: "optimizer.eta" },
    { field: "optimizer_config.momentum", at: "optimizer.momentum" },
    { field: "trust", at: "optimizer.kind", as: () => "lars" },
    { field: "trust", at: "optimizer.clipRate", as: () => false },
    exempt("weight_decay_filter", "optimizer.exemptDecay"),
    exempt("lars_adaptation_filter", "optimizer.exemptAdaptation"),
    {
      field: "lr_schedule_config.base_learning_rate",
      at: "optimizer.lr.base",
      as: (lr: number, other) => lr * number(other, "batch_size") / 256,
    },
    { field: "lr_schedule_config.warmup_epochs", at: "optimizer.lr.warmup" },
    ...cosine("lr_schedule"),
    endsAtZero("lr_schedule"),
    ...byolView(1),
    ...byolView(2),
  ],
  differs: {},
  meaningless: {
    "experiment_mode": "what is run",
    "num_classes": "the manifest's",
    "enable_double_transpose": "the machine",
    "network_config.encoder_config.resnet_v2": "the first version, as here",
    "network_config.bn_config.**": "scale, offset and eps 1e-5 as here, statistics of the whole batch",
    "evaluation_config.**": "the table names its probes",
    "checkpointing_config.**": "what is kept",
    "projector.layers": "the method has as many",
    "view*.color_transform.apply_prob": "1, always",
    "view*.solarize.threshold": "0.5, as here",
  },
});
