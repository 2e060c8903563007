import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { Session } from "../../../src/gpu/session.ts";
import { grad } from "../../../src/nn/grad.ts";
import { conv2d, type ConvOptions } from "../../../src/nn/ops/conv.ts";
import { sum } from "../../../src/nn/ops/reduce.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp, randomData, testDevice, testTargets } from "../check_op.ts";

interface Case extends ConvOptions {
  readonly name: string;
  readonly x: readonly [number, number, number, number];
  readonly kernel: readonly [number, number];
  readonly k: number;
}

const CASES: readonly Case[] = [
  { name: "3x3, padding 1", x: [2, 6, 5, 8], kernel: [3, 3], k: 12, padding: 1 },
  { name: "one pixel, one by one", x: [1, 1, 1, 4], kernel: [1, 1], k: 4 },
  { name: "1x1 with stride 2 on an odd image", x: [2, 5, 7, 8], kernel: [1, 1], k: 16, stride: 2 },
  { name: "3x3 with stride 2 on odd sizes", x: [1, 7, 5, 4], kernel: [3, 3], k: 8, stride: 2, padding: 1 },
  { name: "stride 3 larger than the kernel", x: [1, 8, 7, 4], kernel: [2, 2], k: 4, stride: 3 },
  {
    name: "asymmetric padding and kernel",
    x: [2, 5, 6, 4],
    kernel: [3, 2],
    k: 4,
    stride: 2,
    padding: { top: 0, bottom: 2, left: 3, right: 1 },
  },
  { name: "padding wider than the kernel reaches", x: [1, 2, 2, 4], kernel: [2, 2], k: 4, padding: 3 },
  {
    name: "one image row",
    x: [3, 1, 9, 4],
    kernel: [1, 3],
    k: 4,
    padding: { top: 0, bottom: 0, left: 1, right: 1 },
  },
  {
    name: "three input channels, 7x7 with stride 2",
    x: [2, 9, 9, 3],
    kernel: [7, 7],
    k: 16,
    stride: 2,
    padding: 3,
  },
  { name: "ragged channels", x: [1, 4, 5, 5], kernel: [3, 3], k: 7, padding: 1 },
  { name: "more columns than a tile", x: [1, 3, 3, 4], kernel: [1, 1], k: 52 },
  { name: "several splits", x: [3, 16, 13, 4], kernel: [3, 3], k: 8, padding: 1 },
  { name: "groups of whole vec4s", x: [2, 5, 5, 8], kernel: [3, 3], k: 16, groups: 2, stride: 2, padding: 1 },
  {
    name: "groups of ragged channels",
    x: [2, 5, 4, 6],
    kernel: [3, 3],
    k: 9,
    groups: 3,
    stride: 2,
    padding: 1,
  },
  { name: "depthwise", x: [2, 6, 7, 8], kernel: [3, 3], k: 8, groups: 8, padding: 1 },
  {
    name: "depthwise with stride 2 on odd sizes",
    x: [1, 7, 5, 12],
    kernel: [3, 3],
    k: 12,
    groups: 12,
    stride: 2,
    padding: 1,
  },
  {
    name: "depthwise, asymmetric padding, stride 3",
    x: [1, 7, 8, 4],
    kernel: [2, 3],
    k: 4,
    groups: 4,
    stride: 3,
    padding: { top: 2, bottom: 0, left: 0, right: 3 },
  },
  {
    name: "depthwise, padding wider than the image",
    x: [1, 2, 1, 4],
    kernel: [2, 5],
    k: 4,
    groups: 4,
    padding: 4,
  },
  { name: "depthwise of ragged channels", x: [2, 4, 4, 6], kernel: [3, 3], k: 6, groups: 6, padding: 1 },
  {
    name: "depthwise with two outputs a channel",
    x: [2, 4, 4, 4],
    kernel: [3, 3],
    k: 8,
    groups: 4,
    padding: 1,
  },
];

for (const { name, x, kernel, k, ...options } of CASES) {
  Deno.test(`conv2d and its gradients equal their reference: ${name}`, async () => {
    const groupC = x[3] / (options.groups ?? 1);
    await checkOp({
      inputs: [x, [...kernel, groupC, k]],
      terms: kernel[0] * kernel[1] * groupC,
      gradientTerms: Math.max(x[0] * x[1] * x[2], kernel[0] * kernel[1] * k),
      targets: await testTargets(),
    }, (t, [x, w]) => conv2d(t, x!, w!, options));
  });
}

Deno.test("conv2d keeps its accuracy at large magnitudes", async () => {
  await checkOp(
    {
      inputs: [[1, 5, 5, 8], [3, 3, 8, 8]],
      terms: 72,
      magnitude: 1e4,
      step: 0,
      targets: await testTargets(),
    },
    (t, [x, w]) => conv2d(t, x!, w!, { padding: 1 }),
  );
});

Deno.test("conv2d gives the same bits on every replay", async () => {
  const gpu = await testDevice();
  for (const target of await testTargets()) {
    const t = new Trace({ target });
    const x = t.input("x", [4, 12, 12, 8]), w = t.input("w", [3, 3, 8, 16]);
    const y = t.program.output(conv2d(t, x, w, { stride: 2, padding: 1 }));
    const gradients = grad(t, sum(t, y), [x, w]).map((g) => t.program.output(g));
    const session = await Session.bind(gpu, plan(t.program));
    try {
      session.write(x, randomData(x.size, 1));
      session.write(w, randomData(w.size, 2));
      const bits: Uint32Array[][] = [];
      for (let repeat = 0; repeat < 3; repeat++) {
        session.replay();
        bits.push([
          await session.readU32(y),
          await session.readU32(gradients[0]!),
          await session.readU32(gradients[1]!),
        ]);
      }
      assert.deepEqual(bits[1], bits[0]);
      assert.deepEqual(bits[2], bits[0]);
    } finally {
      session.close();
    }
  }
});

Deno.test("conv2d plans the same bytes for every kernel variant", () => {
  const peaks = ([8, 4, 0] as const).map((lanes) => {
    const t = new Trace({ target: { lanes } });
    const x = t.input("x", [8, 32, 32, 16]), w = t.input("w", [3, 3, 16, 48]);
    grad(t, sum(t, conv2d(t, x, w, { padding: 1 })), [x, w]);
    return plan(t.program).peakBytes;
  });
  assert.deepEqual(peaks, [peaks[0], peaks[0], peaks[0]]);
});

Deno.test("conv2d names its operands when channels differ or the kernel does not fit", () => {
  const t = new Trace();
  const x = t.input("image", [2, 4, 4, 3]);
  assert.throws(
    () => conv2d(t, x, t.input("stem", [3, 3, 4, 8])),
    /Cannot convolve "image" by "stem": with 1 groups the weight must hold C \/ 1 input channels/,
  );
  assert.throws(() => conv2d(t, x, t.input("wide", [7, 7, 3, 8])), /the kernel must fit the padded image/);
  assert.throws(
    () => conv2d(t, x, t.input("w", [3, 3, 3, 8]), { stride: 0 }),
    /stride must be an integer of at least 1, it is 0/,
  );
});
