import assert from "node:assert/strict";
import { vicreg } from "../../src/methods/vicreg.ts";
import { Trace } from "../../src/nn/trace.ts";
import { checkLoss } from "../nn/check_loss.ts";

Deno.test("vicreg and its gradients equal PyTorch's over batches and magnitudes", async () => {
  await checkLoss(
    "vicreg",
    (t, [z1, z2], { lam, mu, nu }) => vicreg(t, z1!, z2!, { lambda: lam!, mu: mu!, nu: nu! }),
  );
});

Deno.test("vicreg refuses a single row", () => {
  const t = new Trace();
  assert.throws(
    () => vicreg(t, t.input("a", [1, 3]), t.input("b", [1, 3]), { lambda: 25, mu: 25, nu: 1 }),
    { message: 'Cannot take the variance of "a": at least 2 rows are needed, current shape is [1, 3].' },
  );
});
