/** `plan`: the memory of a training step to the byte, before anything runs and without an adapter. */
import { largestBinding, liveAt, plan } from "../gpu/planner.ts";
import type { Role } from "../base/roles.ts";
import { AssayError } from "../base/error.ts";
import { type Optimizer, optimizerSchema } from "../record/spec/optimizer.ts";
import { specSchema } from "../record/spec/spec.ts";
import { loadMethod } from "./method_files.ts";
import type { Step } from "../nn/step.ts";
import { viewsOf } from "./table/resolve.ts";
import { stepOf } from "../train/trainer.ts";

export interface PlanRequest {
  readonly method: string;
  readonly encoder: string;
  readonly batch: number;
  readonly image: number;
  readonly classes: number;
  /** Images in the training set: rows of a head or bank that has one per image. */
  readonly images: number;
  readonly optimizer: string;
  readonly width: number;
  readonly recompute: boolean;
  /** Bytes that the plan must fit; values are computed again for as few operations as that takes. */
  readonly memoryBudget?: number;
}

/** The JSON of `plan --json`; its field names are an interface. */
export interface PlanReport extends PlanRequest {
  /** Trained and frozen parameters, padding not counted. */
  readonly parameters: number;
  readonly peakBytes: number;
  readonly roles: Readonly<Record<Role, number>>;
  readonly lowerBoundBytes: number;
  /** peakBytes / lowerBoundBytes - 1. */
  readonly waste: number;
  readonly flopsPerStep: number;
  readonly dispatches: number;
  readonly programHash: string;
  /** Largest storage binding: an adapter's `maxStorageBufferBindingSize` must be at least this. */
  readonly largestBinding: { readonly label: string; readonly bytes: number };
  /** Largest activations alive at the peak. */
  readonly largest: readonly { readonly label: string; readonly bytes: number }[];
}

/** Traces the step of a request. Errors name the method, encoder or optimizer that does not exist. */
export async function stepOfRequest(request: PlanRequest): Promise<Step> {
  const method = await loadMethod(request.method);
  const { batch, image, classes, images, recompute, memoryBudget } = request;
  // The step that training runs, augmentation included: any recipe needs the same bytes.
  return stepOf(
    {
      ...{ batch, hyper: {} },
      views: parseViews(viewsOf("eval", method, image)),
      encoder: { name: request.encoder, width: request.width, options: {} },
      optimizer: usualOptimizer(request.optimizer),
    },
    method,
    { size: image, images, classes },
    { recompute, ...(memoryBudget !== undefined && { memoryBudget }) },
  );
}

/** Traces and plans a step. Errors name the method, encoder or optimizer that does not exist, or the least bytes that fit. */
export async function planReport(request: PlanRequest): Promise<PlanReport> {
  const step = await stepOfRequest(request);
  const result = plan(step.program);
  const binding = largestBinding(step.program);
  return {
    ...request,
    parameters: [...step.trace.parameters.values()].reduce((sum, p) => sum + p.value.size, 0),
    peakBytes: result.peakBytes,
    roles: result.roles,
    lowerBoundBytes: result.lowerBoundBytes,
    waste: result.peakBytes / result.lowerBoundBytes - 1,
    flopsPerStep: step.program.flops,
    dispatches: step.program.dispatches.length,
    programHash: step.program.hash(),
    largestBinding: { label: binding?.value.label ?? "none", bytes: binding?.bytes ?? 0 },
    largest: liveAt(step.program, result.peakAt).slice(0, 5).map((v) => ({ label: v.label, bytes: v.bytes })),
  };
}

const parseViews = (views: unknown) => specSchema.shape.views.parse(views);

/** An optimizer by name with usual numbers: a memory plan does not depend on them. */
function usualOptimizer(name: string): Optimizer {
  const usual: Readonly<Record<string, unknown>> = {
    sgd: { kind: "sgd", lr: 0.1, momentum: 0.9, weightDecay: 1e-4 },
    adamw: { kind: "adamw", lr: 1e-3, weightDecay: 0.05 },
    lars: { kind: "lars", lr: 0.3, momentum: 0.9, weightDecay: 1e-6 },
  };
  if (Object.hasOwn(usual, name)) return optimizerSchema.parse(usual[name]);
  throw new AssayError(
    `Cannot use optimizer "${name}": its name must be "sgd", "adamw" or "lars"; choose one of them.`,
  );
}
