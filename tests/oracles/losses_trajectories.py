"""Writes tests/fixtures/losses/trajectories/<method>.json: ten training steps of every two-view method, in f64 by PyTorch.

Run: /usr/bin/python3 tests/oracles/losses_trajectories.py   (Debian's python3-torch 1.13)
The encoder is an MLP 48-12-8 with batch norm on 8 images of 4 x 4 x 3 pixels, the optimizer SGD with momentum and weight decay.
Weights and images are hashes of names. Each method is written from its paper's pseudo-code; MoCo moves its key encoder before it
encodes the keys, BYOL its target after the optimizer's step, as their authors do. Of the images, the first seed is taken with
which no input of a ReLU lies within MARGIN times its own f32 error of the kink: past it, a trajectory is another one.
Beside f64 losses and final parameters stand the errors that PyTorch's own f32 makes on the same ten steps.
"""

import itertools
import json
import os

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from hashing import short, signed
from losses_contrastive import nt_xent, spectral
from losses_redundancy import barlow, vicreg
from losses_regression import byol, simsiam

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "losses", "trajectories")
STEPS, BATCH, PIXELS, MARGIN = 10, 8, 48, 6
HIDDEN, WIDTH, BOTTLENECK, QUEUE = 16, 8, 4, 20
SGD = {"momentum": 0.9, "weight_decay": 1e-3}


def mlp(dims, norm=True, last_norm=False):
    layers = []
    for i, (a, b) in enumerate(zip(dims, dims[1:])):
        last = i == len(dims) - 2
        normed = last_norm if last else norm
        layers.append(nn.Linear(a, b, bias=not normed))
        if normed:
            layers.append(nn.BatchNorm1d(b, affine=not last))
        if not last:
            layers.append(nn.ReLU())
    return nn.Sequential(*layers)


class Net(nn.Module):
    def __init__(self, projector):
        super().__init__()
        self.encoder = nn.Module()
        self.encoder.layers = mlp([PIXELS, 12, 8])
        self.projector = projector

    def forward(self, x):
        return self.projector(self.encoder.layers(x))


def fill(module, prefix=""):
    with torch.no_grad():
        for name, p in module.named_parameters():
            u = signed(prefix + name, p.numel())
            if p.ndim > 1:
                u = u * np.sqrt(3 / p.shape[1])
            else:
                u = 1 + 0.25 * u if name.endswith("weight") else 0.1 * u
            p.copy_(torch.from_numpy(u.astype(np.float32)).reshape(p.shape))
    return module


def follow(copy, source, m):
    with torch.no_grad():
        for a, b in zip(copy.parameters(), source.parameters()):
            a.mul_(m).add_(b, alpha=1 - m)


class Plain:
    """Methods of one network: a loss of two projections."""

    lr, method, layers, options = 0.05, None, {"hidden": HIDDEN, "projector": WIDTH}, {}

    def __init__(self, dtype, seed):
        self.dtype, self.seed = dtype, seed
        self.net = fill(Net(self.projector())).to(dtype)
        self.trained = {n: p for n, p in self.net.named_parameters()}
        self.others = {}

    def views(self, step):
        x1 = signed(f"view0 {self.seed} {step}", BATCH * PIXELS)
        x2 = 0.75 * x1 + 0.25 * signed(f"view1 {self.seed} {step}", BATCH * PIXELS)
        return [torch.from_numpy(x.astype(np.float32)).to(self.dtype).reshape(BATCH, PIXELS) for x in (x1, x2)]

    def projector(self):
        return mlp([8, HIDDEN, WIDTH])

    def loss(self, step):
        x1, x2 = self.views(step)
        return self.objective(self.net(x1), self.net(x2))

    def after(self, step):
        pass


class SimClr(Plain):
    options = {"T": 0.3}

    def objective(self, z1, z2):
        return nt_xent(z1, z2, 0.3)


