/** What the five papers need of the engine, on small networks: each claim of the design as a test. */
import assert from "node:assert/strict";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { enqueue, rowsOfState } from "../../src/nn/bank.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { grad } from "../../src/nn/grad.ts";
import { conv, linear } from "../../src/nn/layers.ts";
import type { Method } from "../../src/nn/method.ts";
import { follow } from "../../src/nn/momentum.ts";
import { relu, scale, stopGradient } from "../../src/nn/ops/elementwise.ts";
import { l2Normalise } from "../../src/nn/ops/l2.ts";
import { mse, softmaxCrossEntropy } from "../../src/nn/ops/loss.ts";
import { matmul } from "../../src/nn/ops/matmul.ts";
import { globalAvgPool } from "../../src/nn/ops/pool.ts";
import { mean } from "../../src/nn/ops/reduce.ts";
import type { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep, type Step } from "../../src/nn/step.ts";
import type { Value } from "../../src/nn/trace.ts";
import { randomData, testDevice } from "./check_op.ts";

const BATCH = 8;

async function stepOf(trace: Method["trace"], views: number, image = 16): Promise<Step> {
  return buildStep({
    method: { name: "test", paper: "none", views, hyper: {}, trace },
    setup: {
      batch: BATCH,
      classes: 4,
      encoder: (s) => encoderByName("tiny", s, { image, width: 0.25 }),
    },
    image,
    optimizer: { kind: "sgd", lr: 0.1 },
    target: (await testDevice()).target,
  });
}

async function run<T>(step: Step, body: (session: Session) => Promise<T>): Promise<T> {
  const session = await Session.bind(await testDevice(), plan(step.program));
  try {
    initialise(session, step.trace, 3);
    let seed = 70;
    for (const value of step.trace.inputs.values()) {
      session.write(
        value,
        value.dtype === "u32"
          ? Uint32Array.from({ length: value.size }, (_, i) => i % 4)
          : randomData(value.size, seed++),
      );
    }
    return await body(session);
  } finally {
    session.close();
  }
}

const replay = (step: Step, session: Session, k: number) =>
  session.replay({ scalars: step.trace.scalarsAt(k) });

/** Four wide stages of convolutions at one resolution, and a loss on pooled features. */
function stack(s: Scope): { stages: ((h: Value) => Value)[]; loss: (h: Value, unit: string) => Value } {
  const stages = [0, 1, 2, 3].map((i) => {
    const first = conv(s, `stage${i}.a`, { inChannels: i ? 16 : 3, outChannels: 16, kernel: 3, padding: 1 });
    const second = conv(s, `stage${i}.b`, { inChannels: 16, outChannels: 16, kernel: 3, padding: 1 });
    return (h: Value) => relu(s.t, second(relu(s.t, first(h))));
  });
  const loss = (h: Value, unit: string) =>
    softmaxCrossEntropy(s.t, linear(s, unit, 16, 4)(globalAvgPool(s.t, h)), s.labels());
  return { stages, loss };
}

Deno.test("local losses with a shared stage free activations early: the plan's peak is below end to end", async () => {
  const local = await stepOf(
    (s, [x]) => {
      const { stages, loss } = stack(s);
      const below = (i: number) => s.parameters(`stage${i}`);
      let h = x!;
      // Unit i trains stages i and i + 1 on a loss behind stage i + 1; unit i + 1 starts from a stop-gradient of stage i.
      const objectives = [0, 1, 2].map((i) => {
        h = stages[i]!(h);
        h.keep = true;
        const decoded = stages[i + 1]!(h);
        const unit = {
          loss: loss(decoded, `unit${i}`),
          wrt: [...below(i), ...below(i + 1), ...s.parameters(`unit${i}`)],
        };
        h = stopGradient(s.t, h);
        return unit;
      });
      return objectives;
    },
    1,
    32,
  );
  const joint = await stepOf(
    (s, [x]) => {
      const { stages, loss } = stack(s);
      const l = loss(stages.reduce((h, stage) => stage(h), x!), "head");
      return { loss: l, wrt: s.parameters() };
    },
    1,
    32,
  );
  const peaks = [local, joint].map((step) => plan(step.program).roles.activations);
  assert.ok(peaks[0]! < peaks[1]!, `local ${peaks[0]}, end to end ${peaks[1]}`);
});

