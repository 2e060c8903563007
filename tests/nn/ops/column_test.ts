import assert from "node:assert/strict";
import { PORTABLE } from "../../../src/gpu/program.ts";
import { prependColumn } from "../../../src/nn/ops/column.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp } from "../check_op.ts";

const targets = [PORTABLE];

Deno.test("prependColumn equals its reference, also on one row, one column and odd sizes", async () => {
  for (const [n, c] of [[1, 1], [1, 5], [3, 4], [17, 63], [5, 260]] as const) {
    await checkOp({ inputs: [[n], [n, c]], terms: 1, targets }, (t, [v, x]) => prependColumn(t, v!, x!));
    await checkOp(
      { inputs: [[n], [n, c]], skip: [0], terms: 1, magnitude: 1e6, step: 1, targets },
      (t, [v, x]) => prependColumn(t, v!, x!),
    );
  }
});

Deno.test("prependColumn refuses a column of another length", () => {
  const t = new Trace();
  assert.throws(() => prependColumn(t, t.input("v", [3]), t.input("x", [4, 3])), {
    message:
      'Cannot join columns of "v" by "x": a vector [N] and a matrix [N, C] are needed, current shapes are [3] and [4, 3].',
  });
});
