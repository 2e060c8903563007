/** What every optimizer records: state beside the trained parameters, and one dispatch for every window of every group. */
import type { Kernel } from "../../gpu/kernel.ts";
import type { Program } from "../../gpu/program.ts";
import type { Arena, Value } from "../../gpu/value.ts";
import { guardFlag } from "../guard.ts";
import { FROZEN, logicalName, type Trained, type Walk, type Walks, windowOf } from "../spans.ts";
import type { Trace } from "../trace.ts";
import { type Rule, ruleOf } from "./groups.ts";
import type { OptimizerSpec } from "./spec.ts";

/** An arena that is being trained. */
export interface Context<S extends OptimizerSpec = OptimizerSpec> {
  readonly t: Trace;
  readonly spec: S;
  readonly pair: Trained;
  readonly walks: Walks;
  /** Slots of the step scalars of a part, or of the optimizer itself. */
  readonly slots: (part: string | undefined) => Readonly<Record<string, number>>;
}

/** How one window is updated. */
export interface Update {
  readonly kernel: Kernel;
  readonly entry?: string;
  readonly uniform: Readonly<Record<string, number>>;
  readonly read?: Readonly<Record<string, Value>>;
  /** An element. */
  readonly flops: number;
}

/** The numbers of a group that all kernels take. */
export function rates(c: Context, rule: Rule): Record<string, number> {
  const { lr, weightDecay } = c.slots(rule.part);
  return { lr: lr!, decay: weightDecay!, lr_factor: 1, decay_factor: rule.decays ? 1 : 0 };
}

/** An arena of optimizer state beside the trained parameters, zero at the start. */
export function stateArena({ t, pair: { params }, walks }: Context, name: string): Arena {
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
export function update(
  c: Context,
  states: Readonly<Record<string, Arena>>,
  each: (walk: Walk, rule: Rule) => Update,
): void {
  const { t: { program }, spec, pair, walks } = c;
  for (const walk of walks.walks) {
    const rule = ruleOf(spec, walk.group);
    const { kernel, uniform, flops, read, entry } = each(walk, rule);
    program.dispatch({
      kernel,
      ...(entry && { entry }),
      label: `${spec.kind} ${pair.params.name} ${walk.group}`.trim(),
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
      uniform: { ...uniform, ...rates(c, rule) },
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
