import assert from "node:assert/strict";
import {
  applyOptimizer,
  optimizerScalars,
  type OptimizerSpec,
  parseOptimizer,
} from "../../src/nn/optimizers.ts";
import { scheduleAt } from "../../src/nn/schedules.ts";
import { compare } from "./check_op.ts";
import { completeStep, runToy, TENSORS, type Toy, toy, toyGradient, withSession } from "./toy.ts";

const STEPS = 10;

type Reference = (w: Float64Array, gradients: Float64Array[], group: string) => void;

const norm = (x: Float64Array) => Math.hypot(...x);

/** torch.optim.SGD, one tensor, formula by formula. */
function sgd(spec: Extract<OptimizerSpec, { kind: "sgd" }>): Reference {
  return (w, gradients, group) => {
    let buffer: Float64Array | undefined;
    gradients.forEach((dw, step) => {
      const decay = group === "no-decay" ? 0 : scheduleAt(spec.weightDecay ?? 0, step);
      const g = dw.map((v, i) => v + decay * w[i]!);
      buffer = buffer ? buffer.map((v, i) => spec.momentum! * v + g[i]!) : g.slice();
      const move = !spec.momentum
        ? g
        : spec.nesterov
        ? g.map((v, i) => v + spec.momentum! * buffer![i]!)
        : buffer;
      move.forEach((v, i) => w[i]! -= scheduleAt(spec.lr, step) * v);
    });
  };
}

/** torch.optim.AdamW, one tensor. */
function adamw(spec: Extract<OptimizerSpec, { kind: "adamw" }>): Reference {
  const { beta1 = 0.9, beta2 = 0.999, eps = 1e-8, biasCorrection = true } = spec;
  return (w, gradients, group) => {
    const m = new Float64Array(w.length), v = new Float64Array(w.length);
    gradients.forEach((g, step) => {
      const lr = scheduleAt(spec.lr, step);
      const decay = group === "no-decay" ? 0 : scheduleAt(spec.weightDecay ?? 0, step);
      const c1 = biasCorrection ? 1 - beta1 ** (step + 1) : 1;
      const c2 = biasCorrection ? 1 - beta2 ** (step + 1) : 1;
      for (let i = 0; i < w.length; i++) {
        w[i]! *= 1 - lr * decay;
        m[i] = beta1 * m[i]! + (1 - beta1) * g[i]!;
        v[i] = beta2 * v[i]! + (1 - beta2) * g[i]! ** 2;
        w[i]! -= (lr / c1) * m[i]! / (Math.sqrt(v[i]!) / Math.sqrt(c2) + eps);
      }
    });
  };
}

/** LARS of SimCLR's lars_optimizer.py, one tensor. */
function lars(spec: Extract<OptimizerSpec, { kind: "lars" }>): Reference {
  const { momentum = 0.9, eta = 0.001 } = spec;
  return (w, gradients, group) => {
    const velocity = new Float64Array(w.length);
    gradients.forEach((dw, step) => {
      const excluded = group === "no-decay";
      const decay = excluded ? 0 : scheduleAt(spec.weightDecay ?? 0, step);
      const g = dw.map((v, i) => v + decay * w[i]!);
      const trust = !excluded && norm(w) > 0 && norm(g) > 0 ? eta * norm(w) / norm(g) : 1;
      g.forEach((v, i) => {
        velocity[i] = momentum * velocity[i]! + trust * scheduleAt(spec.lr, step) * v;
        w[i]! -= velocity[i]!;
      });
    });
  };
}

