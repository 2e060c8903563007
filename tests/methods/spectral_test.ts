import assert from "node:assert/strict";
import { spectral } from "../../src/methods/spectral.ts";
import { Trace } from "../../src/nn/trace.ts";
import { checkLoss } from "../nn/check_loss.ts";

Deno.test("spectral and its gradients equal PyTorch's, with rows shorter and longer than sqrt(mu)", async () => {
  await checkLoss("spectral", (t, [z1, z2], { mu }) => spectral(t, z1!, z2!, mu!));
});

Deno.test("spectral refuses a single row", () => {
  const t = new Trace();
  assert.throws(() => spectral(t, t.input("a", [1, 3]), t.input("b", [1, 3]), 1), {
    message: 'Cannot contrast the rows of "a": at least 2 rows are needed, current shape is [1, 3].',
  });
});
