import { checkEncoder } from "./check_encoder.ts";

Deno.test("alexnet has PyTorch's loss and parameter gradients", () =>
  checkEncoder("alexnet", { stem: "imagenet" }));
