/** Gradient clipping by the norm of all gradients together, between the guard and the optimizer. */
import { failure } from "../../base/error.ts";
import { Kernel } from "../../gpu/kernel.ts";
import source from "../../kernels.wgsl/clip.wgsl" with { type: "text" };
import { guardFlag } from "../guard.ts";
import { type Trained, windowOf } from "../spans.ts";
import type { Trace } from "../trace.ts";

const kernel = new Kernel("clip", source);

/**
 * Scales the gradients of all these arenas by min(1, most / (norm + 1e-6)), norm being that of all of them as one vector
 * (torch.nn.utils.clip_grad_norm_).
 */
export function clipGradients(t: Trace, most: number, trained: readonly Trained[]): void {
  if (!(most > 0)) {
    throw failure({
      operation: "clip",
      object: "gradients",
      required: "their largest norm must be above 0",
      found: String(most),
      wayOut: "leave clipNorm out to clip nothing",
    });
  }
  const { program } = t;
  const arenas = trained.map((pair) => ({ pair, ...t.spans.trained(pair) }));
  const count = arenas.reduce((sum, { owners }) => sum + owners.length, 0);
  const partial = program.pinned(program.arena("optimizer", "clip"), [count], "f32", "squares of gradients");
  const norm = program.value([1], "f32", "norm of gradients");
  const uniform = { most, count, first: 0 };
  program.effect("clip", () => {
    let before = 0;
    for (const { pair: { grads }, walks, owners } of arenas) {
      for (const walk of walks) {
        program.dispatch({
          kernel,
          entry: "squares",
          label: `squares ${grads.name} ${walk.group}`.trim(),
          read: { dw: windowOf(program, grads, walk), spans: walk.table },
          update: { partial },
          uniform: { ...uniform, first: before + walk.first },
          workgroups: walk.perSpan,
          flops: 2 * walk.elements,
        });
      }
      before += owners.length;
    }
    program.dispatch({
      kernel,
      entry: "total",
      label: norm.label,
      read: { partial },
      write: { norm },
      uniform,
      workgroups: [1],
    });
    for (const { pair: { grads }, walks } of arenas) {
      for (const walk of walks) {
        program.dispatch({
          kernel,
          entry: "shorten",
          label: `clip ${grads.name} ${walk.group}`.trim(),
          read: { norm, spans: walk.table, guard: guardFlag(t) },
          update: { dw: windowOf(program, grads, walk) },
          uniform,
          workgroups: walk.perElement,
          flops: walk.elements,
        });
      }
    }
  });
}
