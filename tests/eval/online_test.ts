import assert from "node:assert/strict";
import { inMemory } from "../../src/data/pixels.ts";
import { attachOnlineProbe, onlineKnn, onlineProbe, onlineProbeAccuracy } from "../../src/eval/online.ts";
import { encoderTensors, extractFeatures } from "../../src/eval/features.ts";
import { knn } from "../../src/eval/knn.ts";
import { plan } from "../../src/gpu/planner.ts";
import { Session } from "../../src/gpu/session.ts";
import { download, tensorsOf } from "../../src/nn/checkpoint.ts";
import { encoderByName } from "../../src/nn/encoders/table.ts";
import { grad } from "../../src/nn/grad.ts";
import type { Method } from "../../src/nn/method.ts";
import { readReport } from "../../src/nn/metrics.ts";
import type { OptimizerSpec } from "../../src/nn/optimizers.ts";
import { copy } from "../../src/nn/ops/elementwise.ts";
import { Scope } from "../../src/nn/scope.ts";
import { initialise } from "../../src/nn/state.ts";
import { buildStep } from "../../src/nn/step.ts";
import { Trace } from "../../src/nn/trace.ts";
import { method as diet } from "../../src/methods/diet.ts";
import { method as moco } from "../../src/methods/moco.ts";
import { method as simclr } from "../../src/methods/simclr.ts";
import { smallHyper } from "../methods/small_hyper.ts";
import { randomData, testDevice } from "../nn/check_op.ts";
import { blobs } from "./toy_features.ts";

const BATCH = 6, SIDE = 8, CLASSES = 3, STEPS = 3;
const SPEC = { encoder: { name: "tiny", width: 0.25 }, side: SIDE };
const build = (s: Scope) => encoderByName("tiny", s, { image: SIDE, width: 0.25 });

/** A few steps of a method, with the probe where labels are given. The session stays open. */
async function run(method: Method, optimizer: OptimizerSpec, labels?: readonly number[], steps = STEPS) {
  const step = buildStep({
    method,
    setup: {
      batch: BATCH,
      classes: CLASSES,
      images: 12,
      hyper: smallHyper(method, { hidden: 8, projector: 8, queue: 12 }),
      encoder: build,
    },
    image: SIDE,
    optimizer,
    target: (await testDevice()).target,
    ...(labels && { observers: onlineProbe(CLASSES) }),
  });
  const session = await Session.bind(await testDevice(), plan(step.program));
  const t = step.trace;
  initialise(session, t, 11);
  for (let n = 0; n < steps; n++) {
    for (const [name, value] of t.inputs) {
      if (name === "labels") session.write(value, Uint32Array.from(labels!));
      else if (value.dtype === "u32") {
        session.write(
          value,
          Uint32Array.from({ length: BATCH }, (_, i) => i),
        );
      } else {session.write(
          value,
          randomData(value.size, 60 + Number(name.slice(4)) + (labels && steps > STEPS ? 0 : n)),
        );}
    }
    session.replay({ scalars: t.scalarsAt(n) });
  }
  const { metrics, fault } = await readReport(session, t, Math.max(0, steps - 32), steps);
  assert.equal(fault, undefined);
  const own = tensorsOf(t).filter(({ name }) => !name.startsWith("probe"));
  return { session, trace: t, metrics, tensors: await download(session, own) };
}

const sameBytes = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((v, i) => v === b[i]);

for (
  const [method, optimizer] of [
    [diet, { kind: "adamw", lr: 0.01, weightDecay: 0.05 }],
    [simclr, { kind: "lars", lr: 0.3, weightDecay: 1e-4 }],
    [moco, { kind: "sgd", lr: 0.05, momentum: 0.9 }],
  ] as const
) {
  Deno.test(`an online probe changes no bit of what ${method.name} trains, whatever the labels`, async () => {
    const plain = await run(method, optimizer);
    plain.session.close();
    assert.ok(plain.tensors.size > 20);
    for (const labels of [[0, 1, 2, 0, 1, 2], [2, 2, 1, 1, 0, 0]]) {
      const probed = await run(method, optimizer, labels);
      const trained = [...probed.trace.parameters.values()].filter(({ name }) => name.startsWith("probe/"));
      assert.equal(trained.length, 2, "there is a probe");
      probed.session.close();
      assert.deepEqual([...probed.tensors.keys()], [...plain.tensors.keys()]);
      const other = [...plain.tensors].filter(([name, bytes]) =>
        !sameBytes(bytes, probed.tensors.get(name)!)
      );
      assert.deepEqual(other.map(([name]) => name), []);
      assert.deepEqual(probed.metrics.loss, plain.metrics.loss);
    }
  });
}

