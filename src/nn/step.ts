/**
 * A method as a training step: forward pass, gradients, guard, metrics, optimizer, in one program. The life of a step
 * in order: views -> objectives -> gradients beside their parameters -> non-finite guard -> metrics -> snapshots -> optimizer
 * -> queues, banks and momentum copies that the method put off to the end.
 */
import { AssayError, failure } from "../base/error.ts";
import { defaultProgram, planWithin } from "../gpu/budget.ts";
import type { PlanOptions } from "../gpu/planner.ts";
import type { Program, Target } from "../gpu/program.ts";
import { gradients, type Objective, pinGradients, type Tap } from "./grad.ts";
import { guard } from "./guard.ts";
import { hyperValues } from "./hyper.ts";
import type { Method, Replay } from "./method.ts";
import { metrics } from "./metrics.ts";
import { applyOptimizer, type OptimizerSpec } from "./optimizers.ts";
import { groupParameters } from "./optimizers/groups.ts";
import type { Guard, HeadRows, MetricsRing, StageFeatures } from "./produced.ts";
import { replaysOf, requireReplays } from "./replays.ts";
import { Scope, type Setup } from "./scope.ts";
import type { Trained } from "./spans.ts";
import { Trace, type Value } from "./trace.ts";

export interface StepConfig {
  readonly method: Method;
  readonly setup: Partial<Setup> & Pick<Setup, "batch" | "encoder">;
  /** Side of the square images. */
  readonly image: number;
  readonly optimizer: OptimizerSpec;
  /** Steps between two reads of losses and guard: at most one awaited round trip per this many. */
  readonly readEvery?: number;
  /** Compute cheap activations again in the backward pass. Default true; the result is the same bit for bit. */
  readonly recompute?: boolean;
  /** Bytes the step must fit, everything allocated counted: values are computed again for as few operations as that takes. */
  readonly memoryBudget?: number;
  /** Largest buffer of the device that the budget is kept on. */
  readonly planOptions?: PlanOptions;
  readonly target?: Target;
  /** Where the views come from. Default: inputs `view0`, `view1`, ... written by the host. */
  readonly views?: (s: Scope, count: number) => readonly Value[];
  /** Objectives beside the method's, recorded after them: probes, which look at values and train parameters of their own. */
  readonly observers?: (s: Scope) => readonly Objective[];
}

export interface Step {
  readonly trace: Trace;
  /** What to plan and bind: the trace's program, with recomputation applied. */
  readonly program: Program;
  readonly objectives: readonly Objective[];
  /** Every trained arena and its gradients. */
  readonly trained: readonly Trained[];
  /** Values whose gradients go to an update of their own. */
  readonly taps: readonly Tap[];
  readonly guard: Guard;
  /** Losses and reported metrics of the last steps. */
  readonly metrics: MetricsRing;
  /** Rows of a head that travel with the batch, where the method reads any. */
  readonly headRows: HeadRows | undefined;
  /** What every pass through an encoder gave, stage by stage, in order. */
  readonly features: readonly StageFeatures[];
  /** The replays of a step, in order; each evaluates the gradient once. */
  readonly replays: readonly Replay[];
  /** What runs over all images before the first step, if anything does. */
  readonly initial: Replay | undefined;
}

/** Steps between two reads unless a caller says otherwise. */
export const READ_EVERY = 32;

/** Records the training step of a method. */
export function buildStep(config: StepConfig): Step {
  const t = new Trace(config.target ? { target: config.target } : {});
  const { method, setup } = config;
  const s = Scope.root(t, { ...setup, hyper: hyperValues(method, setup.hyper ?? {}) });
  const views = config.views?.(s, method.views) ?? hostViews(s, method.views, config.image);
  const traced = method.trace(s, views);
  const own = "loss" in traced ? [traced] : traced;
  if (own.length === 0) {
    throw new AssayError(`Cannot train "${method.name}": its trace gives no objective.`);
  }
  const objectives = [...own, ...config.observers?.(s) ?? []];
  const grads = gradients(t, objectives);
  groupParameters(t, config.optimizer, grads.keys());
  const trained = pinAll(t, grads);
  const losses = objectives.map((o) => o.loss);
  const taps = objectives.flatMap((o) => o.taps ?? []);
  if (config.optimizer.clipNorm !== undefined && taps.length > 0) {
    throw failure({
      operation: "clip",
      object: `the gradients of "${method.name}"`,
      required: "all of them must go to the optimizer",
      found: `${taps.map((tap) => `"${tap.value.label}"`).join(", ")} with an update of its own`,
      wayOut: "leave clipNorm out",
    });
  }
  t.program.backward(() => {
    guard(
      t,
      [...losses, ...t.reported.values(), ...taps.map((tap) => grads.get(tap.value)!)],
      trained,
    );
    metrics(t, seriesOf(method.name, objectives, t.reported), config.readEvery ?? READ_EVERY);
    t.recordBeforeUpdate();
    const homes = new Set(own.flatMap((o) => o.wrt.map((value) => value.arena)));
    applyOptimizer(t, config.optimizer, trained, trained.filter(({ params }) => homes.has(params)));
    for (const { value, use } of taps) use(grads.get(value)!);
    t.recordLater();
  });
  const program = rewritten(t.program, config);
  const replays = replaysOf(method, s);
  const initial = method.initialPass?.(s);
  requireReplays(method, program.effects, replays, initial);
  return {
    trace: t,
    program,
    objectives,
    trained,
    taps,
    guard: t.guard!,
    metrics: t.metrics!,
    headRows: t.headRows,
    features: t.features,
    replays,
    initial,
  };
}

/** The traced program with values computed again as the configuration wants it. */
function rewritten(program: Program, { recompute, memoryBudget, planOptions }: StepConfig): Program {
  if (memoryBudget !== undefined) return planWithin(program, memoryBudget, planOptions).program;
  return recompute === false ? program : defaultProgram(program);
}

/** Scalars of the log by name: `loss` is the first objective's whatever its name. */
function seriesOf(
  method: string,
  objectives: readonly Objective[],
  reported: ReadonlyMap<string, Value>,
): Record<string, Value> {
  const named: [string, Value][] = [["loss", objectives[0]!.loss]];
  objectives.forEach(({ name, loss }, i) => {
    if (name !== undefined) named.push([name, loss]);
    else if (i > 0) named.push([`loss${i}`, loss]);
  });
  named.push(...reported);
  const twice = named.find(([name], i) => named.findIndex(([other]) => other === name) !== i);
  if (twice) {
    throw new AssayError(
      `Cannot train "${method}": objectives and metrics must have names of their own, "${
        twice[0]
      }" is used twice.`,
    );
  }
  return Object.fromEntries(named);
}

function pinAll(t: Trace, grads: ReadonlyMap<Value, Value>): Trained[] {
  const homes = new Set([...grads.keys()].map((parameter) => parameter.arena));
  const loaded = [...t.loaded].find((arena) => homes.has(arena));
  if (loaded) {
    throw new AssayError(
      `Cannot train arena "${loaded.name}": its weights are loaded and stay as they are; leave them out of wrt.`,
    );
  }
  return [...t.program.arenas]
    .filter((arena) => homes.has(arena))
    .map((params) => ({ params, grads: pinGradients(t, params, grads) }));
}

function hostViews(s: Scope, count: number, image: number): Value[] {
  return Array.from({ length: count }, (_, i) => s.batchInput(`view${i}`, [s.setup.batch, image, image, 3]));
}
