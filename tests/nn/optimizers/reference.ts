/** Optimizers in f64, formula by formula, and the toy trained on the GPU beside them. */
import assert from "node:assert/strict";
import type { OptimizerSpec } from "../../../src/nn/optimizers.ts";
import { type Schedule, scheduleAt } from "../../../src/nn/schedules.ts";
import { compare } from "../check_op.ts";
import { completeStep, runToy, TENSORS, toy, toyGradient, withSession } from "../toy.ts";

export const STEPS = 10;

/** A rate that warms up and falls within the steps. */
export const FALLING: Schedule = { kind: "cosine", base: 0.1, warmup: 3, start: 0.02, steps: 12 };

/** What the specification means for one tensor. */
interface Own {
  readonly lr: (step: number) => number;
  readonly decay: (step: number) => number;
  readonly adapts: boolean;
}

type Reference = (w: Float64Array, gradients: readonly Float64Array[], own: Own) => void;
type Kind<K> = Extract<OptimizerSpec, { kind: K }>;

const norm = (x: Float64Array) => Math.hypot(...x);

/** torch.optim.SGD. */
const sgd = ({ momentum = 0, nesterov = false }: Kind<"sgd">): Reference => (w, gradients, own) => {
  let buffer: Float64Array | undefined;
  gradients.forEach((dw, step) => {
    const g = dw.map((v, i) => v + own.decay(step) * w[i]!);
    buffer = buffer ? buffer.map((v, i) => momentum * v + g[i]!) : g.slice();
    const move = momentum === 0 ? g : nesterov ? g.map((v, i) => v + momentum * buffer![i]!) : buffer;
    move.forEach((v, i) => w[i]! -= own.lr(step) * v);
  });
};

/** torch.optim.AdamW. */
const adamw = (spec: Kind<"adamw">): Reference => (w, gradients, own) => {
  const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, biasCorrection = true } = spec;
  const m = new Float64Array(w.length), v = new Float64Array(w.length);
  gradients.forEach((g, step) => {
    const lr = own.lr(step);
    const c1 = biasCorrection ? 1 - beta1 ** (step + 1) : 1;
    const c2 = biasCorrection ? 1 - beta2 ** (step + 1) : 1;
    for (let i = 0; i < w.length; i++) {
      w[i]! *= 1 - lr * own.decay(step);
      m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
      v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
      w[i]! -= (lr / c1) * m[i]! / (Math.sqrt(v[i]!) / Math.sqrt(c2) + eps);
    }
  });
};

/** LARS of SimCLR's lars_optimizer.py. */
const lars = ({ momentum = 0.9, eta = 0.001 }: Kind<"lars">): Reference => (w, gradients, own) => {
  const velocity = new Float64Array(w.length);
  gradients.forEach((dw, step) => {
    const g = dw.map((v, i) => v + own.decay(step) * w[i]!);
    const trust = own.adapts && norm(w) > 0 && norm(g) > 0 ? eta * norm(w) / norm(g) : 1;
    g.forEach((v, i) => {
      velocity[i] = momentum * velocity[i]! + trust * own.lr(step) * v;
      w[i]! -= velocity[i]!;
    });
  });
};

/** LARS of solo-learn's lars.py with `clip_lr`. */
const larc = ({ momentum = 0.9, eta = 0.001 }: Kind<"lars">): Reference => (w, gradients, own) => {
  const velocity = new Float64Array(w.length);
  gradients.forEach((dw, step) => {
    const lr = own.lr(step), decay = own.decay(step), a = norm(w), b = norm(dw);
    const trust = Math.min(eta * a / (b + decay * a + 1e-8) / lr, 1);
    const g = dw.map((v, i) =>
      !own.adapts ? v + decay * w[i]! : a > 0 && b > 0 ? trust * (v + decay * w[i]!) : v
    );
    g.forEach((v, i) => {
      velocity[i] = momentum * velocity[i]! + v;
      w[i]! -= lr * velocity[i]!;
    });
  });
};

function referenceOf(spec: OptimizerSpec): Reference {
  if (spec.kind === "sgd") return sgd(spec);
  if (spec.kind === "adamw") return adamw(spec);
  return spec.clipRate ? larc(spec) : lars(spec);
}

/** Gradients of ten steps by tensor, clipped as torch.nn.utils.clip_grad_norm_ does. */
function gradientsOf(spec: OptimizerSpec, sizes: readonly number[]): Float64Array[][] {
  const raw = Array.from(
    { length: STEPS },
    (_, step) => sizes.map((size, k) => Float64Array.from(toyGradient(k, step, size))),
  );
  if (spec.clipNorm === undefined) return raw;
  return raw.map((tensors) => {
    const factor = Math.min(1, spec.clipNorm! / (Math.hypot(...tensors.map(norm)) + 1e-6));
    return tensors.map((g) => g.map((v) => factor * v));
  });
}

function ownOf(spec: OptimizerSpec, { name, kind }: typeof TENSORS[number]): Own {
  const exempt = kind === "vector";
  const part = spec.parts?.[name] ?? (exempt ? spec.parts?.["norms-and-biases"] : undefined);
  const { lr, weightDecay = 0 } = { ...spec, ...part };
  return {
    lr: (step) => scheduleAt(lr, step),
    decay: (step) => exempt && spec.exemptDecay === "norms-and-biases" ? 0 : scheduleAt(weightDecay, step),
    adapts: !(exempt && spec.kind === "lars" && spec.exemptAdaptation === "norms-and-biases"),
  };
}

/** Ten steps of the toy on the GPU, whose tensors move as the reference's do. */
export async function checkAgainstReference(spec: OptimizerSpec): Promise<void> {
  const net = toy();
  completeStep(net.t, [net.objective], { optimizer: spec });
  await withSession(net.t, async (session) => {
    const start = await Promise.all(net.weights.map((w) => session.read(w)));
    const still = await session.read(net.still);
    runToy(net, session, 0, STEPS);
    const gradients = gradientsOf(spec, net.weights.map((w) => w.size));
    for (const [k, w] of net.weights.entries()) {
      const expected = Float64Array.from(start[k]!);
      referenceOf(spec)(expected, gradients.map((step) => step[k]!), ownOf(spec, TENSORS[k]!));
      // A step rounds each element about 12 times; a norm adds 16 products a lane, then a tree of 6 and 3 spans.
      compare(`${spec.kind} ${w.label}`, await session.read(w), expected, STEPS * (12 + 25));
      assert.ok(expected.some((v, i) => Math.abs(v - start[k]![i]!) > 1e-3), "the step moves the parameters");
    }
    assert.deepEqual(await session.read(net.still), still, "a frozen parameter does not move");
  });
}
