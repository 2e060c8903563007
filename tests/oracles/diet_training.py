"""A plain PyTorch loop of DIET at the size of the `mini` scale, to compare its kNN accuracy with (decisions/0012).

First 500 images of each class in name order for training, first 200 of each class for testing; tiny ResNet of width 16;
batch 128; AdamW 1e-3, weight decay 0.05, half a cosine; label smoothing 0.8; kNN k = 20, T = 0.1.

Run: /usr/bin/python3 tests/oracles/diet_training.py <cifar10-jpeg.tar.gz> [--epochs 20] [--views wide|mild] [--head plain|normalised|unit-rows|projector] [--head-rate 1]
"""

import argparse
import io
import math
import tarfile
from collections import defaultdict

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from PIL import Image

MEAN = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
STD = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
BATCH = 128


def read(path):
    members = defaultdict(dict)
    with tarfile.open(path) as tar:
        for member in tar:
            if member.isfile() and member.name.endswith(".jpg"):
                split, label, name = member.name.split("/")[-3:]
                members[split, label][name] = tar.extractfile(member).read()
    labels = sorted({label for _, label in members})
    splits = []
    for split, count in (("train", 500), ("test", 200)):
        images, classes = [], []
        for number, label in enumerate(labels):
            files = members[split, label]
            for name in sorted(files)[:count]:
                images.append(np.array(Image.open(io.BytesIO(files[name])).convert("RGB")))
                classes.append(number)
        pixels = torch.tensor(np.stack(images)).permute(0, 3, 1, 2).float() / 255
        splits.append((pixels, torch.tensor(classes)))
    return splits


class Block(nn.Module):
    def __init__(self, i, o, stride):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(i, o, 3, stride, 1, bias=False), nn.BatchNorm2d(o)
        self.conv2, self.bn2 = nn.Conv2d(o, o, 3, 1, 1, bias=False), nn.BatchNorm2d(o)
        short = nn.Sequential(nn.Conv2d(i, o, 1, stride, bias=False), nn.BatchNorm2d(o))
        self.short = nn.Identity() if stride == 1 and i == o else short

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(y + self.short(x))


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        stem = [nn.Conv2d(3, 16, 3, 2, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
        self.layers = nn.Sequential(*stem, Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2))
        for m in self.modules():
            if isinstance(m, nn.Conv2d):
                nn.init.kaiming_normal_(m.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, x):
        return self.layers(x).mean((2, 3))


def view(x, kind):
    """Random resized crop and flip; `wide` crops smaller and adds brightness, contrast, saturation and grayscale."""
    n = x.shape[0]
    low = 0.08 if kind == "wide" else 0.2
    area = low + (1 - low) * torch.rand(n)
    ratio = torch.exp((2 * torch.rand(n) - 1) * math.log(4 / 3))
    w, h = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = w * torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    theta[:, 0, 2] = (2 * torch.rand(n) - 1) * (1 - w)
    theta[:, 1, 1] = h
    theta[:, 1, 2] = (2 * torch.rand(n) - 1) * (1 - h)
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    x = F.grid_sample(x, grid, align_corners=False, padding_mode="reflection")
    if kind == "wide":
        on = (torch.rand(n, 1, 1, 1) < 0.8).float()
        factor = lambda: 1 + 0.4 * on * (2 * torch.rand(n, 1, 1, 1) - 1)
        x = (x * factor()).clamp(0, 1)
        level = x.mean((1, 2, 3), keepdim=True)
        x = (level + (x - level) * factor()).clamp(0, 1)
        gray = x.mean(1, keepdim=True)
        x = (gray + (x - gray) * factor()).clamp(0, 1)
        drop = (torch.rand(n, 1, 1, 1) < 0.2).float()
        x = drop * x.mean(1, keepdim=True) + (1 - drop) * x
    return (x - MEAN) / STD


@torch.no_grad()
def knn(encoder, train, test):
    encoder.eval()
    features = lambda x: F.normalize(torch.cat([encoder((part - MEAN) / STD) for part in x.split(500)]))
    bank, asked = features(train[0]), features(test[0])
    encoder.train()
    scores, near = (asked @ bank.T).topk(20)
    votes = torch.zeros(len(asked), 10).scatter_add_(1, train[1][near], (scores / 0.1).exp())
    return 100 * (votes.argmax(1) == test[1]).float().mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("archive")
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--views", choices=["wide", "mild"], default="wide")
    parser.add_argument("--head", choices=["plain", "normalised", "unit-rows", "projector"], default="plain")
    parser.add_argument("--head-rate", type=float, default=1)
    parser.add_argument("--seed", type=int, default=0)
    a = parser.parse_args()
    torch.manual_seed(a.seed)
    train, test = read(a.archive)
    encoder = Encoder()
    n = len(train[1])
    head = nn.Linear(64, n, bias=False)
    if a.head == "unit-rows":
        nn.init.normal_(head.weight)
    body = nn.Identity()
    if a.head == "projector":
        body = nn.Sequential(nn.Linear(64, 128), nn.BatchNorm1d(128), nn.ReLU(), nn.Linear(128, 64))
    groups = [
        {"params": [*encoder.parameters(), *body.parameters()], "factor": 1},
        {"params": head.parameters(), "factor": a.head_rate},
    ]
    optimizer = torch.optim.AdamW(groups, 1e-3, weight_decay=0.05)
    print(f"untrained: kNN {knn(encoder, train, test):.2f}", flush=True)
    steps, k = a.epochs * (n // BATCH), 0
    for epoch in range(a.epochs):
        total = 0.0
        for i in torch.randperm(n).split(BATCH)[: n // BATCH]:
            for g in optimizer.param_groups:
                g["lr"] = 1e-3 * g["factor"] * 0.5 * (1 + math.cos(math.pi * k / steps))
            z = encoder(view(train[0][i], a.views))
            if a.head == "normalised":
                logits = F.normalize(z) @ F.normalize(head.weight).T / 0.1
            else:
                logits = head(body(z))
            loss = F.cross_entropy(logits, i, label_smoothing=0.8)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total, k = total + loss.item(), k + 1
        if epoch % 5 == 4 or epoch + 1 == a.epochs:
            mean = total / (n // BATCH)
            print(f"epoch {epoch + 1}: loss {mean:.4f}, kNN {knn(encoder, train, test):.2f}", flush=True)


if __name__ == "__main__":
    main()
