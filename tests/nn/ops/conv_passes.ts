/** Runs the three passes of one way to convolve and compares them with sums written out in f64. */
import { plan } from "../../../src/gpu/planner.ts";
import type { Target } from "../../../src/gpu/program.ts";
import { Session } from "../../../src/gpu/session.ts";
import {
  type ConvKernels,
  type ConvOptions,
  type ConvShape,
  convShape,
} from "../../../src/nn/ops/conv_shape.ts";
import { Trace, type Value } from "../../../src/nn/trace.ts";
import { compare, randomData, testDevice } from "../check_op.ts";

export async function checkPasses(
  kernels: ConvKernels,
  xShape: readonly number[],
  weightShape: readonly number[],
  options: ConvOptions,
  target: Target,
): Promise<void> {
  const t = new Trace({ target });
  const x = t.input("x", xShape), weight = t.input("w", weightShape);
  const s = convShape(x, weight, options);
  const dy = t.input("dy", [s.batch, s.oh, s.ow, s.k]);
  const passes: Value[] = [
    kernels.forward(t, x, weight, s, "y"),
    kernels.inputGradient(t, dy, weight, s, "dx"),
    kernels.weightGradient(t, x, dy, s, "dw"),
  ];
  passes.forEach((v) => t.program.output(v));
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    const data = [x, weight, dy].map((v, i) => randomData(v.size, 300 + i));
    [x, weight, dy].forEach((v, i) => session.write(v, data[i]!));
    session.replay();
    const expected = writtenOut(s, data[0]!, data[1]!, data[2]!);
    const terms = [s.kernelH * s.kernelW * s.groupC, s.kernelH * s.kernelW * s.groupK, s.batch * s.oh * s.ow];
    for (const [i, v] of passes.entries()) compare(v.label, await session.read(v), expected[i]!, terms[i]!);
  } finally {
    session.close();
  }
}

/** y, dx and dw by visiting every product once. */
function writtenOut(s: ConvShape, x: Float32Array, w: Float32Array, dy: Float32Array): Float64Array[] {
  const y = new Float64Array(dy.length), dx = new Float64Array(x.length), dw = new Float64Array(w.length);
  for (let n = 0; n < s.batch; n++) {
    for (let oy = 0; oy < s.oh; oy++) {
      for (let ox = 0; ox < s.ow; ox++) {
        for (let ky = 0; ky < s.kernelH; ky++) {
          for (let kx = 0; kx < s.kernelW; kx++) {
            const iy = oy * s.stride + ky - s.padTop, ix = ox * s.stride + kx - s.padLeft;
            if (iy < 0 || ix < 0 || iy >= s.h || ix >= s.w) continue;
            for (let k = 0; k < s.k; k++) {
              const group = Math.floor(k / s.groupK);
              for (let c = 0; c < s.groupC; c++) {
                const at = ((n * s.h + iy) * s.w + ix) * s.c + group * s.groupC + c;
                const to = ((n * s.oh + oy) * s.ow + ox) * s.k + k;
                const tap = ((ky * s.kernelW + kx) * s.groupC + c) * s.k + k;
                y[to]! += x[at]! * w[tap]!;
                dx[at]! += dy[to]! * w[tap]!;
                dw[tap]! += x[at]! * dy[to]!;
              }
            }
          }
        }
      }
    }
  }
  return [y, dx, dw];
}
