import assert from "node:assert/strict";
import { completeStep, runToy, toy, toyGradient, withSession } from "../toy.ts";
import { checkAgainstReference, FALLING } from "./reference.ts";

const exempt = { exemptDecay: "norms-and-biases", exemptAdaptation: "norms-and-biases" } as const;

for (
  const spec of [
    { kind: "lars", lr: 2, weightDecay: 0.01, eta: 0.02, ...exempt },
    { kind: "lars", lr: FALLING, momentum: 0.8, eta: 0.5 },
    { kind: "lars", lr: FALLING, weightDecay: 0.1, eta: 0.5, exemptDecay: "norms-and-biases" },
    { kind: "lars", lr: FALLING, weightDecay: 0.1, eta: 0.5, exemptAdaptation: "norms-and-biases" },
  ] as const
) {
  Deno.test(`LARS follows SimCLR's formulas (${JSON.stringify(spec)})`, () => checkAgainstReference(spec));
}

for (
  const spec of [
    // Ratios of the toy's tensors are near 1: eta 0.02 over a rate of 0.4 stays below the bound, 5 and the falling rate reach it.
    { kind: "lars", clipRate: true, lr: 0.4, weightDecay: 0.05, eta: 0.02 },
    { kind: "lars", clipRate: true, lr: 0.1, weightDecay: 0.05, eta: 5, ...exempt },
    { kind: "lars", clipRate: true, lr: FALLING, momentum: 0.8, weightDecay: FALLING, eta: 0.06 },
    {
      kind: "lars",
      clipRate: true,
      lr: FALLING,
      weightDecay: 0.1,
      exemptDecay: "norms-and-biases",
      eta: 0.06,
    },
    {
      kind: "lars",
      clipRate: true,
      lr: FALLING,
      weightDecay: 0.1,
      exemptAdaptation: "norms-and-biases",
      eta: 0.06,
    },
  ] as const
) {
  Deno.test(`LARS with a clipped rate follows solo-learn's formulas (${JSON.stringify(spec)})`, () =>
    checkAgainstReference(spec));
}

for (const clipRate of [false, true]) {
  Deno.test(`LARS does not adapt a tensor of zeros${clipRate ? ", nor with a clipped rate" : ""}`, async () => {
    const net = toy();
    completeStep(net.t, [net.objective], { optimizer: { kind: "lars", lr: 0.5, momentum: 0, clipRate } });
    await withSession(net.t, async (session) => {
      const b = net.weights[1]!;
      session.write(b, new Float32Array(b.size));
      runToy(net, session, 0, 1);
      const expected = toyGradient(1, 0, b.size).map((g) => -0.5 * g);
      assert.deepEqual(await session.read(b), expected);
    });
  });
}

Deno.test("LARS with a clipped rate moves nothing at rate 0 and makes no NaN", async () => {
  const net = toy();
  const lr = { kind: "cosine", base: 0.5, warmup: 2, steps: 8 } as const;
  completeStep(net.t, [net.objective], { optimizer: { kind: "lars", lr, weightDecay: 0.1, clipRate: true } });
  await withSession(net.t, async (session) => {
    const start = await session.read(net.weights[1]!);
    runToy(net, session, 0, 1);
    assert.deepEqual(await session.read(net.weights[1]!), start);
    runToy(net, session, 1, 2);
    assert.ok((await session.read(net.weights[1]!)).every(Number.isFinite));
  });
});
