import assert from "node:assert/strict";
import { lifetimes, plan } from "../../src/gpu/planner.ts";
import type { Program } from "../../src/gpu/program.ts";
import { recompute } from "../../src/gpu/recompute.ts";
import { Session } from "../../src/gpu/session.ts";
import { grad } from "../../src/nn/grad.ts";
import { multiply, relu } from "../../src/nn/ops/elementwise.ts";
import { sum } from "../../src/nn/ops/reduce.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "../nn/check_op.ts";

/** Six times relu then multiply: everything but the products by `w1` can be computed again. */
function chain(keepAt: number): { t: Trace; wanted: Value[] } {
  const t = new Trace();
  const [x, w0, w1] = ["x", "w0", "w1"].map((name) => t.input(name, [8])) as [Value, Value, Value];
  let h = multiply(t, x, w0);
  for (let i = 0; i < 6; i++) {
    h = relu(t, h);
    if (i === keepAt) h.keep = true;
    h = multiply(t, h, w1);
  }
  const loss = sum(t, h);
  return { t, wanted: [loss, ...grad(t, loss, [w0, w1])] };
}

async function run({ t, wanted }: ReturnType<typeof chain>, program: Program): Promise<number[][]> {
  wanted.forEach((v) => program.output(v));
  const session = await Session.bind(await testDevice(), plan(program));
  try {
    let seed = 1;
    for (const input of t.inputs.values()) session.write(input, randomData(input.size, seed++));
    session.replay();
    return await Promise.all(wanted.map(async (v) => [...await session.read(v)]));
  } finally {
    session.close();
  }
}

Deno.test("recompute changes no bit of loss and gradients", async () => {
  const plain = chain(-1), again = chain(-1);
  const expected = await run(plain, plain.t.program);
  assert.deepEqual(await run(again, recompute(again.t.program)), expected);
});

Deno.test("recompute ends the life of forward values before the backward pass, except of kept ones", () => {
  const { t } = chain(2);
  const before = t.program;
  const after = recompute(before);
  const firstBackward = after.dispatches.findIndex((d) => d.phase === "backward");
  const crossing = lifetimes(after.dispatches, after.outputs).filter((l) =>
    l.first < firstBackward && l.last >= firstBackward
  );
  assert.deepEqual(crossing.map((l) => l.value.keep), [true]);
  assert.ok(after.dispatches.length > before.dispatches.length);
});

Deno.test("recompute keeps a value whose pinned input changes in between", () => {
  const t = new Trace();
  const x = t.input("x", [4]);
  const state = t.state(t.program.arena("state", "s"), "state", [4], (_, n) => new Float32Array(n));
  const product = multiply(t, x, state); // cheap, but `state` is overwritten below
  t.program.effect("overwrite", () => {
    const { kernel } = t.program.dispatches[0]!;
    t.program.dispatch({
      kernel,
      entry: "copy",
      label: "overwrite",
      read: { a: x },
      update: { y: state },
      uniform: { n: 1, width: 64, s: 0 },
      workgroups: [1],
    });
  });
  const loss = sum(t, multiply(t, product, product));
  grad(t, loss, [x]);
  const again = recompute(t.program).dispatches.filter((d) => d.label.endsWith("(again)"));
  assert.ok(
    !again.some((d) => [...d.read.values()].includes(state)),
    "nothing reads the new state as if it were old",
  );
});
