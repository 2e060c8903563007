import assert from "node:assert/strict";
import { oneHot } from "../../../src/nn/ops/one_hot.ts";
import { Trace } from "../../../src/nn/trace.ts";
import { checkOp } from "../check_op.ts";

Deno.test("oneHot puts a one at each label and nothing for a label past the classes", async () => {
  for (const [labels, classes] of [[[0], 1], [[2, 0, 2, 4, 9], 5], [[76, 0, 3], 77]] as const) {
    await checkOp(
      { inputs: [[labels.length]], data: { 0: Uint32Array.from(labels) }, terms: 0, step: 0 },
      (t, [x]) => oneHot(t, x!, classes),
    );
  }
});

Deno.test("oneHot covers more rows than a dispatch has workgroups in one dimension", async () => {
  const labels = Uint32Array.from({ length: 1500 }, (_, i) => (i * 7) % 3000);
  await checkOp(
    { inputs: [[1500]], data: { 0: labels }, terms: 0, step: 0 },
    (t, [x]) => oneHot(t, x!, 3000), // 70313 workgroups
  );
});

Deno.test("oneHot names labels of another type", () => {
  const t = new Trace();
  assert.throws(() => oneHot(t, t.input("x", [3]), 4), /labels must be u32/);
});
