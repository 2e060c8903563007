/**
 * SGD, AdamW and LARS as effects over whole arenas: one dispatch per bindable window and parameter group. Their state
 * lies in arenas of role `optimizer` with the layout of the trained parameters, one named tensor a parameter.
 */
import { AssayError, failure } from "../base/error.ts";
import { Kernel } from "../gpu/kernel.ts";
import type { Arena } from "../gpu/value.ts";
import adamwSource from "../kernels.wgsl/adamw.wgsl" with { type: "text" };
import sgdSource from "../kernels.wgsl/sgd.wgsl" with { type: "text" };
import { clipGradients } from "./optimizers/clip.ts";
import { recordLars } from "./optimizers/lars.ts";
import type { AdamW, OptimizerSpec, Sgd } from "./optimizers/spec.ts";
import { type Context, stateArena, update } from "./optimizers/update.ts";
import { scheduleAt } from "./schedules.ts";
import type { Trained } from "./spans.ts";
import type { Trace } from "./trace.ts";

export { type OptimizerSpec, parseOptimizer } from "./optimizers/spec.ts";

const sgd = new Kernel("sgd", sgdSource);
const adamw = new Kernel("adamw", adamwSource);

/** Values of the optimizer's step scalars at a step (from 0), computed in f64 from the step alone. */
export function optimizerScalars(spec: OptimizerSpec, step: number): Record<string, number> {
  const parts = [undefined, ...Object.keys(spec.parts ?? {})];
  return Object.fromEntries(
    parts.flatMap((part) => schedulesOf(spec, part).map(({ full, at }) => [full, at(step)])),
  );
}

interface StepScalar {
  readonly name: string;
  /** The name with the part's behind it. */
  readonly full: string;
  readonly at: (step: number) => number;
}

function schedulesOf(spec: OptimizerSpec, part: string | undefined): StepScalar[] {
  const own = part === undefined ? undefined : spec.parts![part]!;
  const rate = own?.lr ?? spec.lr, decay = own?.weightDecay ?? spec.weightDecay ?? 0;
  const lr = (step: number) => scheduleAt(rate, step);
  const all: Record<string, (step: number) => number> = {
    lr,
    weightDecay: (step) => scheduleAt(decay, step),
  };
  if (spec.kind === "adamw") {
    const { beta1 = 0.9, beta2 = 0.999, biasCorrection = true } = spec;
    all["adamw.size"] = (step) => lr(step) / (biasCorrection ? 1 - beta1 ** (step + 1) : 1);
    all["adamw.root"] = (step) => biasCorrection ? Math.sqrt(1 - beta2 ** (step + 1)) : 1;
  }
  return Object.entries(all).map(([name, at]) => ({
    name,
    full: part === undefined ? name : `${name} of ${part}`,
    at,
  }));
}

/**
 * Records the optimizer over every trained arena, whose parameters are in their groups already (`groupParameters`). Gradients of
 * `clipped` count for `clipNorm`: a probe that watches a run must not change it. Step scalars: `lr`, `weightDecay`, and AdamW's
 * bias corrections, again for every part.
 */
export function applyOptimizer(
  t: Trace,
  spec: OptimizerSpec,
  trained: readonly Trained[],
  clipped: readonly Trained[] = trained,
): void {
  if (spec.clipNorm !== undefined) clipGradients(t, spec.clipNorm, clipped);
  const slots = new Map(
    [undefined, ...Object.keys(spec.parts ?? {})].map((part) => [
      part,
      Object.fromEntries(schedulesOf(spec, part).map(({ name, full, at }) => [name, t.scalar(full, at)])),
    ]),
  );
  for (const pair of trained) {
    const context = { t, pair, walks: t.spans.trained(pair), slots: (part?: string) => slots.get(part)! };
    t.program.effect("optimizer", () => {
      if (spec.kind === "sgd") recordSgd({ ...context, spec });
      else if (spec.kind === "adamw") recordAdamW({ ...context, spec });
      else recordLars({ ...context, spec });
    });
  }
}

function recordSgd(c: Context<Sgd>): void {
  const { momentum = 0, nesterov = false } = c.spec;
  if (nesterov && momentum === 0) {
    throw new AssayError("Cannot apply Nesterov SGD: its momentum must be above 0, current value is 0.");
  }
  const entry = momentum === 0 ? "plain" : nesterov ? "nesterov" : "heavy";
  const states: Record<string, Arena> = momentum === 0 ? {} : { v: stateArena(c, "velocity") };
  update(c, states, () => ({ kernel: sgd, entry, uniform: { momentum }, flops: momentum === 0 ? 4 : 6 }));
}

function recordAdamW(c: Context<AdamW>): void {
  const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8 } = c.spec;
  if (!(eps > 0)) {
    throw failure({
      operation: "apply",
      object: "AdamW",
      required: "its eps must be above 0, or a weight whose gradients have all been 0 becomes 0 / 0",
      found: String(eps),
      wayOut: "leave it out for 1e-8",
    });
  }
  const states = { m: stateArena(c, "mean"), v: stateArena(c, "square") };
  const own = { beta1, beta2, rest1: 1 - beta1, rest2: 1 - beta2, eps };
  update(c, states, (_walk, { part }) => {
    const slots = c.slots(part);
    const uniform = { ...own, size: slots["adamw.size"]!, root: slots["adamw.root"]! };
    return { kernel: adamw, uniform, flops: 14 };
  });
}
