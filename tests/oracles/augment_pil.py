"""Augmented views as Pillow makes them, u8 after every operation: what the pipelines of torchvision and solo-learn compute.

The operations are those that torchvision's PIL backend calls: crop, resize, ImageEnhance, a turn of the hue in 8-bit HSV,
convert("L"), ImageFilter.GaussianBlur, ImageOps.solarize.
Run with python3 and Pillow: python3 tests/oracles/augment_pil.py
Output: tests/fixtures/data/augment_pil.json, read by tests/data/augment/reference_test.ts.
"""
import json
import math
import pathlib

import PIL
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

Q = 65536
SIZE = 40


def picture():
    """Smooth waves with two hard edges, as photographs have them."""
    image = Image.new("RGB", (SIZE, SIZE))
    for y in range(SIZE):
        for x in range(SIZE):
            wave = [0.5 + 0.4 * math.sin((1 + c) * (0.05 * y + 0.09 * x) + 2 * c) for c in range(3)]
            if 10 <= x < 17 and y > 8:
                wave = [0.9, 0.2, 0.1]
            if (y - 28) ** 2 + (x - 29) ** 2 < 50:
                wave = [0.15, 0.3, 0.8]
            image.putpixel((x, y), tuple(round(255 * v) for v in wave))
    return image


def turn(image, shift):
    h, s, v = image.convert("HSV").split()
    h = h.point([(value + int(shift * 255)) % 256 for value in range(256)])
    return Image.merge("HSV", (h, s, v)).convert("RGB")


JITTERS = [
    lambda t, p: ImageEnhance.Brightness(t).enhance(p["brightness"] / Q),
    lambda t, p: ImageEnhance.Contrast(t).enhance(p["contrast"] / Q),
    lambda t, p: ImageEnhance.Color(t).enhance(p["saturation"] / Q),
    lambda t, p: turn(t, p["hue"] / Q),
]
FILTERS = {"antialiased-bicubic": Image.Resampling.BICUBIC, "antialiased-bilinear": Image.Resampling.BILINEAR}


def view(image, p, size, resample):
    c = p["crop"]
    t = image.crop((c["left"], c["top"], c["left"] + c["width"], c["top"] + c["height"]))
    t = t.resize((size, size), FILTERS[resample])
    if p["jitter"]:
        for k in range(4):
            t = JITTERS[(p["order"] >> 2 * k) & 3 if p["order"] else k](t, p)
    if p["grayscale"]:
        t = t.convert("L").convert("RGB")
    if p["blur"]:
        t = t.filter(ImageFilter.GaussianBlur(radius=p["sigma"] / Q))
    if p["solarize"]:
        t = ImageOps.solarize(t)
    return ImageOps.mirror(t) if p["flip"] else t


def box(top, left, height, width):
    return {"top": top, "left": left, "height": height, "width": width}


PLAIN = {
    "crop": box(0, 0, SIZE, SIZE), "flip": False, "jitter": False, "brightness": Q, "contrast": Q, "saturation": Q,
    "hue": 0, "order": 0, "grayscale": False, "blur": False, "sigma": Q, "solarize": False, "erase": box(0, 0, 0, 0),
}  # fmt: skip
JITTER = {"jitter": True, "brightness": 78643, "contrast": 45875, "saturation": 98304, "hue": -9830}
CASES = {
    "bicubic, enlarged": (18, "antialiased-bicubic", {**PLAIN, "crop": box(4, 6, 13, 11), "flip": True}),
    "bicubic, shrunk": (13, "antialiased-bicubic", PLAIN),
    "bilinear, enlarged": (18, "antialiased-bilinear", {**PLAIN, "crop": box(20, 20, 9, 12)}),
    "bilinear, shrunk": (13, "antialiased-bilinear", {**PLAIN, "crop": box(1, 0, 37, 40)}),
    "blur 0.3": (16, "antialiased-bicubic", {**PLAIN, "blur": True, "sigma": 19661}),
    "blur 1": (16, "antialiased-bicubic", {**PLAIN, "blur": True}),
    "blur 2": (16, "antialiased-bicubic", {**PLAIN, "blur": True, "sigma": 131072}),
    "grayscale and solarize": (14, "antialiased-bicubic", {**PLAIN, "grayscale": True, "solarize": True}),
    "jitter without hue": (14, "antialiased-bicubic", {**PLAIN, **JITTER, "hue": 0}),
    "jitter": (14, "antialiased-bicubic", {**PLAIN, **JITTER, "order": 0b10110001}),
    "everything": (
        14,
        "antialiased-bicubic",
        {**PLAIN, **JITTER, "order": 0b00100111, "crop": box(3, 1, 30, 35), "flip": True, "blur": True, "sigma": 90000},
    ),
}  # fmt: skip

image = picture()
cases = [
    {"name": name, "size": size, "resample": resample, "parameters": p, "view": list(view(image, p, size, resample).tobytes())}
    for name, (size, resample, p) in CASES.items()
]  # fmt: skip
path = pathlib.Path(__file__).parent.parent / "fixtures" / "data" / "augment_pil.json"
path.write_text(json.dumps({"pillow": PIL.__version__, "size": SIZE, "image": list(image.tobytes()), "cases": cases}) + "\n")
