import assert from "node:assert/strict";
import { applyOptimizer, optimizerScalars, parseOptimizer } from "../../src/nn/optimizers.ts";
import { checkAgainstReference, FALLING } from "./optimizers/reference.ts";
import { completeStep, runToy, toy, withSession } from "./toy.ts";

for (
  const spec of [
    { kind: "sgd", lr: 0.1 },
    { kind: "sgd", lr: FALLING, momentum: 0.9, weightDecay: 0.05 },
    { kind: "sgd", lr: FALLING, momentum: 0.9, weightDecay: 0.05, exemptDecay: "norms-and-biases" },
    { kind: "sgd", lr: FALLING, momentum: 0.9, weightDecay: FALLING, nesterov: true },
    { kind: "sgd", lr: { kind: "milestones", base: 0.2, at: [5, 8], factor: 0.1, warmup: 3, start: 0.05 } },
  ] as const
) {
  Deno.test(`SGD follows PyTorch's formulas (${JSON.stringify(spec)})`, () => checkAgainstReference(spec));
}

for (
  const spec of [
    { kind: "adamw", lr: 0.01, weightDecay: 0.05, exemptDecay: "norms-and-biases" },
    { kind: "adamw", lr: FALLING, weightDecay: { kind: "cosine", base: 0.04, end: 0.4, steps: 10 } },
    { kind: "adamw", lr: 0.01, beta1: 0.8, beta2: 0.95, eps: 1e-3, biasCorrection: false },
  ] as const
) {
  Deno.test(`AdamW follows PyTorch's formulas (${JSON.stringify(spec)})`, () => checkAgainstReference(spec));
}

Deno.test("a run split in two gives the bits of the whole run", async () => {
  const run = async (splits: number[]): Promise<Float32Array> => {
    const net = toy();
    completeStep(net.t, [net.objective], { optimizer: { kind: "adamw", lr: FALLING, weightDecay: 0.1 } });
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

Deno.test("optimizerScalars names the scalars of a part behind its own", () => {
  const spec = { kind: "sgd", lr: FALLING, weightDecay: 0.5, parts: { predictor: { lr: 0.3 } } } as const;
  assert.deepEqual(optimizerScalars(spec, 3), {
    ...{ lr: 0.1, weightDecay: 0.5 },
    ...{ "lr of predictor": 0.3, "weightDecay of predictor": 0.5 },
  });
});

Deno.test("optimizers refuse what they cannot do", () => {
  const net = toy();
  assert.throws(
    () => completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 1, nesterov: true } }),
    /momentum must be above 0/,
  );
  const other = toy();
  const grads = other.t.program.arena("grads", "empty");
  const params = other.s.arena;
  assert.throws(
    () => applyOptimizer(other.t, parseOptimizer("sgd"), [{ params, grads }]),
    /must have one layout; make the gradients with pinGradients/,
  );
  for (const eps of [0, -1e-8, NaN]) {
    const third = toy();
    assert.throws(
      () => completeStep(third.t, [third.objective], { optimizer: { kind: "adamw", lr: 1, eps } }),
      /Cannot apply AdamW: its eps must be above 0, or a weight whose gradients have all been 0 becomes 0 \/ 0/,
    );
  }
});
