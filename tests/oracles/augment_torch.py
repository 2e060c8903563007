"""Augmented views in f64 from PyTorch's own operations and Python's colorsys, for given parameters.

Crop and resize: torch.nn.functional.interpolate (align_corners=False; with antialias its bicubic has a = -1/2 as Pillow's);
blur: conv2d after padding; hue: colorsys; the blends are written from torchvision's documentation.
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


def convolve(t, line, mode):
    radius = len(line) // 2
    kernel = (line.view(-1, 1) * line.view(1, -1)).expand(3, 1, -1, -1)
    return F.conv2d(F.pad(t[None], [radius] * 4, mode=mode), kernel, groups=3)[0]


def blur(t, sigma, radius, kernel):
    if kernel == "extended-box":
        variance = sigma * sigma / 3
        inner = 0
        while (2 * inner + 3) ** 2 - 1 <= 12 * variance:  # the largest plain box that is not too wide
            inner += 1
        # Its ends get the part of a pixel that makes the variance right: solved by bisection.
        low, high = 0.0, 1.0
        for _ in range(200):
            part = (low + high) / 2
            found = 2 * (sum(d * d for d in range(inner + 1)) + part * (inner + 1) ** 2) / (2 * inner + 1 + 2 * part)
            low, high = (part, high) if found < variance else (low, part)
        line = torch.tensor([part] + [1.0] * (2 * inner + 1) + [part], dtype=torch.float64)
        for _ in range(3):
            t = convolve(t, line / line.sum(), "replicate")
        return t
    offsets = torch.arange(-radius, radius + 1, dtype=torch.float64)
    line = torch.exp(-(offsets**2) / (2 * sigma * sigma))
    return convolve(t, line / line.sum(), "reflect")


def resize(t, size, resample):
    if resample is None:
        return F.interpolate(t[None], size=(size, size), mode="bilinear", align_corners=False)[0]
    mode = resample.removeprefix("antialiased-")
    for shape in [(t.shape[1], size), (size, size)]:  # rows first, kept within 0..1 after either, as Pillow does
        t = F.interpolate(t[None], size=shape, mode=mode, align_corners=False, antialias=True)[0].clamp(0, 1)
    return t


JITTERS = [
    lambda t, p: blend(t, torch.zeros_like(t), p["brightness"] / Q),
    lambda t, p: blend(t, grey(t).mean(), p["contrast"] / Q),
    lambda t, p: blend(t, grey(t), p["saturation"] / Q),
    lambda t, p: turn(t, p["hue"] / Q),
]


def view(image, p, size, radius, options):
    c = p["crop"]
    t = image[:, c["top"] : c["top"] + c["height"], c["left"] : c["left"] + c["width"]]
    t = resize(t, size, options.get("resample"))
    if p["flip"]:
        t = t.flip(-1)
    if p["jitter"]:
        for k in range(4):
            t = JITTERS[(p["order"] >> 2 * k) & 3 if p["order"] else k](t, p)
    if p["grayscale"]:
        t = grey(t).expand(3, -1, -1)
    if p["blur"]:
        t = blur(t, p["sigma"] / Q, radius, options.get("blur", {}).get("kernel"))
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
    "hue": 0, "order": 0, "grayscale": False, "blur": False, "sigma": Q, "solarize": False, "erase": box(0, 0, 0, 0),
}  # fmt: skip
BICUBIC, BILINEAR = {"resample": "antialiased-bicubic"}, {"resample": "antialiased-bilinear"}
BOXES = {"blur": {"p": 1, "sigma": [0.1, 2], "kernel": "extended-box"}}
HCSB, CBHS = 0b00100111, 0b10110001  # hue, contrast, saturation, brightness; contrast, brightness, hue, saturation
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
    "bicubic, enlarged": (13, {**PLAIN, "crop": box(1, 2, 7, 5)}, BICUBIC),
    "bicubic, shrunk and flipped": (4, {**PLAIN, "crop": box(0, 1, 10, 9), "flip": True}, BICUBIC),
    "bicubic, one pixel": (3, {**PLAIN, "crop": box(9, 0, 1, 1)}, BICUBIC),
    "bilinear with antialias, shrunk": (4, {**PLAIN, "crop": box(0, 0, 9, 10)}, BILINEAR),
    "jitter from the hue to the brightness": (10, {**PLAIN, **JITTER, "order": HCSB}),
    "jitter from the contrast on": (9, {**PLAIN, **JITTER, "order": CBHS}),
    "extended boxes, narrow": (10, {**PLAIN, "blur": True, "sigma": 20000}, BOXES),
    "extended boxes, one pixel wide": (10, {**PLAIN, "blur": True, "sigma": Q}, BOXES),
    "extended boxes, wide": (12, {**PLAIN, "blur": True, "sigma": 131072}, BOXES),
    "everything as Pillow": (
        7,
        {**PLAIN, **JITTER, "order": HCSB, "crop": box(1, 0, 9, 10), "flip": True, "blur": True, "sigma": 90000,
         "solarize": True},
        {**BICUBIC, **BOXES},
    ),
}  # fmt: skip

generator = torch.Generator().manual_seed(7)
pixels = torch.randint(0, 256, (10, 10, 3), generator=generator, dtype=torch.uint8)
image = pixels.permute(2, 0, 1).to(torch.float64) / 255
cases = []
for name, (size, parameters, *options) in CASES.items():
    options = options[0] if options else {}
    radius = max(1, size // 20)
    out = view(image, parameters, size, radius, options).reshape(-1)
    values = [float(f"{v:.13g}") for v in out.tolist()]
    if size > 20:  # a large view is kept as every 37th value
        values = values[::37]
    cases.append({
        "name": name, "size": size, "stride": 37 if size > 20 else 1, "options": options, "parameters": parameters,
        "view": values,
    })  # fmt: skip
path = pathlib.Path(__file__).parent.parent / "fixtures" / "data" / "augment.json"
path.write_text(json.dumps({"torch": torch.__version__, "image": pixels.reshape(-1).tolist(), "cases": cases}) + "\n")
