import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import type { Method } from "../../src/nn/method.ts";
import { readReport } from "../../src/nn/metrics.ts";
import { batchParts, gradientEvaluations, initialOptions, replayOptions } from "../../src/nn/replays.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep } from "../../src/nn/step.ts";
import { Trace } from "../../src/nn/trace.ts";
import { compare, randomData, testDevice } from "./check_op.ts";
import { extragradient, SIZE } from "./extragradient.ts";

const LR = 0.125;

const build = (method: Method) =>
  buildStep({
    method,
    setup: { batch: 1, encoder: () => assert.fail("no encoder") },
    image: 8,
    optimizer: { kind: "sgd", lr: LR },
  });

Deno.test("a step of two replays takes the real step from where it was, with the gradient found ahead", async () => {
  const step = build(extragradient);
  const t = step.trace;
  const session = await Session.bind(await testDevice(), plan(step.program));
  try {
    initialise(session, t, 3);
    const a = randomData(SIZE, 5);
    session.write(t.inputs.get("a")!, a);
    const w = t.parameters.get("w")!.value;
    let expected = Float64Array.from(await session.read(w));
    const energies: number[] = [];
    for (let k = 0; k < 4; k++) {
      for (const replay of step.replays) session.replay(replayOptions(t, replay, k));
      const ahead = expected.map((x, i) => x - 2 * LR * a[i]! * x);
      energies.push(ahead.reduce((sum, x, i) => sum + 0.5 * a[i]! * x * x, 0));
      expected = expected.map((x, i) => x - LR * a[i]! * ahead[i]!);
    }
    // A product and a subtraction round each step; errors of four steps and of the gradients add up.
    compare("w", await session.read(w), expected, 16);
    const { metrics, fault } = await readReport(session, step, 0, 4);
    assert.equal(fault, undefined);
    assert.deepEqual(
      Object.keys(metrics),
      ["loss", "energy", "norm"],
      "an objective's name and a metric are series",
    );
    assert.deepEqual(metrics.loss, metrics.energy);
    energies.forEach((e, i) =>
      assert.ok(Math.abs(metrics.loss![i]! - e) < 1e-4 * Math.abs(e) + 1e-4, "loss ahead")
    );
  } finally {
    session.close();
  }
});

Deno.test("a replay that restores brings back every bit", async () => {
  const step = build({
    ...extragradient,
    replays: (
      s,
    ) => [extragradient.replays!(s)[0]!, { name: "back", effects: ["restore online.snapshot", "metrics"] }],
  });
  const session = await Session.bind(await testDevice(), plan(step.program));
  try {
    initialise(session, step.trace, 3);
    session.write(step.trace.inputs.get("a")!, randomData(SIZE, 5));
    const w = step.trace.parameters.get("w")!.value;
    const before = await session.read(w);
    session.replay(replayOptions(step.trace, step.replays[0]!, 0));
    assert.notDeepEqual(await session.read(w), before);
    session.replay(replayOptions(step.trace, step.replays[1]!, 0));
    assert.deepEqual(await session.read(w), before);
  } finally {
    session.close();
  }
});

Deno.test("gradientEvaluations counts replays, and one for a method that declares none", () => {
  assert.equal(gradientEvaluations(extragradient, {}), 2);
  const { replays: _, ...once } = extragradient;
  assert.equal(gradientEvaluations(once, {}), 1);
  assert.deepEqual(build(once).replays, [{ name: "step" }]);
  assert.throws(
    () => gradientEvaluations({ ...once, replays: () => [] }, {}),
    /at least one replay, found none/,
  );
});

Deno.test("batchParts is one more than the highest part that a replay names, and divides the batch", () => {
  const tasks = (...parts: number[]): Method => ({
    ...extragradient,
    replays: () => parts.map((part) => ({ name: `task ${part}`, part })),
  });
  assert.equal(batchParts(extragradient, { batch: 7 }), 1);
  assert.equal(batchParts(tasks(0, 1, 2, 0), { batch: 12 }), 3);
  assert.throws(
    () => batchParts(tasks(0, 1, 2), { batch: 8 }),
    /Cannot train "extragradient": its batch must be a multiple of 3, the parts .*, found 8; change the batch/,
  );
});

Deno.test("replayOptions keeps the schedule's scalars, changes those of the replay, and never leaves out the guard", () => {
  const t = new Trace();
  t.scalar("lr", (step) => 10 - step);
  t.scalar("m", () => 0.5);
  assert.deepEqual(replayOptions(t, { name: "step" }, 4), { scalars: { lr: 6, m: 0.5 } });
  const replay = {
    name: "inner",
    effects: ["ema"],
    scalars: (k: number, usual: Record<string, number>) => ({ lr: usual.lr! * k }),
  };
  assert.deepEqual(replayOptions(t, replay, 4), { scalars: { lr: 24, m: 0.5 }, effects: ["ema", "guard"] });
  assert.deepEqual(initialOptions(t, replay, 4), { scalars: { lr: 24, m: 0.5 }, only: ["ema"] });
});

Deno.test("replays that name an effect nobody records, or that report no losses, are refused", () => {
  const having = (effects: string[]) => ({ ...extragradient, replays: () => [{ name: "inner", effects }] });
  assert.throws(
    () => build(having(["metrics", "optimiser"])),
    /replay "inner" may name the effects guard, metrics, .*, found "optimiser"; did you mean "optimizer"/,
  );
  assert.throws(() => build(having(["optimizer"])), /one of its replays must run the effect metrics/);
  assert.throws(
    () => build({ ...extragradient, initialPass: () => ({ name: "fill" }) }),
    /the initial pass must name the effects that it runs, found none/,
  );
});

Deno.test("series with one name twice are refused", () => {
  const twice = (name: string): Method => ({
    ...extragradient,
    trace: (s, views) => {
      const objective = [extragradient.trace(s, views)].flat()[0]!;
      return [objective, { ...objective, name }];
    },
  });
  for (const name of ["loss", "energy", "norm"]) {
    assert.throws(() => build(twice(name)), new RegExp(`names of their own, "${name}" is used twice`));
  }
});
