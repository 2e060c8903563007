/** Momentum copies: an arena that follows another by an exponential moving average, as an effect at the end of the step. */
import { AssayError } from "../base/error.ts";
import { Kernel } from "../gpu/kernel.ts";
import type { Arena } from "../gpu/value.ts";
import source from "../kernels.wgsl/ema.wgsl" with { type: "text" };
import { guardFlag } from "./guard.ts";
import { type Schedule, scheduleAt } from "./schedules.ts";
import { logicalName, requireSameLayout, windowOf } from "./spans.ts";
import type { Trace } from "./trace.ts";

const kernel = new Kernel("ema", source);

/**
 * target <- m target + (1 - m) source, every step after the optimizer: the copy that the next step's forward pass
 * sees. Updating before the forward pass, as MoCo writes it, gives the same copies, because source and copy start
 * equal. The copy holds tensors of the names and shapes of the source (created through `scope.inArena`); tensors the
 * source has besides, such as a predictor, belong in an arena of their own.
 */
export function follow(t: Trace, target: Arena, source: Arena, momentum: Schedule): void {
  const m = t.scalar(`ema.${target.name}`, (step) => scheduleAt(momentum, step));
  t.later(() => {
    matchGroups(t, target, source);
    const walks = t.spans.of(source);
    requireSameLayout("copy", source, target, walks);
    t.program.effect("ema", () => {
      for (const walk of walks.walks) {
        t.program.dispatch({
          kernel,
          label: `ema ${target.name}`,
          read: { source: windowOf(t.program, source, walk), spans: walk.table, guard: guardFlag(t) },
          update: { average: windowOf(t.program, target, walk) },
          uniform: { m },
          workgroups: walk.perElement,
          flops: 3 * walk.elements,
        });
      }
    });
  });
}

/** Pinning gradients may have moved frozen tensors of the source to its end; the copy has none, so it follows suit. */
function matchGroups(t: Trace, target: Arena, source: Arena): void {
  if (target === source) {
    throw new AssayError(`Cannot copy "${target.name}": a momentum copy needs an arena of its own.`);
  }
  const groups = new Map(source.members.map((v) => [logicalName(v.label), source.groupOf(v)]));
  const trained = [...t.parameters.values()].some(({ value }) => value.arena === target);
  if (!trained) {
    throw new AssayError(
      `Cannot copy "${target.name}" from "${source.name}": it must hold parameters, found none.`,
    );
  }
  target.regroup((value, group) => groups.get(logicalName(value.label)) ?? group);
  target.seal([...source.ranges.keys()]);
}
