"""Writes tests/fixtures/methods/{diet,diet_mse,sdiet_lazy,sdiet_eager}.json: ten losses of DIET and S-DIET, in f64.

Run: /usr/bin/python3 tests/oracles/diet_trajectories.py   (Debian's python3-torch 1.13)
24 images of 4x4x3, batches of 8, a linear encoder to 8 features, AdamW. DIET has a head of 24 outputs. S-DIET has a
projector 8-12-6 with batch norm, normalised features and rows, temperature 0.1, smoothing 0.1.
`sdiet_lazy` is torch.optim.AdamW on the dense head of 24 rows, with the zero gradients that rows outside the batch have:
nothing of the closed form is in it. `sdiet_eager` takes one step on the rows of the batch and then four with zero
gradient, one after the other, without bias correction; the encoder has torch.optim.AdamW.
Beside the f64 losses stands the largest relative difference of the same run in f32.
"""

import json
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hashing import signed

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "methods")
IMAGES, BATCH, STEPS, PERIOD = 24, 8, 10, 5
LR, DECAY, EPS, B1, B2 = 0.01, 0.05, 1e-8, 0.9, 0.999


def fill(module, prefix):
    with torch.no_grad():
        for name, p in module.named_parameters():
            u = signed(prefix + name, p.numel()) * 0.5 + (1 if name == "1.weight" else 0)
            p.copy_(torch.from_numpy(u).reshape(p.shape))
    return module


def batch_of(step):
    return [(5 * step + 7 * i) % IMAGES for i in range(BATCH)]


def adamw(parameters):
    return torch.optim.AdamW(parameters, lr=LR, betas=(B1, B2), eps=EPS, weight_decay=DECAY)


def setting(dtype):
    x = torch.from_numpy(np.stack([signed(f"image {i}", 48) for i in range(IMAGES)])).to(dtype)
    encoder = fill(nn.Linear(48, 8, bias=False), "encoder.layer.").to(dtype)
    return x, encoder


def diet(dtype, mse):
    x, encoder = setting(dtype)
    head = fill(nn.Linear(8, IMAGES, bias=False), "head.").to(dtype)
    opt = adamw([*encoder.parameters(), *head.parameters()])
    losses = []
    for step in range(STEPS):
        index = torch.tensor(batch_of(step))
        z = head(encoder(x[index]))
        loss = F.mse_loss(z, F.one_hot(index, IMAGES).to(dtype)) if mse else F.cross_entropy(z, index, label_smoothing=0.8)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    return losses


def eager(rows, moments, gradient, index):
    """One AdamW step and PERIOD - 1 without gradient, no bias correction; eps stays with the root of the first step."""
    with torch.no_grad():
        h, m, v = rows[index], moments[0][index], moments[1][index]
        for j in range(PERIOD):
            g = gradient if j == 0 else torch.zeros_like(gradient)
            m, v = B1 * m + (1 - B1) * g, B2 * v + (1 - B2) * g * g
            h = (1 - LR * DECAY) * h - LR * m / (v.sqrt() + EPS * B2 ** (j / 2))
        rows[index], moments[0][index], moments[1][index] = h, m, v


def sdiet(dtype, lazy):
    x, encoder = setting(dtype)
    projector = nn.Sequential(nn.Linear(8, 12, bias=False), nn.BatchNorm1d(12), nn.ReLU(), nn.Linear(12, 6))
    projector = fill(projector, "projector.").to(dtype)
    rows = (torch.from_numpy(signed("head", IMAGES * 6)).reshape(IMAGES, 6) * 0.5).to(dtype)
    trained = [*encoder.parameters(), *projector.parameters()]
    if lazy:
        rows = nn.Parameter(rows)
        opt = adamw([*trained, rows])
    else:
        opt, moments = adamw(trained), [torch.zeros_like(rows), torch.zeros_like(rows)]
    losses = []
    for step in range(STEPS):
        index = torch.tensor(batch_of(step))
        h = rows[index] if lazy else rows[index].clone().requires_grad_()
        z = F.normalize(projector(encoder(x[index])))
        loss = F.cross_entropy(z @ F.normalize(h).T / 0.1, torch.arange(BATCH), label_smoothing=0.1)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if not lazy:
            eager(rows, moments, h.grad, index)
        losses.append(loss.item())
    return losses


RUNS = {
    "diet": lambda dtype: diet(dtype, False),
    "diet_mse": lambda dtype: diet(dtype, True),
    "sdiet_lazy": lambda dtype: sdiet(dtype, True),
    "sdiet_eager": lambda dtype: sdiet(dtype, False),
}


def main():
    for name, run in RUNS.items():
        exact, single = run(torch.float64), run(torch.float32)
        error = max(abs(a - b) / abs(a) for a, b in zip(exact, single))
        value = {"torch": torch.__version__, "losses": exact, "torchError": error}
        with open(os.path.join(OUT, name + ".json"), "w") as file:
            file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
        print(name, exact[0], exact[-1], "f32 off by", error)


main()
