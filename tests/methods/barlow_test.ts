import { redundancy } from "../../src/methods/barlow.ts";
import { checkLoss } from "../nn/check_loss.ts";

Deno.test("redundancy and its gradients equal PyTorch's over batches and magnitudes", async () => {
  await checkLoss("barlow", (t, [z1, z2], { lam, factor }) => redundancy(t, z1!, z2!, lam!, factor!));
});
