/** The workloads on jax-js with its WebGPU backend: NCHW, arrays freed by reference counts. */
import { defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from "@jax-js/jax";
import { serve, type Timing, type Workload } from "./runner.ts";
import {
  COMPARED_STEPS,
  CONV,
  data,
  MATMUL,
  NET,
  netTensors,
  permute,
  sample,
  type WorkloadName,
} from "./workloads.ts";

await init();
defaultDevice("webgpu");

type NdArray = ReturnType<typeof np.array>;
type Params = Record<string, NdArray>;

async function timed(run: () => Promise<unknown>): Promise<Timing> {
  const start = performance.now();
  await run();
  return { awaitedMs: performance.now() - start };
}

const tensor = (values: Float32Array, shape: number[]): NdArray =>
  np.array(Float32Array.from(values)).reshape(shape);
/** NHWC to NCHW, HWIO to OIHW, and back. */
const toImage = (x: Float32Array, [n, h, w, c]: number[]): NdArray =>
  tensor(permute(x, [n!, h!, w!, c!], [0, 3, 1, 2]), [n!, c!, h!, w!]);
const toKernel = (x: Float32Array, [h, w, i, o]: number[]): NdArray =>
  tensor(permute(x, [h!, w!, i!, o!], [3, 2, 0, 1]), [o!, i!, h!, w!]);
const fromImage = (x: Float32Array, [n, h, w, c]: number[]): Float32Array =>
  permute(x, [n!, c!, h!, w!], [0, 2, 3, 1]);
const fromKernel = (x: Float32Array, [h, w, i, o]: number[]): Float32Array =>
  permute(x, [o!, i!, h!, w!], [2, 3, 1, 0]);

/** `arrange` brings the results into the common layout. */
function stateless(
  inputs: readonly NdArray[],
  compute: () => NdArray[],
  arrange: (results: Float32Array[]) => Float32Array[],
): Workload {
  return {
    async values() {
      const values: Float32Array[] = [];
      for (const y of compute()) values.push(await y.data() as Float32Array);
      return arrange(values).map((y) => sample(y));
    },
    // The queue is in order: the last result on the host means that all are computed.
    time: () =>
      timed(async () => {
        const results = compute();
        await results.at(-1)!.data();
        results.slice(0, -1).forEach((y) => y.dispose());
      }),
    bytes: () => undefined,
    close: () => inputs.forEach((x) => x.dispose()),
  };
}

const conv = (x: NdArray, w: NdArray, stride = 1): NdArray => lax.conv(x, w, [stride, stride], "SAME");

/** Batch norm over N, H, W with batch statistics; jax-js has no op for it. */
function norm(x: NdArray, scale: NdArray, offset: NdArray): NdArray {
  const shape = [1, scale.shape[0]!, 1, 1];
  const mean = np.mean(x.ref, [0, 2, 3], { keepdims: true });
  const centred = x.sub(mean);
  const variance = np.mean(np.square(centred.ref), [0, 2, 3], { keepdims: true });
  return centred.div(np.sqrt(variance.add(NET.eps))).mul(scale.reshape(shape)).add(offset.reshape(shape));
}

function lossOf(p: Params, x: NdArray, y: NdArray): NdArray {
  let h = x;
  NET.strides.forEach((stride, i) => {
    h = nn.relu(norm(conv(h, p[`w${i}`]!, stride), p[`g${i}`]!, p[`b${i}`]!));
  });
  const logits = np.matmul(np.mean(h, [2, 3]), p["wd"]!).add(p["bd"]!);
  return np.mean(np.sum(nn.logSoftmax(logits).mul(y), 1)).mul(-1);
}

function trainStep(): Workload {
  const { images, labels, kernels, dense } = netTensors();
  let params: Params = {
    wd: tensor(dense, [NET.channels.at(-1)!, NET.classes]),
    bd: np.zeros([NET.classes]),
  };
  NET.strides.forEach((_, i) => {
    const [c, k] = [NET.channels[i]!, NET.channels[i + 1]!];
    params[`w${i}`] = toKernel(kernels[i]!, [3, 3, c, k]);
    params[`g${i}`] = np.ones([k]);
    params[`b${i}`] = np.zeros([k]);
  });
  let speeds = tree.map((p: NdArray) => np.zeros(p.shape), tree.ref(params)) as Params;
  const x = toImage(images, [NET.batch, NET.side, NET.side, 3]);
  const target = new Float32Array(NET.batch * NET.classes);
  labels.forEach((label, i) => target[i * NET.classes + label] = 1);
  const y = tensor(target, [NET.batch, NET.classes]);
  const step = jit((p: Params, v: Params, x: NdArray, y: NdArray) => {
    const [loss, g] = valueAndGrad(lossOf)(tree.ref(p), x, y) as [NdArray, Params];
    const speeds = tree.map((v: NdArray, g: NdArray) => v.mul(NET.momentum).add(g), v, g) as Params;
    const moved = tree.map((p: NdArray, v: NdArray) => p.sub(v.mul(NET.lr)), p, tree.ref(speeds)) as Params;
    return [loss, moved, speeds] as const;
  });
  const run = async (): Promise<number> => {
    const [loss, moved, next] = step(params, speeds, x.ref, y.ref) as [NdArray, Params, Params];
    params = moved;
    speeds = next;
    return (await loss.data())[0]!;
  };
  return {
    async values() {
      const losses: number[] = [];
      for (let i = 0; i < COMPARED_STEPS; i++) losses.push(await run());
      return [losses];
    },
    time: () => timed(run),
    bytes: () => undefined,
    close: () => {},
  };
}

const { batch, side, c, k } = CONV;

function open(name: WorkloadName): Promise<Workload> {
  if (name === "train-step") return Promise.resolve(trainStep());
  if (name === "matmul512") {
    const [a, b] = [1, 2].map((seed) => tensor(data(seed, MATMUL ** 2), [MATMUL, MATMUL]));
    const product = jit((a: NdArray, b: NdArray) => np.matmul(a, b));
    return Promise.resolve(stateless([a!, b!], () => [product(a!.ref, b!.ref)], (y) => y));
  }
  const xShape = [batch, side, side, c], wShape = [3, 3, c, k], yShape = [batch, side, side, k];
  const x = toImage(data(1, batch * side * side * c), xShape);
  const w = toKernel(data(2, 9 * c * k), wShape);
  if (name === "conv3x3-forward") {
    const forward = jit((x: NdArray, w: NdArray) => conv(x, w));
    return Promise.resolve(
      stateless([x, w], () => [forward(x.ref, w.ref)], ([y]) => [fromImage(y!, yShape)]),
    );
  }
  const r = toImage(data(3, batch * side * side * k), yShape);
  const both = jit(valueAndGrad((x: NdArray, w: NdArray, r: NdArray) => np.sum(conv(x, w).mul(r)), {
    argnums: [0, 1],
  }));
  return Promise.resolve(stateless(
    [x, w, r],
    () => {
      const [loss, [dx, dw]] = both(x.ref, w.ref, r.ref) as unknown as [NdArray, [NdArray, NdArray]];
      return [loss, dx, dw];
    },
    ([loss, dx, dw]) => [loss!, fromImage(dx!, xShape), fromKernel(dw!, wShape)],
  ));
}

serve(open);
