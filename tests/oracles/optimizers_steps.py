"""Writes tests/fixtures/optimizers/*.json: ten steps of SGD, SGD with Nesterov, AdamW and LARS on a small net, in f64.

Run: /usr/bin/python3 tests/oracles/optimizers_steps.py   (Debian's python3-torch 1.13)
The net is linear 6-8, batch norm, ReLU, linear 8-3 with cross-entropy; the gradients of each step are those along the
optimizer's own trajectory. Matrices decay, vectors do not; LARS adapts matrices alone. Momentum SGD and AdamW are
torch.optim's; LARS, which PyTorch lacks, is SimCLR's lars_optimizer.py: v = m v + trust lr (g + wd w), w = w - v.
Beside the f64 values stands the relative error of the same steps in f32, given the f64 gradients.
"""

import json
import os

import numpy as np
import torch
from torch import nn

from hashing import signed

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "optimizers")
STEPS = 10


class Lars(torch.optim.Optimizer):
    def __init__(self, groups, lr, momentum, weight_decay, eta):
        super().__init__(groups, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "eta": eta})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for w in group["params"]:
                g = w.grad + group["weight_decay"] * w
                trust = 1.0
                if group["weight_decay"] > 0:
                    a, b = w.norm().item(), g.norm().item()
                    trust = group["eta"] * a / b if a > 0 and b > 0 else 1.0
                v = self.state[w].setdefault("v", torch.zeros_like(w))
                v.mul_(group["momentum"]).add_(g, alpha=trust * group["lr"])
                w.sub_(v)


SPECS = {
    "sgd": (torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01}),
    "nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}),
    "adamw": (torch.optim.AdamW, {"lr": 0.02, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1}),
    "lars": (Lars, {"lr": 0.5, "momentum": 0.9, "weight_decay": 0.01, "eta": 0.05}),
}


def make(dtype):
    net = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)).to(dtype)
    with torch.no_grad():
        for name, p in net.named_parameters():
            u = signed(name, p.numel()) * 0.5 + (1 if name == "1.weight" else 0)
            p.copy_(torch.from_numpy(u.astype(np.float32)).reshape(p.shape))
    return net


def optimizer(net, kind, numbers):
    matrices = [p for p in net.parameters() if p.ndim > 1]
    vectors = [p for p in net.parameters() if p.ndim == 1]
    return kind([{"params": matrices}, {"params": vectors, "weight_decay": 0.0}], **numbers)


def schedule(opt, numbers, step):
    lr = numbers["lr"] * (1 - step / (2 * STEPS))
    for group in opt.param_groups:
        group["lr"] = lr
    return lr


def main():
    for name, (kind, numbers) in SPECS.items():
        net, twin = make(torch.float64), make(torch.float32)
        opt, opt32 = optimizer(net, kind, numbers), optimizer(twin, kind, numbers)
        initial = {n: p.detach().numpy().ravel().tolist() for n, p in net.named_parameters()}
        shapes = {n: list(p.shape) for n, p in net.named_parameters()}
        steps = []
        for step in range(STEPS):
            x = torch.from_numpy(signed(f"x{step}", 16 * 6)).reshape(16, 6)
            labels = torch.arange(16) % 3
            opt.zero_grad()
            nn.functional.cross_entropy(net(x), labels).backward()
            gradients = {n: p.grad.numpy().ravel().tolist() for n, p in net.named_parameters()}
            for p, q in zip(net.parameters(), twin.parameters()):
                q.grad = p.grad.float()
            lr = schedule(opt, numbers, step)
            schedule(opt32, numbers, step)
            opt.step()
            opt32.step()
            steps.append({
                "lr": lr, "gradients": gradients,
                "parameters": {n: p.detach().numpy().ravel().tolist() for n, p in net.named_parameters()},
                "torchError": {
                    n: ((p - q.double()).norm() / p.norm()).item()
                    for (n, p), q in zip(net.named_parameters(), twin.parameters())
                },
            })  # fmt: skip
        value = {
            "torch": torch.__version__, "optimizer": name, **numbers, "shapes": shapes,
            "noDecay": [n for n, p in net.named_parameters() if p.ndim == 1], "initial": initial, "steps": steps,
        }  # fmt: skip
        with open(os.path.join(OUT, name + ".json"), "w") as file:
            file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
        print(name, "f32 off by", max(steps[-1]["torchError"].values()))


main()