class SimClrPlain(SimClr):
    """solo-learn's: no norm in the projector."""

    method, options = "simclr", {"T": 0.3, "norm": False}

    def projector(self):
        return mlp([8, HIDDEN, WIDTH], norm=False)


class SimClrDeep(SimClr):
    """The authors' projector for ImageNet: three layers, a norm without offset behind the last."""

    method, options = "simclr", {"T": 0.3, "layers": 3, "lastNorm": "scale"}

    def __init__(self, dtype, seed):
        super().__init__(dtype, seed)
        nn.init.zeros_(self.trained.pop("projector.7.bias").requires_grad_(False))

    def projector(self):
        layers = mlp([8, HIDDEN, HIDDEN, WIDTH], last_norm=True)
        layers[7] = nn.BatchNorm1d(WIDTH)
        return layers


class Spectral(Plain):
    options = {"mu": 2}

    def objective(self, z1, z2):
        return spectral(z1, z2, 2.0)


class Barlow(Plain):
    def projector(self):
        return mlp([8, HIDDEN, HIDDEN, WIDTH])

    def objective(self, z1, z2):
        return barlow(z1, z2, 0.005, 0.1)


class VicReg(Barlow):
    lr = 0.005

    def objective(self, z1, z2):
        return vicreg(z1, z2, 25.0, 25.0, 1.0)


class Predicting(Plain):
    layers = {**Plain.layers, "predictor": BOTTLENECK}

    def __init__(self, dtype, seed, prefix=""):
        super().__init__(dtype, seed)
        self.predictor = fill(mlp([WIDTH, BOTTLENECK, WIDTH]), "predictor.").to(dtype)
        self.trained |= {f"{prefix}predictor.{n}": p for n, p in self.predictor.named_parameters()}


class SimSiam(Predicting):
    def projector(self):
        return mlp([8, HIDDEN, HIDDEN, WIDTH], last_norm=True)

    def objective(self, z1, z2):
        p1, p2 = self.predictor(z1), self.predictor(z2)
        return simsiam(p1, z2.detach()) / 2 + simsiam(p2, z1.detach()) / 2


class Byol(Predicting):
    options = {"m": {"kind": "cosine", "base": 0.9, "end": 1, "steps": 10}}

    def __init__(self, dtype, seed):
        super().__init__(dtype, seed, "predictor/")
        self.copy = fill(Net(self.projector())).to(dtype)
        self.others = {f"momentum/{n}": p for n, p in self.copy.named_parameters()}

    def loss(self, step):
        x1, x2 = self.views(step)
        p1, p2 = self.predictor(self.net(x1)), self.predictor(self.net(x2))
        with torch.no_grad():
            z1, z2 = self.copy(x1), self.copy(x2)
        return byol(p1, z2) + byol(p2, z1)

    def after(self, step):
        follow(self.copy, self.net, 1 - (1 - 0.9) * (np.cos(np.pi * step / 10) + 1) / 2)


class MoCo(Plain):
    options = {"queue": QUEUE, "m": 0.9, "T": 0.3}

    def __init__(self, dtype, seed):
        super().__init__(dtype, seed)
        self.copy = fill(Net(self.projector())).to(dtype)
        queue = signed("queue", QUEUE * WIDTH).astype(np.float32) / 2
        self.queue = torch.from_numpy(queue).to(dtype).reshape(QUEUE, WIDTH)
        self.others = {"queue": self.queue}

    def projector(self):
        return mlp([8, HIDDEN, WIDTH], norm=False)

    def loss(self, step):
        x1, x2 = self.views(step)
        q = F.normalize(self.net(x1), dim=1)
        with torch.no_grad():
            follow(self.copy, self.net, 0.9)
            k = F.normalize(self.copy(x2), dim=1)
        logits = torch.cat([(q * k).sum(1, keepdim=True), q @ self.queue.clone().T], 1) / 0.3
        loss = F.cross_entropy(logits, torch.zeros(BATCH, dtype=torch.long))
        rows = (step * BATCH + torch.arange(BATCH)) % QUEUE
        self.queue[rows] = k
        return loss


