"""Writes small image files and the SHA-256 of their RGB pixels as Pillow decodes them.

Run with Debian's python3 and python3-pil: python3 tests/oracles/images_pil.py
Output: tests/fixtures/data/*.jpg, *.png and images.json, read by tests/data/decode.
"""
import hashlib
import json
import pathlib

import numpy as np
from PIL import Image, features

folder = pathlib.Path(__file__).parent.parent / "fixtures" / "data"
folder.mkdir(parents=True, exist_ok=True)

y, x = np.mgrid[0:24, 0:20]
smooth = np.stack([x * 12, y * 10, (x + y) * 5], axis=-1).astype(np.uint8)
rgb = Image.fromarray(smooth)

rgb.save(folder / "colour.jpg", quality=90, subsampling=2)
rgb.save(folder / "progressive.jpg", quality=80, progressive=True)
rgb.convert("L").save(folder / "grey.jpg", quality=90)
rgb.save(folder / "colour.png")
rgb.convert("L").save(folder / "grey.png")
rgb.convert("L").point(lambda v: 255 if v > 90 else 0).convert("1").save(folder / "bits.png")
rgb.convert("P", palette=Image.Palette.ADAPTIVE, colors=16).save(folder / "palette.png")

record = {"pillow": Image.__version__, "libjpeg-turbo": features.version("libjpeg_turbo"), "images": {}}
for path in sorted(folder.glob("*.jpg")) + sorted(folder.glob("*.png")):
    pixels = np.asarray(Image.open(path).convert("RGB"))
    record["images"][path.name] = {
        "height": pixels.shape[0],
        "width": pixels.shape[1],
        "sha256": hashlib.sha256(pixels.tobytes()).hexdigest(),
    }
(folder / "images.json").write_text(json.dumps(record, indent=1) + "\n")
