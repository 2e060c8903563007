/** Optimizers as data, in steps: what training lowers a run's specification to. */
import { AssayError } from "../../base/error.ts";
import type { Schedule } from "../schedules.ts";

/** Which tensors a rule leaves out: none, or biases and the scales and offsets of norms. */
export type Exempt = "nothing" | "norms-and-biases";

/** What a part of the network has of its own; the rest is the optimizer's. */
export interface Part {
  readonly lr?: Schedule;
  readonly weightDecay?: Schedule;
}

interface Common {
  readonly lr: Schedule;
  /** Default 0. */
  readonly weightDecay?: Schedule;
  /** Tensors without weight decay. Default "nothing", as PyTorch's optimizers have it. */
  readonly exemptDecay?: Exempt;
  /** Largest norm of all gradients of the method together; longer ones are scaled to it. Default: no clipping. */
  readonly clipNorm?: number;
  /**
   * Parts by the name of their arena or path, such as `predictor`, or `norms-and-biases` for all of those; the longest name that fits
   * a parameter counts.
   */
  readonly parts?: Readonly<Record<string, Part>>;
}

/** torch.optim.SGD with dampening 0: L2 decay enters the gradient. */
export interface Sgd extends Common {
  readonly kind: "sgd";
  /** Default 0. */
  readonly momentum?: number;
  /** Default false. */
  readonly nesterov?: boolean;
}

/** torch.optim.AdamW: decoupled decay, eps outside the root. Defaults: betas 0.9 and 0.999, eps 1e-8, correction on. */
export interface AdamW extends Common {
  readonly kind: "adamw";
  readonly beta1?: number;
  readonly beta2?: number;
  readonly eps?: number;
  readonly biasCorrection?: boolean;
}

/**
 * LARS as SimCLR's code has it: the trust ratio eta |w| / |g + decay w| and the rate enter the velocity. Defaults: momentum 0.9,
 * eta 0.001.
 */
export interface Lars extends Common {
  readonly kind: "lars";
  readonly momentum?: number;
  /** Trust coefficient. */
  readonly eta?: number;
  /**
   * LARS as solo-learn (`clip_lr`) and NVIDIA's LARC have it: the ratio is min(eta |w| / (|g| + decay |w| + 1e-8) / lr, 1), the
   * rate stays outside the velocity. Default false.
   */
  readonly clipRate?: boolean;
  /** Tensors without a trust ratio. Default "nothing". */
  readonly exemptAdaptation?: Exempt;
}

export type OptimizerSpec = Sgd | AdamW | Lars;

/** An optimizer by name with common numbers, for a memory plan, which does not depend on them. */
export function parseOptimizer(name: string): OptimizerSpec {
  if (name === "sgd") return { kind: "sgd", lr: 0.1, momentum: 0.9, weightDecay: 1e-4 };
  if (name === "adamw") return { kind: "adamw", lr: 1e-3, weightDecay: 0.05 };
  if (name === "lars") return { kind: "lars", lr: 0.3, momentum: 0.9, weightDecay: 1e-6 };
  throw new AssayError(
    `Cannot use optimizer "${name}": its name must be "sgd", "adamw" or "lars"; choose one of them.`,
  );
}
