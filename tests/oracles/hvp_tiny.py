"""Writes tests/fixtures/hvp/tiny.json: Hessian-vector products of the tiny ResNet with batch norm and ReLU.

Run: /usr/bin/python3 tests/oracles/hvp_tiny.py   (Debian's python3-torch 1.13)
The loss is that of encoders_gradients.py's case "tiny" (same weights, images and labels), the direction v its gradient. The
exact product is a double backward in f64, which takes a ReLU's second derivative as zero at its kink. Beside it stand
central differences in f64, (g(w + eps v) - g(w - eps v)) / (2 eps) with eps = radius |w| / |v|: where units change sides
between the two points, these are another quantity, however exact the arithmetic.
"""

import json
import os

import numpy as np
import torch
from torch import nn

from hashing import summary, words
from nets import ResNet, fill_from_names, images

FIXTURES = os.path.join(os.path.dirname(__file__), "..", "fixtures")
RADII = [1e-2, 1e-3, 1e-5]


class Case:
    def __init__(self, case, dtype):
        batch, side, classes, seed = (case[k] for k in ("batch", "image", "classes", "seed"))
        self.net = fill_from_names(ResNet([1, 1, 1], stem="tiny", base=16, classes=classes)).to(dtype).train()
        self.names = [n for n, _ in self.net.named_parameters()]
        self.parameters = list(self.net.parameters())
        self.x = images(f"images {seed}", batch, side).to(dtype)
        self.labels = torch.from_numpy((words("labels", batch) % np.uint32(classes)).astype(np.int64))

    def gradients(self, create_graph=False):
        loss = nn.functional.cross_entropy(self.net(self.x), self.labels)
        return torch.autograd.grad(loss, self.parameters, create_graph=create_graph)

    def exact(self):
        first = self.gradients(create_graph=True)
        slope = sum((g * g.detach()).sum() for g in first)
        return torch.autograd.grad(slope, self.parameters)

    def difference(self, radius):
        v = self.gradients()
        w = [p.detach().clone() for p in self.parameters]
        eps = radius * length(w) / length(v)
        sides = []
        for sign in (1, -1):
            with torch.no_grad():
                for p, a, d in zip(self.parameters, w, v):
                    p.copy_(a + sign * eps * d)
            sides.append(self.gradients())
        with torch.no_grad():
            for p, a in zip(self.parameters, w):
                p.copy_(a)
        return [(a - b) / (2 * eps) for a, b in zip(*sides)]


def length(tensors):
    return torch.sqrt(sum(t.detach().pow(2).sum() for t in tensors))


def summaries(names, exact, single):
    return [summary(n, h.detach().numpy(), h32.detach().numpy()) for n, h, h32 in zip(names, exact, single)]


def main():
    with open(os.path.join(FIXTURES, "encoders", "tiny.json")) as file:
        source = json.load(file)
    case = {name: source[name] for name in ("batch", "image", "classes", "seed")}
    double, single = Case(case, torch.float64), Case(case, torch.float32)
    exact = double.exact()
    value = {"torch": torch.__version__, **case, "exact": summaries(double.names, exact, single.exact()), "differences": []}
    for radius in RADII:
        near, near32 = double.difference(radius), single.difference(radius)
        apart = (length([a - b for a, b in zip(near, exact)]) / length(exact)).item()
        error = (length([a - b for a, b in zip(near32, near)]) / length(near)).item()
        value["differences"].append({
            "radius": radius, "fromExact": apart, "torchError": error,
            "products": summaries(double.names, near, near32),
        })  # fmt: skip
        print(f"radius {radius}: f64 {apart:.2g} from the exact product, PyTorch's f32 {error:.2g} from f64")
    with open(os.path.join(FIXTURES, "hvp", "tiny.json"), "w") as file:
        file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")


main()
