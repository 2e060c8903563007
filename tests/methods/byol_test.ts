import { regression } from "../../src/methods/byol.ts";
import { checkLoss } from "../nn/check_loss.ts";

Deno.test("regression and its gradient by the prediction equal PyTorch's 2 - 2 cos", async () => {
  await checkLoss("byol", (t, [p, z]) => regression(t, p!, z!));
});
