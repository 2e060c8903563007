import { checkEncoder } from "./check_encoder.ts";

Deno.test("resnet18 with the CIFAR stem has PyTorch's loss and parameter gradients", () =>
  checkEncoder("resnet18", { stem: "cifar" }));

Deno.test("resnet50 with the ImageNet stem has PyTorch's loss and parameter gradients", () =>
  checkEncoder("resnet50", { stem: "imagenet" }));