async function check(spec: OptimizerSpec, reference: Reference, tweak?: (toy: Toy) => void): Promise<void> {
  const net = toy();
  tweak?.(net);
  completeStep(net.t, [net.objective], { optimizer: spec });
  await withSession(net.t, async (session) => {
    const start = await Promise.all(net.weights.map((w) => session.read(w)));
    const still = await session.read(net.still);
    runToy(net, session, 0, STEPS);
    for (const [k, w] of net.weights.entries()) {
      const expected = Float64Array.from(start[k]!);
      const gradients = Array.from({ length: STEPS }, (_, i) => Float64Array.from(toyGradient(k, i, w.size)));
      reference(expected, gradients, TENSORS[k]!.group);
      // A step rounds each element about 12 times; a norm adds 16 products a lane, then a tree of 6 and 3 spans.
      compare(`${spec.kind} ${w.label}`, await session.read(w), expected, STEPS * (12 + 25));
      assert.ok(expected.some((v, i) => Math.abs(v - start[k]![i]!) > 1e-3), "the step moves the parameters");
    }
    assert.deepEqual(await session.read(net.still), still, "a frozen parameter does not move");
  });
}

const lr = { kind: "cosine", base: 0.1, warmup: 3, start: 0.02, steps: 12 } as const;

for (
  const spec of [
    { kind: "sgd", lr: 0.1 },
    { kind: "sgd", lr, momentum: 0.9, weightDecay: 0.05 },
    { kind: "sgd", lr, momentum: 0.9, weightDecay: 0.05, nesterov: true },
  ] as const
) {
  Deno.test(`SGD follows PyTorch's formulas (${JSON.stringify(spec)})`, () => check(spec, sgd(spec)));
}

for (
  const spec of [
    { kind: "adamw", lr: 0.01, weightDecay: 0.05 },
    { kind: "adamw", lr, weightDecay: { kind: "cosine", base: 0.04, end: 0.4, steps: 10 } },
    { kind: "adamw", lr: 0.01, beta1: 0.8, beta2: 0.95, eps: 1e-3, biasCorrection: false },
  ] as const
) {
  Deno.test(`AdamW follows PyTorch's formulas (${JSON.stringify(spec)})`, () => check(spec, adamw(spec)));
}

for (
  const spec of [
    { kind: "lars", lr: 2, weightDecay: 0.01, eta: 0.02 },
    { kind: "lars", lr, momentum: 0.8, eta: 0.5 },
  ] as const
) {
  Deno.test(`LARS follows SimCLR's formulas (${JSON.stringify(spec)})`, () => check(spec, lars(spec)));
}

Deno.test("LARS does not adapt a tensor of zeros", async () => {
  const net = toy();
  const spec = { kind: "lars", lr: 0.5, momentum: 0 } as const;
  completeStep(net.t, [net.objective], { optimizer: spec });
  await withSession(net.t, async (session) => {
    const b = net.weights[1]!;
    session.write(b, new Float32Array(b.size));
    runToy(net, session, 0, 1);
    const expected = toyGradient(1, 0, b.size).map((g) => -0.5 * g);
    assert.deepEqual(await session.read(b), expected);
  });
});

Deno.test("group rules scale learning rate and decay of their group alone", async () => {
  const net = toy();
  const spec = {
    kind: "sgd",
    lr: 0.5,
    weightDecay: 0.25,
    groups: { decay: { lr: 0, decay: 0 }, "no-decay": { decay: 1 } },
  };
  completeStep(net.t, [net.objective], { optimizer: spec as OptimizerSpec });
  await withSession(net.t, async (session) => {
    const start = await Promise.all(net.weights.map((w) => session.read(w)));
    runToy(net, session, 0, 1);
    assert.deepEqual(await session.read(net.weights[1]!), start[1]);
    const expected = start[0]!.map((w, i) => w - 0.5 * (toyGradient(0, 0, 5)[i]! + 0.25 * w));
    compare("a", await session.read(net.weights[0]!), expected, 4);
  });
});

