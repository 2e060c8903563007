/** Fields that the authors' repositories have in common. */
import type { Mapping, Match, Other } from "../compare.ts";

export const number = (other: Other, name: string): number => other(name) as number;
export const cosine = (field: string): readonly Match[] => [
  { field, at: "optimizer.lr.kind", as: () => "cosine" },
  { field, at: "optimizer.lr.start", as: () => 0 },
];
export const endsAtZero = (field: string): Match => ({ field, at: "optimizer.lr.end", as: () => 0 });
export const exempt = (field: string, at: string): Match => ({ field, at, as: () => "norms-and-biases" });
const LAST_NORM: Readonly<Record<string, string>> = {
  "with scale and offset": "affine",
  "with scale, without offset": "scale",
};

/** Methods whose projector can have any number of layers and a norm behind the last. */
const free = ["simclr", "spectral"];
export const widths: readonly Match[] = [
  { field: "projector.widths", at: "hyper.hidden", as: (w: readonly number[]) => w[1] },
  { field: "projector.widths", at: "hyper.projector", as: (w: readonly number[]) => w.at(-1) },
  {
    field: "projector.widths",
    at: "hyper.layers",
    as: (w: readonly number[]) => w.length - 1,
    methods: free,
  },
  {
    field: "projector.last_batch_norm",
    at: "hyper.lastNorm",
    as: (norm: string) => LAST_NORM[norm],
    methods: free,
  },
];

/** What all have in common. */
export const common: Mapping = {
  matched: [
    { field: "zero_init_residual", at: "encoder.options.zeroInitResidual", absent: false },
    { field: "arch", at: "encoder.name" },
    { field: "arch", at: "encoder.width", as: () => 1 },
    { field: "arch", at: "encoder.options.stem", as: () => "imagenet" },
  ],
  differs: {
    "classifier.loss_added_to_the_method_loss": "online-probe",
    "amp": (on: boolean) => on ? "precision" : undefined,
  },
  meaningless: {
    "workers": "how files are read",
    "num_workers": "how files are read",
    "print_freq": "prints",
    "log_freq_time": "prints",
    "seed": "the table's",
    "random_seed": "the table's",
    "gpus": "the machine",
    "ngpus": "the machine",
    "nodes": "the machine",
    "sync_batchnorm": "statistics are of the whole batch, as they are here",
    "drop_last": "here too the last images that fill no batch are left out",
    "images": "the manifest's",
    "projector.batch_norm": "the method's projector has or lacks it likewise",
    "predictor.layers": "the method has as many",
    "predictor.batch_norm": "the method's predictor has it likewise",
    "loss_symmetric": "the method's loss is likewise",
    "projector.last_batch_norm": "the method has it likewise",
    "variance_eps": "the method has the same",
    "trust": "the same as here",
    "lr_scaled_by": "the conversion of the rate",
  },
};
