/** The optimizer of a run as data. Defaults are PyTorch's for SGD and AdamW and SimCLR's for LARS. */
import { z } from "zod";
import { scheduleSchema } from "./schedule.ts";

/** Which tensors a rule leaves out: none, or biases and the scales and offsets of norms. */
const exempt = z.enum(["nothing", "norms-and-biases"]).default("nothing");

const common = {
  lr: scheduleSchema,
  weightDecay: scheduleSchema.default(0),
  /** Tensors without weight decay. */
  exemptDecay: exempt,
  /** Gradients are scaled so that their common norm is at most this; absent is no clipping. */
  clipNorm: z.number().positive().exactOptional(),
  /** Parts of the network with a rate or decay of their own, by the name of their arena or path, such as `predictor`. */
  parts: z.record(
    z.string(),
    z.strictObject({ lr: scheduleSchema.exactOptional(), weightDecay: scheduleSchema.exactOptional() }),
  ).default({}),
};

const sgd = z.strictObject({
  kind: z.literal("sgd"),
  ...common,
  momentum: z.number().min(0).max(1).default(0),
  nesterov: z.boolean().default(false),
});

const adamw = z.strictObject({
  kind: z.literal("adamw"),
  ...common,
  beta1: z.number().min(0).lt(1).default(0.9),
  beta2: z.number().min(0).lt(1).default(0.999),
  eps: z.number().positive().default(1e-8),
  biasCorrection: z.boolean().default(true),
});

const lars = z.strictObject({
  kind: z.literal("lars"),
  ...common,
  momentum: z.number().min(0).max(1).default(0.9),
  /** Trust coefficient. */
  eta: z.number().positive().default(0.001),
  /** Whether the trust ratio over the learning rate is at most 1 (solo-learn's `clip_lr`). */
  clipRate: z.boolean().default(false),
  /** Tensors without a trust ratio. */
  exemptAdaptation: exempt,
});

export const optimizerSchema = z.discriminatedUnion("kind", [sgd, adamw, lars]);
/** An optimizer with every field. */
export type Optimizer = z.infer<typeof optimizerSchema>;
/** An optimizer as a table writes it. */
export type OptimizerInput = z.input<typeof optimizerSchema>;