Deno.test("optimizer state is named, mirrors the parameters, and padding between tensors is never touched", async () => {
  const net = toy();
  const [trained] = completeStep(net.t, [net.objective], { optimizer: parseOptimizer("adamw") });
  const mean = net.t.program.arenas.find((a) => a.name === "online.mean")!;
  assert.equal(mean.role, "optimizer");
  assert.deepEqual(mean.members.map((v) => v.label).sort(), TENSORS.map(({ name }) => `online.mean/${name}`));
  assert.ok(net.t.states.has("online.square/b"));
  for (const value of mean.members) {
    const source = trained!.params.members.find((p) => `online.mean/${p.label}` === value.label)!;
    assert.equal(mean.offsetOf(value), trained!.params.offsetOf(source));
  }
  await withSession(net.t, async (session) => {
    session.write(trained!.grads, new Float32Array(trained!.grads.bytes / 4).fill(3));
    runToy(net, session, 0, 2);
    const bytes = await session.read(mean);
    const owned = new Uint8Array(bytes.length);
    for (const v of mean.members) owned.fill(1, mean.offsetOf(v) / 4, mean.offsetOf(v) / 4 + v.size);
    assert.ok(bytes.every((x, i) => owned[i] === 1 || x === 0), "padding stays 0");
    assert.ok(owned.includes(0), "there is padding");
  });
});

Deno.test("a run split in two gives the bits of the whole run", async () => {
  const run = async (splits: number[]): Promise<Float32Array> => {
    const net = toy();
    completeStep(net.t, [net.objective], { optimizer: { kind: "adamw", lr, weightDecay: 0.1 } });
    let saved: Map<string, Float32Array<ArrayBuffer>> | undefined;
    for (let i = 1; i < splits.length; i++) {
      await withSession(net.t, async (session) => {
        const named = [...net.t.parameters.values(), ...net.t.states.values()];
        if (saved) named.forEach(({ name, value }) => session.write(value, saved!.get(name)!));
        runToy(net, session, splits[i - 1]!, splits[i]!);
        saved = new Map();
        for (const { name, value } of named) saved.set(name, await session.read(value));
      });
    }
    return saved!.get("b")!;
  };
  assert.deepEqual(await run([0, 4, 10]), await run([0, 10]));
});

Deno.test("optimizerScalars gives learning rate and bias corrections in f64", () => {
  const spec = { kind: "adamw", lr: 0.01, weightDecay: 0.1, beta1: 0.9, beta2: 0.99 } as const;
  const at = optimizerScalars(spec, 4);
  assert.deepEqual(at, {
    lr: 0.01,
    weightDecay: 0.1,
    "adamw.size": 0.01 / (1 - 0.9 ** 5),
    "adamw.root": Math.sqrt(1 - 0.99 ** 5),
  });
  assert.deepEqual(optimizerScalars({ kind: "sgd", lr: 0.3 }, 9), { lr: 0.3, weightDecay: 0 });
});

Deno.test("optimizers refuse what they cannot do", () => {
  assert.throws(() => parseOptimizer("adam"), /its name must be "sgd", "adamw" or "lars"/);
  const nesterov = { kind: "sgd", lr: 1, nesterov: true } as const;
  const net = toy();
  assert.throws(
    () => completeStep(net.t, [net.objective], { optimizer: nesterov }),
    /momentum must be above 0/,
  );
  const other = toy();
  const grads = other.t.program.arena("grads", "empty");
  const params = other.s.arena;
  assert.throws(
    () => applyOptimizer(other.t, parseOptimizer("sgd"), [{ params, grads }]),
    /must have one layout; make the gradients with pinGradients/,
  );
  const third = toy();
  assert.throws(
    () =>
      completeStep(third.t, [third.objective], {
        optimizer: { kind: "sgd", lr: 1, groups: { bias: { lr: 0 } } },
      }),
    /no parameter group "bias"/,
  );
});

Deno.test("adamw without eps is refused: a coordinate without gradient would become 0 / 0", () => {
  const net = toy();
  const optimizer = { kind: "adamw", lr: 0.1, eps: 0 } as const;
  assert.throws(
    () => completeStep(net.t, [net.objective], { optimizer }),
    /eps must be above 0, current value is 0/,
  );
});
