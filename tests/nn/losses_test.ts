/** Shared losses against PyTorch's f64: values and gradients by the embeddings. */
import assert from "node:assert/strict";
import { interpret } from "../../src/nn/interpret.ts";
import { infoNce, ntXent } from "../../src/nn/losses.ts";
import { l2Normalise } from "../../src/nn/ops/l2.ts";
import { Trace } from "../../src/nn/trace.ts";
import { checkLoss } from "./check_loss.ts";
import { signed } from "./hashed.ts";

Deno.test("ntXent and its gradients equal PyTorch's over batches, magnitudes and temperatures", async () => {
  await checkLoss("nt_xent", (t, [z1, z2], { T }) => ntXent(t, z1!, z2!, T!));
});

Deno.test("infoNce and its gradient by the queries equal PyTorch's", async () => {
  await checkLoss("info_nce", (t, inputs, { T }) => {
    const [q, k, negatives] = inputs.map((x) => l2Normalise(t, x));
    return infoNce(t, q!, k!, negatives!, T!);
  });
});

Deno.test("ntXent is the same for swapped views and is the log of the other rows' number where all rows are alike", () => {
  const value = (a: ArrayLike<number>, b: ArrayLike<number>) => {
    const t = new Trace();
    const [z1, z2] = [t.input("z1", [5, 3]), t.input("z2", [5, 3])];
    return interpret(t, new Map([[z1, a], [z2, b]]), [ntXent(t, z1, z2, 0.5)])[0]![0]!;
  };
  const [a, b] = [signed("a", 15), signed("b", 15)];
  assert.ok(Math.abs(value(a, b) - value(b, a)) < 1e-12);
  const same = new Float64Array(15).fill(0.7);
  assert.ok(Math.abs(value(same, same) - Math.log(9)) < 1e-12);
});