Deno.test("an online probe learns the labels of its batch, and its accuracy is that of its weights", async () => {
  const labels = [0, 1, 2, 0, 1, 2];
  const { session, trace, metrics } = await run(diet, { kind: "adamw", lr: 0.02 }, labels, 200);
  const losses = metrics.loss1!;
  assert.ok(losses.at(-1)! < 0.3, `${losses.at(-1)}`);
  const { features: z, labels: truth } = blobs(30, 16, CLASSES, 1, 1);
  const read = async (name: string) =>
    await session.read(trace.parameters.get(`probe/linear.${name}`)!.value);
  const [w, b] = [await read("weight"), await read("bias")];
  const right = Array.from(truth, (label, row) => {
    const scores = Array.from(b, (v, c) => {
      for (let d = 0; d < 16; d++) v += z.values[row * 16 + d]! * w[d * CLASSES + c]!;
      return v;
    });
    return scores.indexOf(Math.max(...scores)) === label;
  });
  assert.equal(await onlineProbeAccuracy(session, trace, z, truth), right.filter(Boolean).length / 30);
  await assert.rejects(
    onlineProbeAccuracy(session, trace, { ...z, rows: 60, width: 8 }, truth),
    /must have width 16/,
  );
  session.close();
});

Deno.test("attachOnlineProbe lets nothing flow into the features", () => {
  const t = new Trace();
  const s = Scope.root(t, { batch: 4 });
  const features = copy(t, t.input("features", [4, 5]));
  const probe = attachOnlineProbe(s, features, s.labels(), 3);
  assert.deepEqual(probe.wrt.map((v) => v.label), ["probe/linear.weight", "probe/linear.bias"]);
  assert.equal(
    s.parameters().length,
    0,
    "a method that trains all its parameters does not train the probe's",
  );
  assert.throws(() => grad(t, probe.loss, [features]), /no path leads there/);
});

Deno.test("an online probe refuses a method that never passes the batch through the trained encoder", () => {
  const idle: Method = {
    ...diet,
    trace: (s) => ({
      loss: copy(s.t, s.parameter("w", [1], "vector", () => new Float32Array(1))),
      wrt: s.parameters(),
    }),
  };
  const observers = onlineProbe(CLASSES);
  const config = { method: idle, setup: { batch: BATCH, encoder: build }, image: SIDE, observers };
  assert.throws(() => buildStep({ ...config, optimizer: { kind: "sgd", lr: 1 } }), /6 images.*found no pass/);
});

Deno.test("onlineKnn judges the encoder that the session holds", async () => {
  const device = await testDevice();
  const { session, trace } = await run(diet, { kind: "sgd", lr: 0.01 });
  const images = (rows: number, seed: number) => ({
    pixels: inMemory(
      Uint8Array.from(randomData(rows * SIDE * SIDE * 3, seed), (v) => Math.floor(128 + 127 * v)),
      SIDE,
    ),
    size: SIDE,
    labels: Uint32Array.from({ length: rows }, (_, i) => i % CLASSES),
  });
  const data = { train: images(40, 1), test: images(20, 2), classes: CLASSES };
  const grid = [{ k: 5, T: 0.1 }, { k: 1, T: 1 }];
  const found = await onlineKnn(device, { session, trace, spec: SPEC }, data, grid, { batch: 16 });
  const weights = await encoderTensors(session, trace);
  session.close();
  const features = async (set: typeof data.train) => ({
    features: await extractFeatures(device, SPEC, weights, set),
    labels: set.labels,
  });
  const task = { train: await features(data.train), test: await features(data.test), classes: CLASSES };
  assert.deepEqual(found, await knn(device, task, grid));
});
