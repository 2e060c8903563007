import assert from "node:assert/strict";
import { faultError, guard, guardFlag, readGuard } from "../../src/nn/guard.ts";
import type { OptimizerSpec } from "../../src/nn/optimizers.ts";
import { completeStep, runToy, toy, toyGradient, withSession } from "./toy.ts";

const bits = (word: number): number => new Float32Array(Uint32Array.of(word).buffer)[0]!;

/** Runs three good steps, then one whose input k holds `value` at `at`, then two good ones. */
async function poisoned(optimizer: OptimizerSpec, k: number, at: number, value: number) {
  const net = toy();
  const [trained] = completeStep(net.t, [net.objective], { optimizer });
  return await withSession(net.t, async (session) => {
    runToy(net, session, 0, 3);
    const named = [...net.t.parameters.values(), ...net.t.states.values()];
    const good = await Promise.all(named.map(({ value }) => session.read(value)));
    assert.equal(await readGuard(session, net.t), undefined);
    net.inputs.forEach((x, i) => session.write(x, toyGradient(i, 3, x.size)));
    session.write(net.inputs[k]!, Float32Array.of(value), 4 * at);
    session.replay({ scalars: net.t.scalarsAt(3) });
    runToy(net, session, 4, 6);
    const after = await Promise.all(named.map(({ value }) => session.read(value)));
    return { fault: await readGuard(session, net.t), good, after, trained };
  });
}

for (const kind of ["sgd", "adamw", "lars"] as const) {
  Deno.test(`a NaN gradient leaves ${kind} and its parameters at the last good step and is found steps later`, async () => {
    const { fault, good, after } = await poisoned(
      { kind, lr: 0.1, momentum: 0.9 } as OptimizerSpec,
      1,
      5000,
      NaN,
    );
    assert.equal(fault!.step, 3);
    // The loss is the sum of all products, so it is the first value that is not finite.
    assert.match(fault!.label, /^<a, gradient of a>/);
    assert.deepEqual(after, good);
  });
}

/**
 * What the guard says of one value in one gradient. The value is written behind the backward pass and the guard's
 * dispatches run alone, so that the loss, which the guard tests first, stays finite.
 */
async function found(k: number, at: number, value: number): Promise<string | undefined> {
  const net = toy();
  const trained = completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0 } });
  return await withSession(net.t, async (session) => {
    const grads = trained[0]!.grads.members;
    const order = trained[0]!.params.members.map((v) => v.label);
    const guards = net.t.program.dispatches.map((d, i) => d.effect === "guard" ? i : -1).filter((i) =>
      i >= 0
    );
    session.replay({ scalars: net.t.scalarsAt(11), freeze: true });
    session.write(grads[order.indexOf(net.weights[k]!.label)]!, Float32Array.of(value), 4 * at);
    for (const i of guards) session.replayOne(i);
    const fault = await readGuard(session, net.t);
    assert.equal(fault?.step ?? 11, 11);
    return fault?.label;
  });
}

Deno.test("the guard finds every kind of non-finite value at the edges of every tensor", async () => {
  const cases: [number, number, number][] = [
    [0, 0, Infinity],
    [0, 4, -Infinity],
    [1, 4095, NaN],
    [1, 4096, bits(0xff800001)], // a signalling NaN with the sign set
    [1, 9099, Infinity],
    [2, 62, NaN],
    [3, 256, -Infinity],
  ];
  for (const [k, at, value] of cases) {
    assert.equal(await found(k, at, value), `gradient of ${"abcd"[k]}`, `${value} at ${at} of tensor ${k}`);
  }
});

Deno.test("the guard passes the largest finite values, subnormals and garbage in the padding", async () => {
  assert.equal(await found(1, 17, 3.4028234663852886e38), undefined);
  assert.equal(await found(2, 3, 1e-45), undefined);
  const net = toy();
  const [trained] = completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0 } });
  await withSession(net.t, async (session) => {
    session.write(trained!.grads, new Float32Array(trained!.grads.bytes / 4).fill(NaN));
    runToy(net, session, 0, 2);
    assert.equal(await readGuard(session, net.t), undefined);
  });
});

Deno.test("the first fault stays although later steps have others", async () => {
  const net = toy();
  completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1 } });
  await withSession(net.t, async (session) => {
    runToy(net, session, 0, 2);
    session.write(net.inputs[3]!, Float32Array.of(NaN));
    session.replay({ scalars: net.t.scalarsAt(2) });
    session.write(net.inputs[0]!, Float32Array.of(Infinity));
    session.replay({ scalars: net.t.scalarsAt(3) });
    assert.equal((await readGuard(session, net.t))!.step, 2);
  });
});

Deno.test("faultError names the step and the value", () => {
  assert.match(
    faultError({ step: 41, label: "gradient of stem.conv" }).message,
    /^Cannot continue after step 41: every loss, metric and gradient must be finite, "gradient of stem.conv" is not;/,
  );
});

Deno.test("a program has one guard, and one flag without it", async () => {
  const net = toy();
  completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1 } });
  assert.throws(() => guard(net.t, [net.objective.loss], []), /the step has one already/);
  assert.equal(guardFlag(net.t), guardFlag(net.t));
  const other = toy();
  other.t.program.output(other.objective.loss);
  await withSession(other.t, async (session) => assert.equal(await readGuard(session, other.t), undefined));
});
