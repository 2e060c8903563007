"""Writes tests/fixtures/encoders/*.json: loss and every parameter gradient of whole encoders, in f64 by PyTorch.

Run: /usr/bin/python3 tests/oracles/encoders_gradients.py   (Debian's python3-torch 1.13; a few minutes)
The loss is the mean softmax cross-entropy of a 10-class linear layer over a small batch, batch norm in training mode.
Weights and images come from hashing.py. Of the images, the first seed is taken with which no input of a ReLU lies so near
its kink that rounding decides the gradient: one such element changes a gradient by its whole share, 1e-3 and more, and
says nothing about correctness. Each gradient is stored as norm, count sketch and a few elements, beside the
relative error that PyTorch's own f32 makes on the same step.
"""

import itertools
import json
import os

import numpy as np
import torch
from torch import nn

from hashing import summary, words
from nets import AlexNet, MobileNetV2, ResNet, fill_from_names, images, torch_name

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "encoders")
CLASSES = 10

# Distance of a ReLU's inputs from its kinks, in root mean square errors of f32 in the same channel.
MARGIN = 6

CASES = {
    "tiny": (lambda: ResNet([1, 1, 1], stem="tiny", base=16, classes=CLASSES), 8, 32),
    "resnet18": (lambda: ResNet([2, 2, 2, 2], stem="cifar", classes=CLASSES), 2, 32),
    "resnet50": (lambda: ResNet([3, 4, 6, 3], bottleneck=True, classes=CLASSES), 2, 64),
    "alexnet": (lambda: AlexNet(grid=3, classes=CLASSES), 2, 128),
    "mobilenet_v2": (lambda: MobileNetV2(classes=CLASSES), 4, 64),
}


def relu_inputs(make, batch, side, seed, dtype):
    """Inputs of every ReLU of the encoder, with the kinks of each."""
    net = fill_from_names(make()).to(dtype).train()
    seen = []
    for module in net.modules():
        if isinstance(module, (nn.ReLU, nn.ReLU6)):
            kinks = (0, 6) if isinstance(module, nn.ReLU6) else (0,)
            module.register_forward_hook(lambda _m, x, _y, kinks=kinks: seen.append((x[0].double(), kinks)))
    with torch.no_grad():
        net.features(images(f"images {seed}", batch, side).to(dtype))
    return seen


def margin(make, batch, side, seed):
    exact = relu_inputs(make, batch, side, seed, torch.float64)
    single = relu_inputs(make, batch, side, seed, torch.float32)
    smallest = float("inf")
    for (x, kinks), (x32, _) in zip(exact, single):
        over = [d for d in range(x.ndim) if d != 1]
        error = (x - x32).pow(2).mean(over, keepdim=True).sqrt() + 1e-30
        smallest = min(smallest, *(((x - kink).abs() / error).min().item() for kink in kinks))
    return smallest


def run(make, batch, side, seed, dtype):
    net = fill_from_names(make()).to(dtype).train()
    x = images(f"images {seed}", batch, side).to(dtype)
    labels = torch.from_numpy((words("labels", batch) % np.uint32(CLASSES)).astype(np.int64))
    features = net.features(x)
    logits = net.fc(features) if hasattr(net, "fc") else net.classifier[-1](features)
    loss = nn.functional.cross_entropy(logits, labels)
    loss.backward()
    gradients = {torch_name(n): p.grad.numpy() for n, p in net.named_parameters()}
    return features.detach().numpy(), loss.item(), gradients


def main():
    for name, case in CASES.items():
        seed = next(s for s in itertools.count() if margin(*case, s) > MARGIN)
        features, loss, exact = run(*case, seed, torch.float64)
        features32, loss32, single = run(*case, seed, torch.float32)
        value = {
            "torch": torch.__version__, "batch": case[1], "image": case[2], "classes": CLASSES, "seed": seed,
            "loss": loss, "torchLossError": abs(loss32 - loss) / loss,
            "features": summary("features", features, features32),
            "gradients": [summary(n, g, single[n]) for n, g in exact.items()],
        }  # fmt: skip
        with open(os.path.join(OUT, name + ".json"), "w") as file:
            file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
        whole = np.sqrt(sum(g["norm"] ** 2 for g in value["gradients"]))
        errors = sorted(g["torchError"] for g in value["gradients"] if g["norm"] > 1e-10 * whole)
        print(
            f"{name}: seed {seed}, loss {loss:.6f}, {len(value['gradients'])} gradients, of which {len(errors)} not zero;"
            f" PyTorch's f32 off by {errors[len(errors) // 2]:.2g} in the median, {errors[-1]:.2g} at most", flush=True
        )  # fmt: skip


main()
