/** Ten steps of every optimizer against PyTorch's f64 (LARS: the formulas of SimCLR's and of solo-learn's code). */
import assert from "node:assert/strict";
import { dotWith } from "../../src/nn/ops/reduce.ts";
import type { OptimizerSpec } from "../../src/nn/optimizers.ts";
import { Scope } from "../../src/nn/scope.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { readFixture } from "./encoders/check_encoder.ts";
import { completeStep, withSession } from "./toy.ts";

type Tensors = Readonly<Record<string, readonly number[]>>;

interface Trajectory {
  readonly lr: number;
  readonly momentum?: number;
  readonly weight_decay: number;
  readonly betas?: readonly [number, number];
  readonly eps?: number;
  readonly eta?: number;
  readonly shapes: Readonly<Record<string, readonly number[]>>;
  /** Largest norm of the gradients, which are recorded as they were before. */
  readonly clipNorm?: number;
  /** Whether vectors neither decay nor are adapted. */
  readonly exempt: boolean;
  /** Constant rates of parts. */
  readonly parts?: Readonly<Record<string, number>>;
  readonly initial: Tensors;
  readonly steps: readonly {
    readonly lr: number;
    readonly gradients: Tensors;
    readonly parameters: Tensors;
    readonly torchError: Readonly<Record<string, number>>;
  }[];
}

function specOf(name: string, f: Trajectory): OptimizerSpec {
  // The oracle's rate falls on a line from lr to half of it over ten steps: a warm-up downwards.
  const lr = { kind: "cosine", start: f.lr, base: f.lr / 2, warmup: 10, steps: 11 } as const;
  const exempt = f.exempt ? "norms-and-biases" : "nothing";
  const common = {
    lr,
    weightDecay: f.weight_decay,
    exemptDecay: exempt,
    ...(f.clipNorm !== undefined && { clipNorm: f.clipNorm }),
    ...(f.parts &&
      { parts: Object.fromEntries(Object.entries(f.parts).map(([part, lr]) => [part, { lr }])) }),
  } as const;
  if (f.betas) return { kind: "adamw", ...common, beta1: f.betas[0], beta2: f.betas[1], eps: f.eps! };
  const momentum = f.momentum!;
  if (f.eta === undefined) return { kind: "sgd", ...common, momentum, nesterov: name === "nesterov" };
  return {
    kind: "lars",
    ...common,
    momentum,
    eta: f.eta,
    clipRate: name === "larc",
    exemptAdaptation: exempt,
  };
}

/** Relative error of each tensor in norm: 1e-6 a step, or five times that of PyTorch's f32 where larger. */
async function checkTrajectory(name: string): Promise<void> {
  const f = await readFixture<Trajectory>(`optimizers/${name}.json`);
  const t = new Trace();
  const s = Scope.root(t);
  const names = Object.keys(f.shapes);
  const weights = names.map((n) =>
    s.parameter(
      n,
      f.shapes[n]!,
      f.shapes[n]!.length > 1 ? "dense" : "vector",
      () => Float32Array.from(f.initial[n]!),
    )
  );
  const inputs = names.map((n): Value => t.input(`gradient of ${n}`, f.shapes[n]!));
  completeStep(t, [{ loss: dotWith(t, weights, inputs), wrt: weights }], { optimizer: specOf(name, f) });
  await withSession(t, async (session) => {
    for (const [step, expected] of f.steps.entries()) {
      inputs.forEach((x, k) => session.write(x, Float32Array.from(expected.gradients[names[k]!]!)));
      const scalars = t.scalarsAt(step);
      assert.ok(Math.abs(scalars.lr! - expected.lr) < 1e-12, "the schedule is the oracle's");
      session.replay({ scalars });
      for (const [k, n] of names.entries()) {
        const got = await session.read(weights[k]!);
        const want = expected.parameters[n]!;
        const error = Math.hypot(...want.map((v, i) => v - got[i]!)) / Math.hypot(...want);
        const tolerance = Math.max(1e-6 * (step + 1), 5 * expected.torchError[n]!);
        assert.ok(error <= tolerance, `${name}, step ${step}, ${n}: off by ${error}, tolerance ${tolerance}`);
      }
    }
  });
}

for (const name of ["sgd", "nesterov", "adamw", "lars", "larc", "clipped", "clipped_adamw", "parts"]) {
  Deno.test(`${name} follows ten steps of the PyTorch trajectory`, () => checkTrajectory(name));
}
