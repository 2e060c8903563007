"""Writes tests/fixtures/losses/{byol,simsiam}.json: losses without negatives, in f64 by PyTorch; z is a constant.

Run: /usr/bin/python3 tests/oracles/losses_regression.py   (Debian's python3-torch 1.13)
"""

from torch.nn import functional as F

from losses_cases import write


def byol(p, z):
    return (2 - 2 * F.cosine_similarity(p, z, dim=1, eps=1e-30)).mean()


def simsiam(p, z):
    return -F.cosine_similarity(p, z, dim=1, eps=1e-30).mean()


if __name__ == "__main__":
    write("byol", byol, {"": {}}, trained=1)
    write("simsiam", simsiam, {"": {}}, trained=1)
