/** The workloads on this project's own engine. */
import { Device } from "../src/gpu/device.ts";
import { plan } from "../src/gpu/planner.ts";
import type { Program } from "../src/gpu/program.ts";
import { Session } from "../src/gpu/session.ts";
import { grad, type Objective } from "../src/nn/grad.ts";
import { batchNorm, linear } from "../src/nn/layers.ts";
import type { Method } from "../src/nn/method.ts";
import { readReport } from "../src/nn/metrics.ts";
import { conv2d } from "../src/nn/ops/conv.ts";
import { softmaxCrossEntropy } from "../src/nn/ops/loss.ts";
import { matmul } from "../src/nn/ops/matmul.ts";
import { globalAvgPool } from "../src/nn/ops/pool.ts";
import { dot } from "../src/nn/ops/reduce.ts";
import type { Scope } from "../src/nn/scope.ts";
import { initialise } from "../src/nn/state.ts";
import { buildStep } from "../src/nn/step.ts";
import { Trace, type Value } from "../src/nn/trace.ts";
import { serve, type Timing, type Workload } from "./runner.ts";
import {
  COMPARED_STEPS,
  CONV,
  data,
  MATMUL,
  NET,
  netTensors,
  sample,
  type WorkloadName,
} from "./workloads.ts";

const device = await Device.open();

/** Replays and times: Deno's onSubmittedWorkDone returns only when the adapter has finished, the promise 10 ms later. */
async function timed(replay: () => void, read: () => Promise<unknown>): Promise<Timing> {
  const start = performance.now();
  replay();
  const done = device.raw.queue.onSubmittedWorkDone();
  const submittedMs = performance.now() - start;
  await done;
  const again = performance.now();
  replay();
  await read();
  return { submittedMs, awaitedMs: performance.now() - again };
}

/** A program without state: inputs given once, `outputs` compared. */
async function stateless(
  build: (t: Trace) => { inputs: readonly Value[]; outputs: readonly Value[] },
): Promise<Workload> {
  const t = new Trace({ target: device.target });
  const { inputs, outputs } = build(t);
  outputs.forEach((y) => t.program.output(y));
  const session = await Session.bind(device, plan(t.program));
  inputs.forEach((v, i) => session.write(v, data(i + 1, v.size)));
  const replay = () => session.replay();
  return {
    async values() {
      replay();
      const samples: number[][] = [];
      for (const y of outputs) samples.push(sample(await session.read(y)));
      return samples;
    },
    time: () => timed(replay, () => session.read(outputs.at(-1)!)),
    bytes: () => device.allocatedBytes,
    close: () => session.close(),
  };
}

function net(s: Scope, images: Value): Objective {
  let h = images;
  NET.strides.forEach((stride, i) => {
    const [c, k] = [NET.channels[i]!, NET.channels[i + 1]!];
    const w = s.parameter(`conv${i}`, [3, 3, c, k], "conv", () => netTensors().kernels[i]!);
    // "SAME" as the others have it: with stride 2 an even image is padded below and on the right alone.
    const near = stride === 1 ? 1 : 0;
    h = conv2d(s.t, h, w, { stride, padding: { top: near, left: near, bottom: 1, right: 1 } });
    h = batchNorm(s, `bn${i}`, k, { relu: true, eps: NET.eps })(h);
  });
  const fc = linear(s, "fc", NET.channels.at(-1)!, NET.classes, {
    initialise: () => netTensors().dense,
    initialiseBias: (_, size) => new Float32Array(size),
  });
  return {
    loss: softmaxCrossEntropy(s.t, fc(globalAvgPool(s.t, h)), s.labels()),
    wrt: s.parameters(),
  };
}

async function trainStep(): Promise<Workload> {
  const method: Method = { name: "bench", paper: "", views: 1, hyper: {}, trace: (s, [x]) => net(s, x!) };
  const encoder = () => {
    throw new Error("The benchmark's network has no separate encoder.");
  };
  const step = buildStep({
    method,
    setup: { batch: NET.batch, classes: NET.classes, encoder },
    image: NET.side,
    optimizer: { kind: "sgd", lr: NET.lr, momentum: NET.momentum },
    target: device.target,
  });
  const t = step.trace;
  const program: Program = step.program;
  const session = await Session.bind(device, plan(program));
  initialise(session, t, 0);
  const { images, labels } = netTensors();
  session.write(t.inputs.get("view0")!, images);
  session.write(t.inputs.get("labels")!, Uint32Array.from(labels));
  let at = 0;
  const replay = () => session.replay({ scalars: t.scalarsAt(at++) });
  const losses = async (from: number): Promise<readonly number[]> => {
    const { metrics, fault } = await readReport(session, t, from, at);
    if (fault) throw new Error(`The step found a value that is not finite at step ${fault.step}.`);
    return metrics["loss"]!;
  };
  return {
    async values() {
      for (let i = 0; i < COMPARED_STEPS; i++) replay();
      return [await losses(at - COMPARED_STEPS)];
    },
    time: () => timed(replay, () => losses(at - 1)),
    bytes: () => device.allocatedBytes,
    close: () => session.close(),
  };
}

const { batch, side, c, k } = CONV;

function open(name: WorkloadName): Promise<Workload> {
  switch (name) {
    case "matmul512":
      return stateless((t) => {
        const a = t.input("a", [MATMUL, MATMUL]), b = t.input("b", [MATMUL, MATMUL]);
        return { inputs: [a, b], outputs: [matmul(t, a, b)] };
      });
    case "conv3x3-forward":
      return stateless((t) => {
        const x = t.input("x", [batch, side, side, c]), w = t.input("w", [3, 3, c, k]);
        return { inputs: [x, w], outputs: [conv2d(t, x, w, { padding: 1 })] };
      });
    case "conv3x3-train":
      return stateless((t) => {
        const x = t.input("x", [batch, side, side, c]), w = t.input("w", [3, 3, c, k]);
        const r = t.input("r", [batch, side, side, k]);
        const loss = dot(t, conv2d(t, x, w, { padding: 1 }), r);
        return { inputs: [x, w, r], outputs: [loss, ...grad(t, loss, [x, w])] };
      });
    case "train-step":
      return trainStep();
  }
}

serve(open);
