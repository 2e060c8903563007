import { checkEncoder } from "./check_encoder.ts";

Deno.test("tiny has PyTorch's loss and parameter gradients", () => checkEncoder("tiny"));

Deno.test("tiny has them with the portable kernels too", () => checkEncoder("tiny", {}, true));
