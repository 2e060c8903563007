"""Writes a ResNet-18 as PyTorch has it, in a safetensors file, and its features: tests/fixtures/encoders/resnet18_torch.*

Run: /usr/bin/python3 tests/oracles/encoders_checkpoint.py [--width 0.125] [--out FOLDER]   (Debian's python3-torch 1.13)
The committed files have width 0.125 (0.7 MB); --width 1 --out /tmp/full makes the full network. The running statistics
come from three batches in training mode; the features are those of evaluation mode, in f64, of images by hashing.py.
Debian has no safetensors package, so the format is written by hand.
"""

import argparse
import json
import os
import struct

import numpy as np
import torch
from torch import nn

from hashing import summary
from nets import ResNet, images

BATCH, SIDE, CLASSES = 4, 64, 1000


def initialise(net):
    """torchvision's: He normal in fan-out mode for convolutions, PyTorch's own defaults elsewhere."""
    for module in net.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")


def write_safetensors(path, state):
    header, offset = {"__metadata__": {"format": "pt"}}, 0
    kinds = {torch.float32: "F32", torch.int64: "I64"}
    for name, tensor in state.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": kinds[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [offset, offset + size]}
        offset += size
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for tensor in state.values():
            file.write(tensor.contiguous().numpy().tobytes())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--width", type=float, default=0.125)
    parser.add_argument("--out", default=os.path.join(os.path.dirname(__file__), "..", "fixtures", "encoders"))
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    torch.manual_seed(0)
    classes = CLASSES if args.width == 1 else 10
    net = ResNet([2, 2, 2, 2], base=round(64 * args.width), classes=classes)
    initialise(net)
    with torch.no_grad():
        for batch in range(3):
            net.train()(images(f"warm {batch}", 16, SIDE).float())
    state = net.state_dict()
    write_safetensors(os.path.join(args.out, "resnet18_torch.safetensors"), state)
    x = images("images", BATCH, SIDE)
    with torch.no_grad():
        single = net.eval().features(x.float()).numpy()
        features = net.double().features(x).numpy()
    value = {
        "torch": torch.__version__, "width": args.width, "batch": BATCH, "image": SIDE, "classes": classes,
        "torchError": float(np.linalg.norm(single - features) / np.linalg.norm(features)),
        "features": summary("features", features),
    }  # fmt: skip
    with open(os.path.join(args.out, "resnet18_torch.json"), "w") as file:
        file.write(json.dumps(value, separators=(",", ":"), allow_nan=False) + "\n")
    print({name: value[name] for name in ("width", "classes", "torchError")}, sum(p.numel() for p in net.parameters()))


main()
