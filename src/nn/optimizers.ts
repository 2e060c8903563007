/**
 * SGD, AdamW and LARS as effects over whole arenas: one dispatch per bindable window and parameter group. Their state
 * lies in arenas of role `optimizer` with the layout of the trained parameters, one named tensor a parameter.
 */
import { AssayError } from "../base/error.ts";
import { type DispatchSpec, type Program } from "../gpu/program.ts";
import { Kernel } from "../gpu/kernel.ts";
import type { Arena, Value } from "../gpu/value.ts";
import adamwSource from "../kernels.wgsl/adamw.wgsl" with { type: "text" };
import larsSource from "../kernels.wgsl/lars.wgsl" with { type: "text" };
import sgdSource from "../kernels.wgsl/sgd.wgsl" with { type: "text" };
import trustSource from "../kernels.wgsl/trust.wgsl" with { type: "text" };
import { guardFlag } from "./guard.ts";
import { type Schedule, scheduleAt } from "./schedules.ts";
import { FROZEN, logicalName, type Trained, type Walk, type Walks, windowOf } from "./spans.ts";
import type { Trace } from "./trace.ts";

const kernels = {
  sgd: new Kernel("sgd", sgdSource),
  adamw: new Kernel("adamw", adamwSource),
  lars: new Kernel("lars", larsSource),
  trust: new Kernel("trust", trustSource),
};

/** How a parameter group departs from the optimizer's own numbers. */
export interface GroupRule {
  /** Factor of the learning rate. Default 1. */
  readonly lr?: number;
  /** Factor of the weight decay. Default 1; 0 in group `no-decay`. */
  readonly decay?: number;
  /** LARS: whether the trust ratio applies. Default true; false in group `no-decay`. */
  readonly adapt?: boolean;
}

interface Common {
  readonly lr: Schedule;
  readonly weightDecay?: Schedule;
  readonly groups?: Readonly<Record<string, GroupRule>>;
}

/** torch.optim.SGD with dampening 0: L2 decay enters the gradient. */
export interface Sgd extends Common {
  readonly kind: "sgd";
  readonly momentum?: number;
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

/** LARS as SimCLR's code has it. Defaults: momentum 0.9, eta 0.001. */
export interface Lars extends Common {
  readonly kind: "lars";
  readonly momentum?: number;
  /** Trust coefficient. */
  readonly eta?: number;
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

/** Values of the optimizer's step scalars at a step (from 0), computed in f64 from the step alone. */
export function optimizerScalars(spec: OptimizerSpec, step: number): Record<string, number> {
  return Object.fromEntries(Object.entries(schedulesOf(spec)).map(([name, at]) => [name, at(step)]));
}

function schedulesOf(spec: OptimizerSpec): Record<string, (step: number) => number> {
  const lr = (step: number) => scheduleAt(spec.lr, step);
  const weightDecay = (step: number) => scheduleAt(spec.weightDecay ?? 0, step);
  if (spec.kind !== "adamw") return { lr, weightDecay };
  const { beta1 = 0.9, beta2 = 0.999, biasCorrection = true } = spec;
  return {
    lr,
    weightDecay,
    "adamw.size": (step) => lr(step) / (biasCorrection ? 1 - beta1 ** (step + 1) : 1),
    "adamw.root": (step) => biasCorrection ? Math.sqrt(1 - beta2 ** (step + 1)) : 1,
  };
}

/** Records the optimizer over every trained arena. Step scalars: `lr`, `weightDecay`, and AdamW's bias corrections. */
export function applyOptimizer(t: Trace, spec: OptimizerSpec, trained: readonly Trained[]): void {
  const slots = Object.fromEntries(
    Object.entries(schedulesOf(spec)).map(([name, at]) => [name, t.scalar(name, at)]),
  );
  for (const pair of trained) {
    const walks = t.spans.trained(pair);
    for (const group of Object.keys(spec.groups ?? {})) {
      if (!pair.params.ranges.has(group) && group !== "no-decay" && group !== "decay") {
        throw new AssayError(
          `Cannot apply ${spec.kind} to arena "${pair.params.name}": it has no parameter group "${group}", it has ${
            [...pair.params.ranges.keys()].join(", ")
          }.`,
        );
      }
    }
    t.program.effect("optimizer", () => record[spec.kind]({ t, pair, walks, slots }, spec as never));
  }
}

interface Context {
  readonly t: Trace;
  readonly pair: Trained;
  readonly walks: Walks;
  readonly slots: Readonly<Record<string, number>>;
}

function ruleOf(spec: OptimizerSpec, group: string): Required<GroupRule> {
  const decays = group !== "no-decay";
  return { lr: 1, decay: decays ? 1 : 0, adapt: decays, ...spec.groups?.[group] };
}

/** An arena of optimizer state beside the trained parameters, zero at the start. */
function stateArena({ t, pair: { params }, walks }: Context, name: string): Arena {
  const arena = t.program.arena("optimizer", `${params.name}.${name}`);
  for (const value of walks.tensors) {
    t.state(
      arena,
      `${arena.name}/${logicalName(value.label)}`,
      value.shape,
      (_draw, size) => new Float32Array(size),
      "f32",
      params.groupOf(value),
    );
  }
  arena.seal([...params.ranges.keys()].filter((group) => group !== FROZEN));
  return arena;
}

/** Records one update dispatch for every walk. */
function update(
  c: Context,
  spec: OptimizerSpec,
  states: Readonly<Record<string, Arena>>,
  each: (walk: Walk, rule: Required<GroupRule>) => {
    entry?: string;
    uniform: Record<string, number>;
    read?: Record<string, Value>;
    flops: number;
  },
): void {
  const { t: { program }, pair, walks } = c;
  for (const walk of walks.walks) {
    const { uniform, flops, read, entry } = each(walk, ruleOf(spec, walk.group));
    const rule = ruleOf(spec, walk.group);
    program.dispatch({
      kernel: kernels[spec.kind],
      ...(entry && { entry }),
      label: `${spec.kind} ${pair.params.name} ${walk.group}`,
      read: {
        ...read,
        spans: walk.table,
        guard: guardFlag(c.t),
        dw: windowOf(program, pair.grads, walk),
      },
      update: {
        w: windowOf(program, pair.params, walk),
        ...mapArenas(program, states, walk),
      },
      uniform: {
        ...uniform,
        lr: c.slots.lr!,
        decay: c.slots.weightDecay!,
        lr_factor: rule.lr,
        decay_factor: rule.decay,
      },
      workgroups: walk.perElement,
      flops: flops * walk.elements,
    });
  }
}

function mapArenas(
  program: Program,
  arenas: Readonly<Record<string, Arena>>,
  walk: Walk,
): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(arenas).map(([name, arena]) => [name, windowOf(program, arena, walk)]),
  );
}

