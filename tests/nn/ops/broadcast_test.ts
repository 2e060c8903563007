import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { Trace } from "../../../src/nn/trace.ts";
import {
  broadcastAdd,
  broadcastMultiply,
  broadcastSubtract,
  centreColumns,
  meanAxis,
  sumAxis,
} from "../../../src/nn/ops/broadcast.ts";
import { checkOp } from "../check_op.ts";

const targets = [PORTABLE];

for (const [n, d] of [[1, 1], [3, 5], [5, 200], [129, 3], [300, 66]] as const) {
  // Additions of a row by threads and their merge, of a column in spans and their sums.
  const terms = Math.max(Math.ceil(d / 64) + 6, Math.min(n, 128) + Math.ceil(n / 128));

  Deno.test(`sums and means over an axis equal their references on [${n}, ${d}]`, async () => {
    for (const axis of [0, 1] as const) {
      await checkOp({ inputs: [[n, d]], terms, targets }, (t, [x]) => sumAxis(t, x!, axis, -0.7));
      await checkOp(
        { inputs: [[n, d]], terms, magnitude: 1e4, step: 0.1, targets },
        (t, [x]) => meanAxis(t, x!, axis),
      );
    }
    await checkOp({ inputs: [[n, d]], terms, targets }, (t, [x]) => centreColumns(t, x!));
  });

  Deno.test(`vectors against rows and columns equal their references on [${n}, ${d}]`, async () => {
    for (const axis of [0, 1] as const) {
      const given = { inputs: [[n, d], [axis === 0 ? d : n]], terms, targets };
      await checkOp(given, (t, [x, v]) => broadcastAdd(t, x!, v!, axis));
      await checkOp(given, (t, [x, v]) => broadcastSubtract(t, x!, v!, axis));
      await checkOp(given, (t, [x, v]) => broadcastMultiply(t, x!, v!, axis));
    }
  });
}

Deno.test("sumAxis adds columns longer than one pass covers", async () => {
  // 20000 rows: 157 spans, two spans of them, one row.
  await checkOp(
    { inputs: [[20000, 3]], terms: 128 + 128 + 2, step: 0, targets },
    (t, [x]) => sumAxis(t, x!, 0),
  );
});

Deno.test("broadcast refuses a vector along the wrong axis", () => {
  const t = new Trace();
  const x = t.input("x", [4, 3]);
  const v = t.input("v", [4]);
  assert.throws(() => broadcastAdd(t, x, v, 0), {
    message:
      'Cannot add "x" by "v": a matrix [N, D] and a vector [D] are needed for axis 0, current shapes are [4, 3] and [4].',
  });
  assert.throws(() => broadcastMultiply(t, x, t.input("w", [3]), 1), {
    message: /a vector \[N\] are needed for axis 1/,
  });
  assert.throws(() => sumAxis(t, v, 0), { message: /the shape must be \[N, D\]/ });
});
