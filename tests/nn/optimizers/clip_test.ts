import assert from "node:assert/strict";
import { buildStep } from "../../../src/nn/step.ts";
import { encoderByName } from "../../../src/nn/encoders/table.ts";
import { linear } from "../../../src/nn/layers.ts";
import type { Method } from "../../../src/nn/method.ts";
import { reshape, stopGradient } from "../../../src/nn/ops/elementwise.ts";
import { softmaxCrossEntropy } from "../../../src/nn/ops/loss.ts";
import { method as sdiet } from "../../../src/methods/sdiet.ts";
import { initialise } from "../../../src/nn/state.ts";
import { plan } from "../../../src/gpu/planner.ts";
import { Session } from "../../../src/gpu/session.ts";
import { randomData, testDevice } from "../check_op.ts";
import { completeStep, runToy, toy, withSession } from "../toy.ts";
import { checkAgainstReference, FALLING } from "./reference.ts";

// The toy's gradients have a common norm of about 56.
for (
  const spec of [
    { kind: "sgd", lr: 0.1, momentum: 0.9, weightDecay: 0.05, clipNorm: 10 },
    { kind: "sgd", lr: FALLING, clipNorm: 1000 },
    { kind: "adamw", lr: 0.01, weightDecay: 0.05, clipNorm: 3, eps: 0.1, exemptDecay: "norms-and-biases" },
    { kind: "lars", clipRate: true, lr: 0.1, eta: 0.02, clipNorm: 3, parts: { b: { lr: 0.3 } } },
  ] as const
) {
  Deno.test(`gradients are clipped by their common norm, as PyTorch does (${JSON.stringify(spec)})`, () =>
    checkAgainstReference(spec));
}

Deno.test("gradients shorter than the largest norm keep their bits", async () => {
  const run = async (clipNorm?: number): Promise<Float32Array> => {
    const net = toy();
    completeStep(net.t, [net.objective], {
      optimizer: { kind: "sgd", lr: 0.1, ...(clipNorm !== undefined && { clipNorm }) },
    });
    return await withSession(net.t, async (session) => {
      runToy(net, session, 0, 3);
      return await session.read(net.weights[1]!);
    });
  };
  const free = await run();
  assert.deepEqual(await run(1000), free);
  assert.notDeepEqual(await run(10), free);
});

Deno.test("a norm of 0 or less to clip to is refused", () => {
  const net = toy();
  assert.throws(
    () => completeStep(net.t, [net.objective], { optimizer: { kind: "sgd", lr: 0.1, clipNorm: 0 } }),
    /Cannot clip gradients: their largest norm must be above 0, found 0; leave clipNorm out to clip nothing/,
  );
});

/** A classifier, watched by a probe with a large loss or by none. */
async function weights(watched: boolean): Promise<Float32Array> {
  const method: Method = {
    name: "toy",
    paper: "none",
    views: 1,
    hyper: {},
    trace(s, [x]) {
      const f = s.encoder();
      const z = linear(s, "fc", f.features, 3)(f.apply(x!));
      return { loss: softmaxCrossEntropy(s.t, z, s.labels()), wrt: s.parameters() };
    },
  };
  const gpu = await testDevice();
  const { trace: t, program } = buildStep({
    method,
    setup: { batch: 4, encoder: (s) => encoderByName("linear", s, { image: 4, dims: [6] }) },
    image: 4,
    optimizer: { kind: "sgd", lr: 0.1, clipNorm: 0.1 },
    target: gpu.target,
    ...(watched && {
      observers: (s) => {
        const here = s.inArena("probe");
        const x = reshape(s.t, s.t.inputs.get("view0")!, [64, 3]);
        const z = linear(here, "linear", 3, 2)(stopGradient(s.t, x));
        return [{
          loss: softmaxCrossEntropy(s.t, z, s.batchInput("pixels", [64], "u32")),
          wrt: here.parameters(),
        }];
      },
    }),
  });
  const session = await Session.bind(gpu, plan(program));
  try {
    initialise(session, t, 1);
    session.write(t.inputs.get("view0")!, randomData(4 * 48, 3));
    session.write(t.inputs.get("labels")!, Uint32Array.of(0, 1, 2, 0));
    const pixels = t.inputs.get("pixels");
    if (pixels) session.write(pixels, new Uint32Array(64).map((_, i) => i % 2));
    for (let k = 0; k < 3; k++) session.replay({ scalars: t.scalarsAt(k) });
    return await session.read(t.parameters.get("fc.weight")!.value);
  } finally {
    session.close();
  }
}

Deno.test("a probe that watches a clipped run changes no bit of it", async () => {
  assert.deepEqual(await weights(true), await weights(false));
});

Deno.test("a method whose head is updated beside the optimizer refuses clipping", () => {
  assert.throws(
    () =>
      buildStep({
        method: sdiet,
        setup: { batch: 4, images: 8, encoder: (s) => encoderByName("linear", s, { image: 4, dims: [6] }) },
        image: 4,
        optimizer: { kind: "adamw", lr: 0.1, clipNorm: 1 },
      }),
    /Cannot clip the gradients of "sdiet": all of them must go to the optimizer, found "head rows" with an update of its own/,
  );
});
