/** The workloads on TensorFlow.js with its WebGPU backend. */
import * as tensorflow from "@tensorflow/tfjs";
import "@tensorflow/tfjs-backend-webgpu";
import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
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

// The CommonJS build arrives behind a default export, the module build does not.
const tf = ("default" in tensorflow ? tensorflow.default : tensorflow) as typeof tensorflow;
await tf.setBackend("webgpu");
await tf.ready();

async function timed(run: () => Promise<unknown>): Promise<Timing> {
  const start = performance.now();
  await run();
  return { awaitedMs: performance.now() - start };
}

function bytes(): number | undefined {
  const memory = tf.memory() as { numBytesAllocatedInGPU?: number };
  return memory.numBytesAllocatedInGPU;
}

function stateless(inputs: readonly Tensor[], compute: () => Tensor[]): Workload {
  return {
    async values() {
      const results = compute();
      const values = await Promise.all(results.map((y) => y.data()));
      results.forEach((y) => y.dispose());
      return values.map((y) => sample(y));
    },
    // The queue is in order: the last result on the host means that all are computed.
    time: () =>
      timed(async () => {
        const results = compute();
        await results.at(-1)!.data();
        results.forEach((y) => y.dispose());
      }),
    bytes,
    close: () => inputs.forEach((x) => x.dispose()),
  };
}

function trainStep(): Workload {
  const { layers } = tf;
  const { images, labels, kernels, dense } = netTensors();
  const model = tf.sequential();
  NET.strides.forEach((strides, i) => {
    const [c, filters] = [NET.channels[i]!, NET.channels[i + 1]!];
    const conv = layers.conv2d({
      ...(i === 0 && { inputShape: [NET.side, NET.side, 3] }),
      filters,
      kernelSize: 3,
      strides,
      padding: "same",
      useBias: false,
    });
    model.add(conv);
    conv.setWeights([tf.tensor(kernels[i]!, [3, 3, c, filters])]);
    model.add(layers.batchNormalization({ epsilon: NET.eps, momentum: 0.9 }));
    model.add(layers.reLU());
  });
  model.add(layers.globalAveragePooling2d({}));
  const last = layers.dense({ units: NET.classes, activation: "softmax" });
  model.add(last);
  last.setWeights([tf.tensor(dense, [NET.channels.at(-1)!, NET.classes]), tf.zeros([NET.classes])]);
  model.compile({ optimizer: tf.train.momentum(NET.lr, NET.momentum), loss: "categoricalCrossentropy" });
  const x = tf.tensor(images, [NET.batch, NET.side, NET.side, 3]);
  const y = tf.oneHot(tf.tensor1d([...labels], "int32"), NET.classes).toFloat();
  const run = async (): Promise<number> => await model.trainOnBatch(x, y) as number;
  return {
    async values() {
      const losses: number[] = [];
      for (let i = 0; i < COMPARED_STEPS; i++) losses.push(await run());
      return [losses];
    },
    time: () => timed(run),
    bytes,
    close: () => {
      model.dispose();
      tf.dispose([x, y]);
    },
  };
}

const { batch, side, c, k } = CONV;

function open(name: WorkloadName): Promise<Workload> {
  if (name === "train-step") return Promise.resolve(trainStep());
  if (name === "matmul512") {
    const [a, b] = [1, 2].map((seed) => tf.tensor2d(data(seed, MATMUL ** 2), [MATMUL, MATMUL]));
    return Promise.resolve(stateless([a!, b!], () => [tf.matMul(a!, b!)]));
  }
  const x = tf.tensor4d(data(1, batch * side * side * c), [batch, side, side, c]);
  const w = tf.tensor4d(data(2, 9 * c * k), [3, 3, c, k]);
  if (name === "conv3x3-forward") {
    return Promise.resolve(stateless([x, w], () => [tf.conv2d(x, w, 1, "same")]));
  }
  const r = tf.tensor4d(data(3, batch * side * side * k), [batch, side, side, k]);
  const both = tf.valueAndGrads((x: Tensor, w: Tensor) =>
    tf.conv2d(x as Tensor4D, w as Tensor4D, 1, "same").mul(r).sum()
  );
  return Promise.resolve(stateless([x, w, r], () => {
    const { value, grads } = both([x, w]);
    return [value, ...grads];
  }));
}

serve(open);
