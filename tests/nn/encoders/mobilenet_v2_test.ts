import { checkEncoder } from "./check_encoder.ts";

Deno.test("mobilenet_v2 has PyTorch's loss and parameter gradients", () =>
  checkEncoder("mobilenet_v2", { stem: "imagenet" }));
