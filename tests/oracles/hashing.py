"""Numbers that Python and TypeScript make alike, and small summaries of large tensors.

The twin of tests/nn/hashed.ts: weights and images of the encoder oracles are hashes of (name, index), so that a fixture
need not contain them. Indices run over PyTorch's layout of a parameter.
"""

import numpy as np

SKETCH = 64
SAMPLE = 24


def seed_of(name):
    """FNV-1a of a name."""
    h = 0x811C9DC5
    for byte in name.encode():
        h = ((h ^ byte) * 0x01000193) & 0xFFFFFFFF
    return h


def words(name, n):
    """n 32-bit hashes: MurmurHash3's finaliser of index * 0x9e3779b1 + seed."""
    x = np.arange(n, dtype=np.uint32) * np.uint32(0x9E3779B1) + np.uint32(seed_of(name))
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x85EBCA6B)
    x ^= x >> np.uint32(13)
    x *= np.uint32(0xC2B2AE35)
    x ^= x >> np.uint32(16)
    return x


def signed(name, n):
    """n numbers in [-1, 1), multiples of 2^-23: exact in f32."""
    return (words(name, n) >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1.0


def sketch(name, values):
    """Count sketch: element i is added, with a random sign, to one of 64 sums. For a difference d of two tensors the
    squared norm of the difference of their sketches has mean |d|^2 and relative standard deviation sqrt(2/64)."""
    values = np.asarray(values, dtype=np.float64).ravel()
    h = words("sketch " + name, values.size)
    sign = np.where(h >> np.uint32(31), -1.0, 1.0)
    return np.bincount((h % np.uint32(SKETCH)).astype(np.int64), weights=values * sign, minlength=SKETCH)


def sample(values):
    """At most 24 elements spread over the tensor, first and last among them."""
    values = np.asarray(values, dtype=np.float64).ravel()
    k = min(values.size, SAMPLE)
    return [values[(i * (values.size - 1)) // (k - 1) if k > 1 else 0] for i in range(k)]


def short(values):
    """Nine significant digits: four more than any tolerance here resolves."""
    return [float(f"{v:.9g}") for v in values]


def summary(name, exact, single=None):
    """What a fixture keeps of a tensor: norm, sketch, sample, and the relative error of PyTorch's own f32."""
    exact = np.asarray(exact, dtype=np.float64)
    norm = float(np.linalg.norm(exact.ravel()))
    out = {"name": name, "shape": list(exact.shape), "norm": norm}
    if single is not None:
        out["torchError"] = float(np.linalg.norm((np.asarray(single, dtype=np.float64) - exact).ravel()) / norm)
    return {**out, "sketch": short(sketch(name, exact)), "sample": short(sample(exact))}
