import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { grad, gradients } from "../../src/nn/grad.ts";
import { add, multiply, relu, scale, stopGradient } from "../../src/nn/ops/elementwise.ts";
import { dot, mean, sum } from "../../src/nn/ops/reduce.ts";
import { Trace, type Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "./check_op.ts";

/** Four parameters of 8 elements behind one input. */
function net(): { t: Trace; x: Value; w: Value[] } {
  const t = new Trace();
  const x = t.input("x", [8]);
  const w = [0, 1, 2, 3].map((i) => t.input(`w${i}`, [8]));
  return { t, x, w };
}

async function values(
  t: Trace,
  wanted: readonly Value[],
  rewrite = (p: Trace["program"]) => p,
): Promise<number[][]> {
  wanted.forEach((v) => t.program.output(v));
  const session = await Session.bind(await testDevice(), plan(rewrite(t.program)));
  try {
    let seed = 1;
    for (const input of t.inputs.values()) session.write(input, randomData(input.size, seed++));
    session.replay();
    return await Promise.all(wanted.map(async (v) => [...await session.read(v)]));
  } finally {
    session.close();
  }
}

Deno.test("grad visits only nodes between the targets and the loss", () => {
  const { t, x, w } = net();
  const h = multiply(t, x, w[0]!);
  const loss = sum(t, multiply(t, h, w[1]!));
  const before = t.program.dispatches.length;
  grad(t, loss, [w[1]!]);
  const backward = t.program.dispatches.slice(before);
  assert.equal(backward.length, 3); // d loss, d product, d w1
  assert.ok(!backward.some((d) => [...d.read.values()].includes(w[0]!)), "nothing of w0 is computed");
});

Deno.test("grad names a target that the loss does not depend on", () => {
  const { t, x, w } = net();
  const loss = mean(t, multiply(t, x, w[0]!));
  assert.throws(() => grad(t, loss, [w[3]!]), /the loss must depend on it, no path leads there/);
  assert.throws(() => grad(t, x, [w[0]!]), /a loss must have one element/);
});

Deno.test("a value used twice gets the sum of its cotangents", async () => {
  const { t, x, w } = net();
  const h = multiply(t, x, w[0]!);
  const loss = dot(t, h, add(t, h, scale(t, h, 2))); // 3 <h, h>
  const [gradient, , xs, ws] = await values(t, [grad(t, loss, [w[0]!])[0]!, loss, x, w[0]!]);
  gradient!.forEach((g, i) => assert.ok(Math.abs(g - 6 * ws![i]! * xs![i]! ** 2) < 1e-5));
});

Deno.test("stopGradient cuts one branch where both branches share a parameter", async () => {
  const { t, x, w } = net();
  const a = multiply(t, x, w[0]!);
  const loss = dot(t, a, stopGradient(t, multiply(t, a, w[1]!)));
  assert.throws(() => grad(t, loss, [w[1]!]), /no path leads there/);
  const [gradient, xs, w0, w1] = await values(t, [grad(t, loss, [w[0]!])[0]!, x, w[0]!, w[1]!]);
  gradient!.forEach((g, i) => assert.ok(Math.abs(g - xs![i]! * (xs![i]! * w0![i]! * w1![i]!)) < 1e-6));
});

Deno.test("gradients gives each parameter exactly the losses that list it, and differentiates early losses early", async () => {
  const local = net();
  const build = ({ t, x, w }: ReturnType<typeof net>) => {
    const h1 = relu(t, multiply(t, x, w[0]!));
    const shared = multiply(t, h1, w[1]!); // stage shared by both units
    const loss1 = sum(t, multiply(t, shared, shared));
    const h2 = multiply(t, stopGradient(t, h1), w[1]!); // the same stage seen by the next unit
    const loss2 = sum(t, multiply(t, h2, w[2]!), 3);
    return { loss1, loss2 };
  };
  const { loss1, loss2 } = build(local);
  const [w0, w1, w2] = local.w as [Value, Value, Value];
  const both = gradients(local.t, [{ loss: loss1, wrt: [w0, w1] }, { loss: loss2, wrt: [w1, w2] }]);
  const at = (value: Value) =>
    local.t.program.dispatches.findIndex((d) => [...d.write.values()].includes(value));
  assert.ok(at(both.get(w0)!) < at(loss2), "the backward pass of the first loss precedes the second loss");
  const joint = await values(local.t, [both.get(w0)!, both.get(w1)!, both.get(w2)!]);
  const alone = async (which: "loss1" | "loss2", index: number) => {
    const n = net();
    const losses = build(n);
    return (await values(n.t, grad(n.t, losses[which], [n.w[index]!])))[0]!;
  };
  assert.deepEqual(joint[0], await alone("loss1", 0));
  assert.deepEqual(joint[2], await alone("loss2", 2));
  const [a, b] = [await alone("loss1", 1), await alone("loss2", 1)];
  assert.deepEqual(joint[1], a.map((v, i) => Math.fround(v + b[i]!)));
});