const record = {
  sgd(c: Context, spec: Sgd): void {
    const { momentum = 0, nesterov = false } = spec;
    if (nesterov && momentum === 0) {
      throw new AssayError("Cannot apply Nesterov SGD: its momentum must be above 0, current value is 0.");
    }
    const entry = momentum === 0 ? "plain" : nesterov ? "nesterov" : "heavy";
    const states: Record<string, Arena> = momentum === 0 ? {} : { v: stateArena(c, "velocity") };
    update(c, spec, states, () => ({ entry, uniform: { momentum }, flops: momentum === 0 ? 4 : 6 }));
  },

  adamw(c: Context, spec: AdamW): void {
    const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8 } = spec;
    if (!(eps > 0)) {
      throw new AssayError(
        `Cannot apply adamw: eps must be above 0, current value is ${eps}; a coordinate without gradient would become 0 / 0.`,
      );
    }
    const states = { m: stateArena(c, "mean"), v: stateArena(c, "square") };
    const uniform = {
      size: c.slots["adamw.size"]!,
      root: c.slots["adamw.root"]!,
      beta1,
      beta2,
      rest1: 1 - beta1,
      rest2: 1 - beta2,
      eps,
    };
    update(c, spec, states, () => ({ uniform, flops: 14 }));
  },

  lars(c: Context, spec: Lars): void {
    const { momentum = 0.9, eta = 0.001 } = spec;
    const states = { v: stateArena(c, "velocity") };
    const trust = trustRatios(c, spec, eta);
    update(c, spec, states, (walk, rule) => ({
      entry: rule.adapt ? "adapted" : "plain",
      uniform: { momentum, first: walk.first },
      ...(rule.adapt && { read: { trust } }),
      flops: 6,
    }));
  },
};

/** Trust ratio of every trained tensor, (tensors); those of groups that are not adapted stay unused. */
function trustRatios({ t: { program }, pair, walks, slots }: Context, spec: Lars, eta: number): Value {
  const name = pair.params.name;
  const spans: number[][] = walks.tensors.map(() => []);
  walks.owners.forEach((tensor, span) => spans[tensor]!.push(span));
  const tensors = program.constant(
    `tensors of ${name}`,
    Uint32Array.from(spans.flatMap((list) => [list[0]!, list.length])),
  );
  const partial = program.pinned(
    program.arena("optimizer", `${name}.norms`),
    [walks.owners.length, 2],
    "f32",
    `partial norms of ${name}`,
  );
  for (const walk of walks.walks) {
    const rule = ruleOf(spec, walk.group);
    if (!rule.adapt) continue;
    program.dispatch(normsOf(program, pair, walk, partial, {
      lr: slots.lr!,
      decay: slots.weightDecay!,
      lr_factor: rule.lr,
      decay_factor: rule.decay,
      momentum: 0,
      first: walk.first,
    }));
  }
  const trust = program.value([walks.tensors.length], "f32", `trust ratios of ${name}`);
  program.dispatch({
    kernel: kernels.trust,
    label: trust.label,
    read: { partial, tensors },
    write: { trust },
    uniform: { eta },
    workgroups: [walks.tensors.length],
  });
  return trust;
}

function normsOf(
  program: Program,
  { params, grads }: Trained,
  walk: Walk,
  partial: Value,
  uniform: Record<string, number>,
): DispatchSpec {
  return {
    kernel: kernels.lars,
    entry: "norms",
    label: `lars norms ${params.name} ${walk.group}`,
    read: {
      w: windowOf(program, params, walk),
      dw: windowOf(program, grads, walk),
      spans: walk.table,
    },
    update: { partial },
    uniform,
    workgroups: walk.perSpan,
    flops: 6 * walk.elements,
  };
}
