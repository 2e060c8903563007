"""Writes tests/fixtures/optimizers/*.json: ten steps of optimizers on a small net, in f64.

Run: /usr/bin/python3 tests/oracles/optimizers_steps.py   (Debian's python3-torch 1.13)
The net is linear 6-8, batch norm, ReLU, linear 8-3 with cross-entropy; the gradients of each step are those along the
optimizer's own trajectory. Where `exempt` is set, matrices decay and vectors do not, and LARS adapts matrices alone. Momentum SGD,
AdamW and clip_grad_norm_ are torch's. LARS, which PyTorch lacks, is written here from formulas: "lars" from SimCLR's
lars_optimizer.py, v = m v + trust lr (g + wd w), w = w - v; "larc" from solo-learn's lars.py (revision 9187ea3) with clip_lr and
exclude_bias_n_norm, trust = min(eta |w| / (|g| + wd |w| + eps) / lr, 1), v = m v + trust (g + wd w), w = w - lr v. Of "parts" the last
layer has a constant rate, as solo-learn's predictor of SimSiam has.
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


class Larc(Lars):
    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, decay = group["lr"], group["weight_decay"]
            for w in group["params"]:
                a, b = w.norm(), w.grad.norm()
                g = w.grad
                if w.ndim > 1 and a > 0 and b > 0:
                    g = torch.clamp(group["eta"] * a / (b + decay * a + 1e-8) / lr, max=1) * (g + decay * w)
                v = self.state[w].setdefault("v", torch.zeros_like(w))
                v.mul_(group["momentum"]).add_(g)
                w.sub_(lr * v)


SPECS = {
    "sgd": (torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01}),
    "nesterov": (torch.optim.SGD, {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}),
    "adamw": (torch.optim.AdamW, {"lr": 0.02, "betas": (0.9, 0.99), "eps": 1e-8, "weight_decay": 0.1}),
    "lars": (Lars, {"lr": 0.5, "momentum": 0.9, "weight_decay": 0.01, "eta": 0.05}),
    "larc": (Larc, {"lr": 0.5, "momentum": 0.9, "weight_decay": 0.01, "eta": 0.05}),
    "clipped": (torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01}),
    "clipped_adamw": (torch.optim.AdamW, {"lr": 0.02, "betas": (0.9, 0.99), "eps": 1e-3, "weight_decay": 0.1}),
    "parts": (torch.optim.SGD, {"lr": 0.2, "momentum": 0.9, "weight_decay": 0.01}),
}


# Gradients of the net have norms between 0.4 and 1, so some steps are clipped and some are not.
OPTIONS = {
    "clipped": {"clipNorm": 0.75, "exempt": False}, "clipped_adamw": {"clipNorm": 0.75},
    "parts": {"parts": {"3": 0.15}, "exempt": False},
}  # fmt: skip


def make(dtype):
    net = nn.Sequential(nn.Linear(6, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 3)).to(dtype)
    with torch.no_grad():
        for name, p in net.named_parameters():
            u = signed(name, p.numel()) * 0.5 + (1 if name == "1.weight" else 0)
            p.copy_(torch.from_numpy(u.astype(np.float32)).reshape(p.shape))
    return net


def optimizer(net, kind, numbers, exempt, parts):
    groups = {}
    for name, p in net.named_parameters():
        part = next((part for part in parts if name.startswith(part + ".")), None)
        groups.setdefault((part, exempt and p.ndim == 1), []).append(p)
    return kind(
        [
            {"params": params, "part": part, **({"weight_decay": 0.0} if vectors else {})}
            for (part, vectors), params in groups.items()
        ],
        **numbers,
    )


def schedule(opt, numbers, parts, step):
    lr = numbers["lr"] * (1 - step / (2 * STEPS))
    for group in opt.param_groups:
        group["lr"] = parts.get(group["part"], lr)
    return lr


def main():
    for name, (kind, numbers) in SPECS.items():
        net, twin = make(torch.float64), make(torch.float32)
        options = {"exempt": True, **OPTIONS.get(name, {})}
        exempt, parts, most = options["exempt"], options.get("parts", {}), options.get("clipNorm")
        opt, opt32 = (optimizer(n, kind, numbers, exempt, parts) for n in (net, twin))
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
            if most is not None:
                for n in (net, twin):
                    torch.nn.utils.clip_grad_norm_(n.parameters(), most)
            lr = schedule(opt, numbers, parts, step)
            schedule(opt32, numbers, parts, step)
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
            "torch": torch.__version__, "optimizer": name, **numbers, **options, "shapes": shapes, "initial": initial, "steps": steps,
        }  # fmt: skip
        with open(os.path.join(OUT, name + ".json"), "w") as file:
            file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
        print(name, "f32 off by", max(steps[-1]["torchError"].values()))


main()