Deno.test("a momentum encoder and a queue: logits see the old queue, keys land after, the copy follows", async () => {
  let seen: Value | undefined, keys: Value | undefined, queue: Value | undefined;
  const step = await stepOf((s, [x1, x2]) => {
    const T = 0.2;
    const f = s.encoder();
    const other = s.inArena("momentum", "momentum");
    const fk = other.encoder();
    queue = rowsOfState(s, "queue", 32, f.features);
    const q = l2Normalise(s.t, f.apply(x1!));
    const k = s.t.program.output(l2Normalise(s.t, fk.apply(x2!)));
    keys = k;
    seen = s.t.program.output(matmul(s.t, q, queue, { transposeB: true }));
    const loss = softmaxCrossEntropy(s.t, scale(s.t, seen, 1 / T), s.labels());
    enqueue(s.t, queue, k);
    follow(s.t, other.arena, s.arena, 0.5);
    return { loss, wrt: s.parameters() };
  }, 2);
  await run(step, async (session) => {
    const [before, start] = [
      await session.read(queue!),
      await session.read(step.trace.parameters.get("encoder.conv1.weight")!.value),
    ];
    const copy = step.trace.parameters.get("momentum/encoder.conv1.weight")!.value;
    assert.deepEqual(await session.read(copy), start, "the copy starts equal");
    replay(step, session, 0);
    const [after, k] = [await session.read(queue!), await session.read(keys!)];
    assert.deepEqual(after.slice(0, k.length), k, "keys are the queue's first rows");
    assert.deepEqual(after.slice(k.length), before.slice(k.length), "the rest is untouched");
    const width = k.length / BATCH;
    const logits = await session.read(seen!);
    const q0 = logits.slice(0, 32);
    const seenNew = Math.abs(q0[0]! - q0[1]!); // logits came from random rows, not from the keys written later
    assert.ok(seenNew > 0 && before.length === 32 * width);
    const online = await session.read(step.trace.parameters.get("encoder.conv1.weight")!.value);
    const expected = start.map((v, i) => 0.5 * v + 0.5 * online[i]!);
    (await session.read(copy)).forEach((v, i) => assert.ok(Math.abs(v - expected[i]!) <= 2 ** -22));
    replay(step, session, 1);
    const second = await session.read(queue!);
    assert.deepEqual(second.slice(0, k.length), k, "the second batch lands behind the first");
    assert.notDeepEqual(second.slice(k.length, 2 * k.length), before.slice(k.length, 2 * k.length));
  });
});

Deno.test("a frozen teacher beside a student gets no gradient, no optimizer state and does not move", async () => {
  const step = await stepOf((s, [x]) => {
    const teacher = s.inArena("teacher").inMode("eval").encoder();
    const student = s.encoder();
    const head = linear(s, "head", student.features, teacher.features);
    const loss = mse(s.t, head(student.apply(x!)), stopGradient(s.t, teacher.apply(x!)));
    return { loss, wrt: s.parameters() };
  }, 1);
  const names = step.program.arenas.filter((a) => a.role === "grads" || a.role === "optimizer").map((a) =>
    a.name
  );
  assert.ok(names.every((name) => !name.startsWith("teacher")), `${names}`);
  await run(step, async (session) => {
    const teacher = step.trace.program.arenas.find((a) => a.name === "teacher")!;
    const before = await session.read(teacher);
    for (let k = 0; k < 3; k++) replay(step, session, k);
    assert.deepEqual(await session.read(teacher), before);
  });
});

Deno.test("stop-gradient where both branches share parameters gives the one-sided gradient", async () => {
  // L = mean((w x1 - sg(w x2))^2): dL/dw = 2/n x1^T (w x1 - w x2), not the two-sided 2/n (x1 - x2)^T (...).
  let product: Value[] = [];
  const step = await stepOf((s, [x1, x2]) => {
    const f = linear(s, "f", 3 * 16 * 16, 4, { bias: false });
    const flat = (x: Value) => s.t.program.alias(x, [BATCH, 3 * 16 * 16]);
    const [a, b] = [f(flat(x1!)), f(flat(x2!))];
    product = [a, b].map((v) => s.t.program.output(v));
    return { loss: mse(s.t, a, stopGradient(s.t, b)), wrt: s.parameters() };
  }, 2);
  await run(step, async (session) => {
    replay(step, session, 0);
    const [a, b] = [await session.read(product[0]!), await session.read(product[1]!)];
    const x1 = randomData(step.trace.inputs.get("view0")!.size, 70);
    const got = await session.read(step.program.arenas.find((arena) => arena.role === "grads")!);
    const columns = 3 * 16 * 16;
    for (const [i, k] of [[0, 0], [5, 2], [700, 3]] as const) {
      let expected = 0;
      for (let n = 0; n < BATCH; n++) {
        expected += 2 / (BATCH * 4) * x1[n * columns + i]! * (a[n * 4 + k]! - b[n * 4 + k]!);
      }
      assert.ok(Math.abs(got[i * 4 + k]! - expected) < 1e-6, `${got[i * 4 + k]} against ${expected}`);
    }
  });
});

Deno.test("objectives that share a stage give it the sum, and a stage outside a loss's list stays out of it", async () => {
  const step = await stepOf((s, [x]) => {
    const a = linear(s, "a", 3 * 16 * 16, 4);
    const b = linear(s, "b", 4, 4);
    const h = a(s.t.program.alias(x!, [BATCH, 3 * 16 * 16]));
    const first = mean(s.t, h);
    const second = softmaxCrossEntropy(s.t, b(h), s.labels());
    assert.throws(() => grad(s.t, first, s.parameters("b")), /no path leads there/);
    return [{ loss: first, wrt: s.parameters("a") }, { loss: second, wrt: s.parameters("b") }];
  }, 1);
  await run(step, async (session) => {
    replay(step, session, 0);
    // The second loss depends on `a` too but does not list it: d mean / d bias of `a` is 1/4 exactly.
    const params = step.trace.program.arenas.find((arena) => arena.name === "online")!;
    const grads = step.trace.program.arenas.find((arena) => arena.name === "online.grads")!;
    const bias = step.trace.parameters.get("a.bias")!.value;
    const bytes = await session.readBytes(grads, params.offsetOf(bias), bias.bytes);
    assert.deepEqual([...new Float32Array(bytes.buffer)], [0.25, 0.25, 0.25, 0.25]);
  });
});
