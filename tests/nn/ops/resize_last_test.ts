import { resizeLast } from "../../../src/nn/ops/resize_last.ts";
import { checkOp } from "../check_op.ts";

for (const [from, to] of [[3, 4], [4, 3], [5, 5], [1, 8], [130, 128]] as const) {
  Deno.test(`resizeLast from ${from} to ${to} channels pads with zeros or cuts, and so does its gradient`, async () => {
    await checkOp({ inputs: [[2, 3, 5, from]], terms: 1 }, (t, [x]) => resizeLast(t, x!, to));
  });
}
