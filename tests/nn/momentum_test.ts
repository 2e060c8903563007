import assert from "node:assert/strict";
import { follow } from "../../src/nn/momentum.ts";
import { compare } from "./check_op.ts";
import { completeStep, runToy, TENSORS, toy, withSession } from "./toy.ts";

const zeros = (_draw: unknown, size: number) => new Float32Array(size);
const uniform = (draw: { uniform(): number }, size: number) =>
  Float32Array.from({ length: size }, () => 2 * draw.uniform() - 1);

/** Two groups: the copy must have its tensors in the order of the source's. */
const GROUPED = { kind: "sgd", lr: 0.1, exemptDecay: "norms-and-biases" } as const;

/** The toy with a copy of its parameters that follows them. */
function withCopy(momentum: Parameters<typeof follow>[3]) {
  const net = toy();
  const copy = net.s.inArena("momentum", "momentum");
  const still = copy.parameter("still", [9], "vector", uniform);
  const copies = TENSORS.map(({ name, shape, kind }) => copy.parameter(name, shape, kind, uniform));
  follow(net.t, copy.arena, net.s.arena, momentum);
  return { ...net, copies, copiedStill: still, copy };
}

Deno.test("follow moves every tensor of the copy by the schedule, after the optimizer", async () => {
  const m = { kind: "cosine", base: 0.9, end: 1, steps: 5 } as const;
  const net = withCopy(m);
  completeStep(net.t, [net.objective], { optimizer: GROUPED });
  assert.deepEqual(net.t.program.effects.slice(-2), ["optimizer", "ema"]);
  assert.equal(net.copy.arena.role, "momentum");
  await withSession(net.t, async (session) => {
    const start = await Promise.all(net.weights.map((w) => session.read(w)));
    const copied = await Promise.all(net.copies.map((w) => session.read(w)));
    assert.deepEqual(copied, start, "source and copy start equal");
    const expected = start.map((w) => Float64Array.from(w));
    for (let step = 0; step < 6; step++) {
      runToy(net, session, step, step + 1);
      const share = net.t.scalarsAt(step)["ema.momentum"]!;
      for (const [k, w] of net.weights.entries()) {
        const source = await session.read(w);
        expected[k]!.forEach((v, i) => expected[k]![i] = share * v + (1 - share) * source[i]!);
      }
    }
    for (const [k, w] of net.copies.entries()) {
      // Three roundings a step, and the momentum itself rounded to f32.
      compare(w.label, await session.read(w), expected[k]!, 6 * 4);
      assert.notDeepEqual(await session.read(w), start[k], "the copy moves");
    }
    assert.deepEqual(await session.read(net.copiedStill), await session.read(net.still));
  });
});

Deno.test("follow with momentum 1 changes no bit, and a frozen effect or a fault leaves the copy alone", async () => {
  for (
    const [momentum, freeze, poison] of [[1, [], false], [0.5, ["ema"], false], [0.5, [], true]] as const
  ) {
    const net = withCopy(momentum);
    completeStep(net.t, [net.objective], { optimizer: GROUPED });
    await withSession(net.t, async (session) => {
      const before = await session.read(net.copies[1]!);
      if (poison) session.write(net.inputs[0]!, Float32Array.of(NaN));
      session.replay({ scalars: net.t.scalarsAt(0), freeze });
      assert.deepEqual(await session.read(net.copies[1]!), before);
    });
  }
});

Deno.test("follow walks an arena larger than one binding", async () => {
  const net = toy();
  const copy = net.s.inArena("momentum", "momentum");
  const size = 17 * 2 ** 20 + 3; // 68 MiB: two windows, the cut inside the tensor
  const target = copy.parameter("big", [size], "dense", zeros);
  const source = net.s.inArena("source").parameter("big", [size], "dense", zeros);
  follow(net.t, copy.arena, source.arena!, 0.5);
  net.t.recordLater();
  await withSession(net.t, async (session) => {
    session.write(source, new Float32Array(size).fill(4));
    session.replay({ scalars: net.t.scalarsAt(0) });
    const got = await session.read(target);
    assert.ok(got.every((v) => v === 2), `element ${got.findIndex((v) => v !== 2)} was not copied`);
  });
});

Deno.test("follow names the tensor that has no counterpart or another shape", () => {
  for (
    const [name, shape, message] of [
      ["e", [9], /every tensor must have its counterpart, "still" has none/],
      ["still", [8], /shapes must be equal, "still" has \[9\] and \[8\]/],
    ] as const
  ) {
    const net = toy();
    const copy = net.s.inArena("momentum", "momentum");
    copy.parameter(name, [...shape], "vector", zeros);
    follow(net.t, copy.arena, net.s.arena, 0.9);
    assert.throws(() => net.t.recordLater(), message);
  }
  const net = toy();
  const copy = net.s.inArena("momentum", "momentum");
  for (const { name, shape, kind } of [...TENSORS].reverse()) {
    copy.parameter(name, shape, kind, zeros);
  }
  copy.parameter("still", [9], "vector", zeros);
  follow(net.t, copy.arena, net.s.arena, 0.9);
  assert.throws(() => net.t.recordLater(), /layouts must be equal, "\w+" lies at byte \d+ and \d+/);
});
