/**
 * Linear-probe protocols of the literature as data. All of them train on features of unaugmented images, taken once;
 * where a paper augments the images of the probe, the entry says so under `departs`.
 */
import { failure } from "../base/error.ts";
import type { OptimizerSpec } from "../nn/optimizers.ts";
import type { Schedule } from "../nn/schedules.ts";
import type { Scaling } from "./scaling.ts";

export interface ProbeProtocol {
  readonly name: string;
  /** Where the numbers come from. */
  readonly source: string;
  /** What is done differently here. */
  readonly departs: string;
  readonly scaling: Scaling;
  readonly optimizer: "sgd" | "adamw";
  readonly lr: number;
  /** Whether `lr` is meant for a batch of 256 and grows in proportion to the batch. */
  readonly lrPer256: boolean;
  readonly momentum: number;
  readonly nesterov: boolean;
  readonly weightDecay: number;
  readonly batch: number;
  readonly epochs: number;
  /** Learning rate over the epochs. */
  readonly decay: "none" | "cosine" | { readonly milestones: readonly number[]; readonly factor: number };
  /** Epochs of linear warm-up, for `cosine`. */
  readonly warmup: number;
}

const SGD = { optimizer: "sgd", lrPer256: false, momentum: 0.9, nesterov: false, warmup: 0 } as const;
const AUGMENTED = "the paper trains on random crops and flips";

const PROTOCOLS: readonly ProbeProtocol[] = [
  {
    ...SGD,
    name: "compress",
    source: "UMBCvision/CompRess, eval_linear.py",
    departs: AUGMENTED,
    scaling: "l2-standardise",
    lr: 0.01,
    weightDecay: 1e-4,
    batch: 256,
    epochs: 40,
    decay: { milestones: [15, 30], factor: 0.1 },
  },
  {
    ...SGD,
    name: "moco",
    source: "facebookresearch/moco, main_lincls.py; milestones of He et al., arXiv 1911.05722",
    departs: AUGMENTED,
    scaling: "none",
    lr: 30,
    weightDecay: 0,
    batch: 256,
    epochs: 100,
    decay: { milestones: [60, 80], factor: 0.1 },
  },
  {
    ...SGD,
    name: "simclr",
    source: "Chen et al., arXiv 2002.05709, appendix B.6",
    departs: `${AUGMENTED}; the learning rate stays constant (assumption: no schedule is stated there)`,
    scaling: "none",
    lr: 0.1,
    lrPer256: true,
    nesterov: true,
    weightDecay: 0,
    batch: 4096,
    epochs: 90,
    decay: "none",
  },
  {
    ...SGD,
    name: "diet",
    source: "DIET authors' simpler_randomlabel.py: AdamW with the run's numbers",
    departs: "there the probe is trained online on the augmented stream; 100 epochs are an assumption",
    scaling: "none",
    optimizer: "adamw",
    lr: 1e-3,
    lrPer256: true,
    weightDecay: 0.05,
    batch: 256,
    epochs: 100,
    decay: "cosine",
    warmup: 10,
  },
];

/** Names that `probeProtocol` knows. */
export const probeProtocolNames: readonly string[] = PROTOCOLS.map(({ name }) => name);

/** A protocol by name. Errors: an unknown name. */
export function probeProtocol(name: string): ProbeProtocol {
  const found = PROTOCOLS.find((p) => p.name === name);
  if (found) return found;
  throw failure({
    operation: "probe",
    object: `by protocol "${name}"`,
    required: "the name must be a known protocol",
    found: `"${name}"`,
    wayOut: `use one of ${probeProtocolNames.join(", ")}`,
  });
}

/** The protocol's optimizer for batches of `batch` images, with the schedule in steps. */
export function probeOptimizer(p: ProbeProtocol, batch: number, stepsPerEpoch: number): OptimizerSpec {
  const base = p.lrPer256 ? p.lr * batch / 256 : p.lr;
  const steps = p.epochs * stepsPerEpoch;
  let lr: Schedule = base;
  if (p.decay === "cosine") {
    lr = { kind: "cosine", base, steps, warmup: Math.min(p.warmup, p.epochs - 1) * stepsPerEpoch };
  } else if (p.decay !== "none") {
    const { milestones, factor } = p.decay;
    lr = { kind: "milestones", base, factor, at: milestones.map((epoch) => epoch * stepsPerEpoch) };
  }
  const { weightDecay, momentum, nesterov } = p;
  return p.optimizer === "adamw"
    ? { kind: "adamw", lr, weightDecay }
    : { kind: "sgd", lr, weightDecay, momentum, nesterov };
}
