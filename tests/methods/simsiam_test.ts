import assert from "node:assert/strict";
import { negativeCosine } from "../../src/methods/simsiam.ts";
import { grad } from "../../src/nn/grad.ts";
import { Trace } from "../../src/nn/trace.ts";
import { checkLoss } from "../nn/check_loss.ts";

Deno.test("negativeCosine and its gradient by the prediction equal PyTorch's", async () => {
  await checkLoss("simsiam", (t, [p, z]) => negativeCosine(t, p!, z!));
});

Deno.test("negativeCosine lets nothing flow back into the projection", () => {
  const t = new Trace();
  const [p, z] = [t.input("p", [4, 3]), t.input("z", [4, 3])];
  const loss = negativeCosine(t, p, z);
  assert.throws(() => grad(t, loss, [z]), /no path leads there/);
});
