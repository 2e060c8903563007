import assert from "node:assert/strict";
import { plan } from "../../../src/gpu/planner.ts";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Session } from "../../../src/gpu/session.ts";
import { grad } from "../../../src/nn/grad.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { dot } from "../../../src/nn/ops/reduce.ts";
import { adaptiveAvgPool, avgPool, globalAvgPool, maxPool } from "../../../src/nn/ops/pool.ts";
import { checkOp, testDevice } from "../check_op.ts";

/** [shape, kernel, stride, padding] */
const CASES = [
  [[1, 1, 1, 1], 1, 1, 0],
  [[2, 7, 5, 8], 3, 2, 1],
  [[2, 7, 5, 3], 3, 2, 1],
  [[1, 6, 9, 4], 2, 2, 0],
  [[3, 8, 8, 6], 3, 1, 1],
  [[1, 11, 4, 5], 4, 3, 2],
  [[1, 9, 9, 4], 2, 3, 0], // some places lie in no window
  [[2, 3, 3, 12], 3, 3, 0],
] as const;

for (const [shape, kernel, stride, padding] of CASES) {
  const name = `[${shape}] by windows of ${kernel}, stride ${stride}, padding ${padding}`;
  // A step that does not swap the order of two places; maxima are exact and gradients add the windows of a place.
  const given = { inputs: [shape], terms: kernel ** 2, step: 1e-7, targets: [PORTABLE] };
  Deno.test(`maxPool equals its reference on ${name}`, async () => {
    await checkOp(given, (t, [x]) => maxPool(t, x!, { kernel, stride, padding }));
    await checkOp(
      { ...given, magnitude: 1e4, step: 1e-3 },
      (t, [x]) => maxPool(t, x!, { kernel, stride, padding }),
    );
  });
  Deno.test(`avgPool equals its reference on ${name}`, async () => {
    await checkOp(given, (t, [x]) => avgPool(t, x!, { kernel, stride, padding }));
  });
}

for (
  const [shape, size] of [[[2, 7, 5, 4], [3, 2]], [[1, 4, 6, 3], [4, 9]], [[2, 6, 6, 5], [6, 1]], [[
    1,
    13,
    8,
    4,
  ], [5, 8]]] as const
) {
  Deno.test(`adaptiveAvgPool equals its reference from [${shape}] to [${size}]`, async () => {
    const terms = shape[1] * shape[2];
    await checkOp({ inputs: [shape], terms, targets: [PORTABLE] }, (t, [x]) => adaptiveAvgPool(t, x!, size));
  });
}

Deno.test("globalAvgPool is the mean over places", async () => {
  for (const shape of [[1, 1, 1, 1], [2, 3, 5, 7], [3, 8, 8, 16]]) {
    await checkOp(
      { inputs: [shape], terms: shape[1]! * shape[2]!, targets: [PORTABLE] },
      (t, [x]) => globalAvgPool(t, x!),
    );
  }
});

Deno.test("maxPool gives the cotangent of equal maxima to the first in scan order", async () => {
  // One row of windows of 2 x 2, stride 1, over two rows of ties; dy counts the windows.
  const t = new Trace();
  const x = t.input("x", [1, 2, 4, 1]);
  const w = t.input("w", [1, 1, 3, 1]);
  const [dx] = grad(t, dot(t, maxPool(t, x, { kernel: 2, stride: 1 }), w), [x]);
  t.program.output(dx!);
  const session = await Session.bind(await testDevice(), plan(t.program));
  try {
    session.write(x, Float32Array.of(5, 5, 1, 7, 5, 5, 5, 7));
    session.write(w, Float32Array.of(1, 10, 100));
    session.replay();
    assert.deepEqual([...await session.read(dx!)], [1, 10, 0, 100, 0, 0, 0, 0]);
  } finally {
    session.close();
  }
});

Deno.test("pooling refuses windows that do not fit", () => {
  const t = new Trace();
  const x = t.input("x", [1, 4, 4, 2]);
  assert.throws(() => maxPool(t, x, { kernel: 5 }), { message: /a window of 5 must fit the padded image/ });
  assert.throws(() => avgPool(t, x, { kernel: 3, padding: 2 }), {
    message: /padding 2 must be at most half the kernel 3/,
  });
  assert.throws(() => maxPool(t, x, { kernel: 2, stride: 0 }), { message: /must be positive integers/ });
  assert.throws(() => globalAvgPool(t, t.input("flat", [4, 2])), { message: /must be \[N, H, W, C\]/ });
});
