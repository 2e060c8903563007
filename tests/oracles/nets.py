"""The encoders in plain PyTorch, with torchvision's architecture and state-dict names (Debian has no torchvision).

Every network has `features(x)` and ends in a linear classifier; dropout is left out.
"""

import numpy as np
import torch
from torch import nn

from hashing import signed


class Block(nn.Module):
    """Basic (expansion 1) or bottleneck (expansion 4) residual block; the stride is on the first 3x3 convolution."""

    def __init__(self, inside, planes, stride, bottleneck):
        super().__init__()
        out = planes * (4 if bottleneck else 1)
        if bottleneck:
            self.conv1, self.bn1 = nn.Conv2d(inside, planes, 1, bias=False), nn.BatchNorm2d(planes)
            self.conv2 = nn.Conv2d(planes, planes, 3, stride, 1, bias=False)
            self.bn2 = nn.BatchNorm2d(planes)
            self.conv3, self.bn3 = nn.Conv2d(planes, out, 1, bias=False), nn.BatchNorm2d(out)
        else:
            self.conv1 = nn.Conv2d(inside, planes, 3, stride, 1, bias=False)
            self.bn1 = nn.BatchNorm2d(planes)
            self.conv2, self.bn2 = nn.Conv2d(planes, planes, 3, 1, 1, bias=False), nn.BatchNorm2d(planes)
            self.conv3 = None
        self.relu, self.downsample = nn.ReLU(), None
        if stride != 1 or inside != out:
            self.downsample = nn.Sequential(nn.Conv2d(inside, out, 1, stride, bias=False), nn.BatchNorm2d(out))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        if self.conv3 is not None:
            y = self.bn3(self.conv3(self.relu(y)))
        return self.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    STEMS = {"imagenet": (7, 2, 3), "cifar": (3, 1, 1), "tiny": (3, 2, 1)}

    def __init__(self, blocks, bottleneck=False, stem="imagenet", base=64, classes=1000):
        super().__init__()
        kernel, stride, padding = self.STEMS[stem]
        self.conv1 = nn.Conv2d(3, base, kernel, stride, padding, bias=False)
        self.bn1 = nn.BatchNorm2d(base)
        self.relu = nn.ReLU()
        self.maxpool = nn.MaxPool2d(3, 2, 1) if stem == "imagenet" else nn.Identity()
        self.stages, inside = len(blocks), base
        for s, count in enumerate(blocks):
            stage, planes = [], base * 2**s
            for b in range(count):
                stage.append(Block(inside, planes, 2 if s > 0 and b == 0 else 1, bottleneck))
                inside = planes * (4 if bottleneck else 1)
            setattr(self, f"layer{s + 1}", nn.Sequential(*stage))
        self.fc = nn.Linear(inside, classes)

    def features(self, x):
        x = self.maxpool(self.relu(self.bn1(self.conv1(x))))
        for s in range(self.stages):
            x = getattr(self, f"layer{s + 1}")(x)
        return x.mean((2, 3))

    def forward(self, x):
        return self.fc(self.features(x))


class AlexNet(nn.Module):
    def __init__(self, grid=6, classes=1000):
        super().__init__()
        pool = nn.MaxPool2d(3, 2)
        self.body = nn.Sequential(
            nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(), pool, nn.Conv2d(64, 192, 5, 1, 2), nn.ReLU(), pool,
            nn.Conv2d(192, 384, 3, 1, 1), nn.ReLU(), nn.Conv2d(384, 256, 3, 1, 1), nn.ReLU(),
            nn.Conv2d(256, 256, 3, 1, 1), nn.ReLU(), pool,
        )  # fmt: skip
        self.grid = nn.AdaptiveAvgPool2d(grid)
        self.classifier = nn.Sequential(
            nn.Identity(), nn.Linear(256 * grid * grid, 4096), nn.ReLU(),
            nn.Identity(), nn.Linear(4096, 4096), nn.ReLU(), nn.Linear(4096, classes),
        )  # fmt: skip

    def features(self, x):
        return self.classifier[:6](torch.flatten(self.grid(self.body(x)), 1))

    def forward(self, x):
        return self.classifier[6](self.features(x))


class Inverted(nn.Module):
    """Inverted residual: expand 1x1, depthwise 3x3, project 1x1 without activation."""

    def __init__(self, inside, out, stride, expand):
        super().__init__()
        wide, layers = inside * expand, []
        if expand != 1:
            layers.append(conv_bn(inside, wide, 1, 1, 1))
        layers += [conv_bn(wide, wide, 3, stride, wide), nn.Conv2d(wide, out, 1, bias=False), nn.BatchNorm2d(out)]
        self.conv = nn.Sequential(*layers)
        self.residual = stride == 1 and inside == out

    def forward(self, x):
        return x + self.conv(x) if self.residual else self.conv(x)


def conv_bn(inside, out, kernel, stride, groups):
    conv = nn.Conv2d(inside, out, kernel, stride, kernel // 2, groups=groups, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(out), nn.ReLU6())


class MobileNetV2(nn.Module):
    PLAN = [(1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1)]

    def __init__(self, classes=1000):
        super().__init__()
        layers, inside = [conv_bn(3, 32, 3, 2, 1)], 32
        for expand, out, count, stride in self.PLAN:
            for b in range(count):
                layers.append(Inverted(inside, out, stride if b == 0 else 1, expand))
                inside = out
        self.body = nn.Sequential(*layers, conv_bn(inside, 1280, 1, 1, 1))
        self.classifier = nn.Sequential(nn.Identity(), nn.Linear(1280, classes))

    def features(self, x):
        return self.body(x).mean((2, 3))

    def forward(self, x):
        return self.classifier(self.features(x))


def torch_name(name):
    """torchvision calls the convolutional part of AlexNet and MobileNetV2 `features`, which here is a method."""
    return name.replace("body.", "features.")


LAST_NORMS = ("bn2.weight", "bn3.weight", "conv.2.weight", "conv.3.weight")


def fill_from_names(net):
    """Weights from their names: matrices uniform with He's bound, norm scales near 1, biases near 0; f32 values.

    Two things keep f32 comparable with f64. The last norm of a residual branch has scales near 1/4: with 1 the random
    network is chaotic and rounding errors grow a thousandfold with depth. The other norms have biases near 1.5:
    a third as many activations lie so close to a ReLU's kink that rounding decides their gradient.
    """
    shapes = {name: p.ndim for name, p in net.named_parameters()}
    with torch.no_grad():
        for name, p in net.named_parameters():
            u = signed(torch_name(name), p.numel())
            if p.ndim > 1:
                u = u * np.sqrt(6.0 / (p.numel() // p.shape[0]))
            else:
                weight = name.replace("bias", "weight")
                last = weight.endswith(LAST_NORMS)
                if name == weight:
                    u = (1 + 0.25 * u) * (0.25 if last else 1)
                else:
                    u = 0.1 * u + (1.5 if shapes[weight] == 1 and not last else 0)
            p.copy_(torch.from_numpy(u.astype(np.float32)).reshape(p.shape))
    return net


def images(name, batch, side):
    """Images from their name, hashed in the order (N, H, W, C), as NCHW in f64."""
    x = signed(name, batch * side * side * 3).reshape(batch, side, side, 3)
    return torch.from_numpy(x).permute(0, 3, 1, 2).contiguous()
