"""Augmented views in f64 from PyTorch's own operations and Python's colorsys, for given parameters.

Crop and resize: torch.nn.functional.interpolate (bilinear, align_corners=False, antialias=False); blur: conv2d after
reflect padding; hue: colorsys; the blends are written from torchvision's documentation.
Run with Debian's python3 and python3-torch: python3 tests/oracles/augment_torch.py
Output: tests/fixtures/data/augment.json, read by tests/data/augment/reference_test.ts.
"""
import colorsys
import json
import math
import pathlib

import torch
import torch.nn.functional as F

Q = 65536
MEAN, STD = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
WEIGHTS = torch.tensor([0.2989, 0.587, 0.114], dtype=torch.float64).view(3, 1, 1)


def grey(t):
    return (t * WEIGHTS).sum(0, keepdim=True)


def blend(a, b, factor):
    return (factor * a + (1 - factor) * b).clamp(0, 1)


def turn(t, shift):
    out = torch.empty_like(t)
    for y in range(t.shape[1]):
        for x in range(t.shape[2]):
            h, s, v = colorsys.rgb_to_hsv(*t[:, y, x].tolist())
            out[:, y, x] = torch.tensor(colorsys.hsv_to_rgb((h + shift) % 1.0, s, v), dtype=torch.float64)
    return out


def blur(t, sigma, radius):
    offsets = torch.arange(-radius, radius + 1, dtype=torch.float64)
    line = torch.exp(-(offsets**2) / (2 * sigma * sigma))
    line = line / line.sum()
    kernel = (line.view(-1, 1) * line.view(1, -1)).expand(3, 1, -1, -1)
    padded = F.pad(t[None], [radius] * 4, mode="reflect")
    return F.conv2d(padded, kernel, groups=3)[0]


def view(image, p, size, radius):
    c = p["crop"]
    t = image[:, c["top"] : c["top"] + c["height"], c["left"] : c["left"] + c["width"]]
    t = F.interpolate(t[None], size=(size, size), mode="bilinear", align_corners=False)[0]
    if p["flip"]:
        t = t.flip(-1)
    if p["jitter"]:
        t = blend(t, torch.zeros_like(t), p["brightness"] / Q)
        t = blend(t, grey(t).mean(), p["contrast"] / Q)
        t = blend(t, grey(t), p["saturation"] / Q)
        t = turn(t, p["hue"] / Q)
    if p["grayscale"]:
        t = grey(t).expand(3, -1, -1)
    if p["blur"]:
        t = blur(t, p["sigma"] / Q, radius)
    if p["solarize"]:
        t = torch.where(t >= 0.5, 1 - t, t)
    t = (t - torch.tensor(MEAN, dtype=torch.float64).view(3, 1, 1)) / torch.tensor(STD, dtype=torch.float64).view(3, 1, 1)
    e = p["erase"]
    t = t.clone()
    t[:, e["top"] : e["top"] + e["height"], e["left"] : e["left"] + e["width"]] = 0
    return t.permute(1, 2, 0)


def box(top, left, height, width):
    return {"top": top, "left": left, "height": height, "width": width}


PLAIN = {
    "crop": box(0, 0, 10, 10), "flip": False, "jitter": False, "brightness": Q, "contrast": Q, "saturation": Q,
    "hue": 0, "grayscale": False, "blur": False, "sigma": Q, "solarize": False, "erase": box(0, 0, 0, 0),
}  # fmt: skip
JITTER = {"jitter": True, "brightness": 78643, "contrast": 45875, "saturation": 98304, "hue": -9830}
CASES = {
    "whole image, enlarged": (12, PLAIN),
    "whole image, shrunk": (7, PLAIN),
    "odd crop, flipped": (9, {**PLAIN, "crop": box(2, 1, 5, 8), "flip": True}),
    "one pixel": (8, {**PLAIN, "crop": box(9, 0, 1, 1)}),
    "jitter": (10, {**PLAIN, **JITTER}),
    "jitter, dark, hue the other way": (8, {**PLAIN, **JITTER, "brightness": 20000, "hue": 30000, "crop": box(1, 3, 6, 6)}),
    "grayscale": (10, {**PLAIN, "grayscale": True}),
    "blur, narrow": (10, {**PLAIN, "blur": True, "sigma": 20000}),
    "blur, wide, radius 2": (40, {**PLAIN, "blur": True, "sigma": 131072}),
    "solarize": (10, {**PLAIN, "solarize": True}),
    "erase": (10, {**PLAIN, "erase": box(3, 2, 4, 7)}),
    "everything": (
        12,
        {**PLAIN, **JITTER, "crop": box(1, 2, 8, 7), "flip": True, "blur": True, "sigma": 70000, "solarize": True,
         "erase": box(0, 5, 6, 3)},
    ),
}  # fmt: skip

generator = torch.Generator().manual_seed(7)
pixels = torch.randint(0, 256, (10, 10, 3), generator=generator, dtype=torch.uint8)
image = pixels.permute(2, 0, 1).to(torch.float64) / 255
cases = []
for name, (size, parameters) in CASES.items():
    radius = max(1, size // 20)
    out = view(image, parameters, size, radius).reshape(-1)
    values = [float(f"{v:.13g}") for v in out.tolist()]
    if size > 20:  # a large view is kept as every 37th value
        values = values[::37]
    cases.append({"name": name, "size": size, "stride": 37 if size > 20 else 1, "parameters": parameters, "view": values})
path = pathlib.Path(__file__).parent.parent / "fixtures" / "data" / "augment.json"
path.write_text(json.dumps({"torch": torch.__version__, "image": pixels.reshape(-1).tolist(), "cases": cases}) + "\n")
