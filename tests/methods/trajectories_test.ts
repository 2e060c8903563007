/** Ten training steps of every two-view method on the adapter against PyTorch's f64. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import type { HyperValue } from "../../src/nn/hyper.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { buildStep, type Step } from "../../src/nn/step.ts";
import { fromTorch, type LayoutOf, torchShape, toTorch } from "../../src/nn/torch_layout.ts";
import type { Parameter } from "../../src/nn/trace.ts";
import { loadMethod } from "../../src/repro/method_files.ts";
import { testDevice } from "../nn/check_op.ts";
import { readFixture } from "../nn/encoders/check_encoder.ts";
import { signed } from "../nn/hashed.ts";

interface Trajectory {
  readonly method: string;
  /** Of the images. */
  readonly seed: number;
  readonly batch: number;
  readonly image: number;
  readonly dims: readonly number[];
  readonly hyper: Readonly<Record<string, HyperValue>>;
  readonly optimizer: { readonly lr: number; readonly momentum: number; readonly weightDecay: number };
  readonly losses: readonly number[];
  /** Errors of PyTorch's own f32 on the same steps, absolute; those of tensors in norm. */
  readonly torchLossErrors: readonly number[];
  readonly tensors: Readonly<
    Record<string, { readonly values: readonly number[]; readonly torchError: number }>
  >;
}

/** The twin of `fill` in losses_trajectories.py: a momentum copy has the weights of its source. */
function hashedWeights(parameter: Parameter): Float32Array<ArrayBuffer> {
  const { name, value, kind } = parameter;
  const u = signed(name.slice(name.indexOf("/") + 1), value.size);
  if (kind === "vector") return Float32Array.from(u, (v) => name.endsWith("weight") ? 1 + 0.25 * v : 0.1 * v);
  const bound = Math.sqrt(3 / torchShape(parameter)[1]!);
  return fromTorch(parameter, Float32Array.from(u, (v) => v * bound));
}

function writeViews(session: Session, step: Step, f: Trajectory, k: number): void {
  const [x1, x2] = ["view0", "view1"].map((name) => step.trace.inputs.get(name)!);
  const first = signed(`view0 ${f.seed} ${k}`, x1!.size);
  const other = signed(`view1 ${f.seed} ${k}`, x2!.size);
  session.write(x1!, Float32Array.from(first));
  session.write(x2!, Float32Array.from(first, (v, i) => 0.75 * v + 0.25 * other[i]!));
}

/**
 * Rounding grows along a trajectory, in PyTorch's f32 as in ours: a loss or a tensor may be off by ten times the largest
 * relative error that PyTorch's f32 makes on the same steps, and by 1e-6 where that happens to be smaller.
 */
async function checkTrajectory(name: string): Promise<void> {
  const f = await readFixture<Trajectory>(`losses/trajectories/${name}.json`);
  const gpu = await testDevice();
  const step = buildStep({
    method: await loadMethod(f.method),
    setup: {
      batch: f.batch,
      hyper: f.hyper,
      encoder: (s) => encoderByName("mlp", s, { image: f.image, dims: f.dims }),
    },
    image: f.image,
    optimizer: { kind: "sgd", ...f.optimizer },
    target: gpu.target,
  });
  const { trace: t } = step;
  const session = await Session.bind(gpu, plan(step.program));
  try {
    for (const p of t.parameters.values()) session.write(p.value, hashedWeights(p));
    for (const label of ["queue", "queue2"]) {
      const queue = t.states.get(label)?.value;
      if (queue) session.write(queue, Float32Array.from(signed("queue", queue.size), (v) => v / 2));
    }
    for (let k = 0; k < f.losses.length; k++) {
      writeViews(session, step, f, k);
      session.replay({ scalars: t.scalarsAt(k) });
    }
    const { metrics, fault } = await readReport(session, t, 0, f.losses.length);
    assert.equal(fault, undefined);
    const size = Math.max(...f.losses.map(Math.abs));
    const lossTolerance = Math.max(10 * Math.max(...f.torchLossErrors), 1e-6 * size);
    for (const [k, expected] of f.losses.entries()) {
      const error = Math.abs(metrics.loss![k]! - expected);
      assert.ok(
        error <= lossTolerance,
        `${name}, step ${k}: loss ${metrics.loss![k]}, PyTorch has ${expected}`,
      );
    }
    const wanted = Object.entries(f.tensors).map(([label, { values, torchError }]) => {
      const norm = Math.hypot(...values);
      return { label, values, norm, relative: torchError / norm };
    });
    const tolerance = Math.max(10 * Math.max(...wanted.map((w) => w.relative)), 1e-6);
    for (const { label, values, norm } of wanted) {
      const tensor: LayoutOf | undefined = t.parameters.get(label) ??
        (t.states.has(label) ? { value: t.states.get(label)!.value, kind: "vector" } : undefined);
      assert.ok(tensor, `${name} has "${label}"`);
      const got = toTorch(tensor, await session.read(tensor.value));
      assert.equal(got.length, values.length, label);
      const error = Math.hypot(...values.map((v, i) => v - got[i]!)) / norm;
      assert.ok(error <= tolerance, `${name}, "${label}": off by ${error}, tolerance ${tolerance}`);
    }
    const trained = new Set(step.objectives.flatMap((o) => o.wrt.map((v) => v.label)));
    for (const label of trained) assert.ok(label in f.tensors, `the oracle trains "${label}" of ${name}`);
  } finally {
    session.close();
  }
}

for (
  const name of [
    ...["simclr", "moco", "byol", "simsiam", "barlow", "vicreg", "spectral"],
    ...["simclr_plain", "simclr_deep", "moco_symmetric"],
  ]
) {
  Deno.test(`${name} follows ten steps of the PyTorch trajectory`, () => checkTrajectory(name));
}