class MoCoSymmetric(MoCo):
    """solo-learn's: both views are queries and keys, each direction has a queue, and the copy moves after the step."""

    method, options = "moco", {**MoCo.options, "symmetric": True}

    def __init__(self, dtype, seed):
        super().__init__(dtype, seed)
        self.others["queue2"] = self.queue2 = self.queue.clone()

    def loss(self, step):
        x1, x2 = self.views(step)
        q1, q2 = F.normalize(self.net(x1), dim=1), F.normalize(self.net(x2), dim=1)
        with torch.no_grad():
            k1, k2 = F.normalize(self.copy(x1), dim=1), F.normalize(self.copy(x2), dim=1)
        rows = (step * BATCH + torch.arange(BATCH)) % QUEUE
        total = 0
        for q, k, queue in ((q1, k2, self.queue), (q2, k1, self.queue2)):
            logits = torch.cat([(q * k).sum(1, keepdim=True), q @ queue.clone().T], 1) / 0.3
            total = total + F.cross_entropy(logits, torch.zeros(BATCH, dtype=torch.long)) / 2
            queue[rows] = k
        return total

    def after(self, step):
        follow(self.copy, self.net, 0.9)


METHODS = {
    "simclr": SimClr, "moco": MoCo, "byol": Byol, "simsiam": SimSiam, "barlow": Barlow, "vicreg": VicReg,
    "spectral": Spectral, "simclr_plain": SimClrPlain, "simclr_deep": SimClrDeep, "moco_symmetric": MoCoSymmetric,
}  # fmt: skip


def train(make, dtype, seed):
    """Losses of ten steps, all tensors after them, and what entered every ReLU."""
    method, seen = make(dtype, seed), []
    for part in (method.net, getattr(method, "predictor", None), getattr(method, "copy", None)):
        for module in part.modules() if part else ():
            if isinstance(module, nn.ReLU):
                module.register_forward_hook(lambda _m, x, _y: seen.append(x[0].detach().double()))
    optimizer = torch.optim.SGD(method.trained.values(), lr=make.lr, **SGD)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = method.loss(step)
        loss.backward()
        optimizer.step()
        method.after(step)
        losses.append(loss.item())
    tensors = {n: v.detach().double().numpy() for n, v in {**method.trained, **method.others}.items()}
    return losses, tensors, seen


def margin(seen, seen32):
    return min(
        ((x.abs() / ((x - y).pow(2).mean(0).sqrt() + 1e-30)).min().item() for x, y in zip(seen, seen32)), default=0
    )


def main():
    os.makedirs(OUT, exist_ok=True)
    for name, make in METHODS.items():
        for seed in itertools.count():
            losses, tensors, seen = train(make, torch.float64, seed)
            losses32, tensors32, seen32 = train(make, torch.float32, seed)
            if margin(seen, seen32) > MARGIN:
                break
        value = {
            "torch": torch.__version__, "method": make.method or name, "seed": seed, "batch": BATCH, "image": 4, "dims": [12, 8],
            "hyper": {**make.layers, **make.options},
            "optimizer": {"lr": make.lr, "momentum": SGD["momentum"], "weightDecay": SGD["weight_decay"]},
            "losses": losses, "torchLossErrors": [abs(a - b) for a, b in zip(losses, losses32)],
            "tensors": {n: {"values": short(v.ravel()), "torchError": float(np.linalg.norm(v - tensors32[n]))}
                        for n, v in tensors.items()},
        }  # fmt: skip
        with open(os.path.join(OUT, name + ".json"), "w") as file:
            file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
        worst = max(np.linalg.norm(v - tensors32[n]) / np.linalg.norm(v) for n, v in tensors.items())
        print(f"{name}: seed {seed}, losses {losses[0]:.4f} to {losses[-1]:.4f}, f32 off by {worst:.2g}", flush=True)


main()
