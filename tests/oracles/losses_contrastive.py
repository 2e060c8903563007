"""Writes tests/fixtures/losses/{nt_xent,info_nce,spectral}.json: losses with negatives, in f64 by PyTorch.

Run: /usr/bin/python3 tests/oracles/losses_contrastive.py   (Debian's python3-torch 1.13)
Written from the formulas: Chen et al. 2002.05709 eq. 1, mean over 2B rows; He et al. 1911.05722 eq. 1; HaoChen et al. 2106.04156
with rows cut to sqrt(mu), pairs i != j and the division by mu of the authors' code.
"""

import torch
from torch.nn import functional as F

from losses_cases import write


def nt_xent(z1, z2, T):
    z = F.normalize(torch.cat([z1, z2]), dim=1)
    s = z @ z.T / T
    others = s[~torch.eye(len(s), dtype=torch.bool)].reshape(len(s), len(s) - 1)
    positives = (F.normalize(z1, dim=1) * F.normalize(z2, dim=1)).sum(1).repeat(2) / T
    return (torch.logsumexp(others, 1) - positives).mean()


def info_nce(q, k, negatives, T):
    q, k, negatives = (F.normalize(v, dim=1) for v in (q, k, negatives))
    logits = torch.cat([(q * k).sum(1, keepdim=True), q @ negatives.T], 1) / T
    return F.cross_entropy(logits, torch.zeros(len(q), dtype=torch.long))


def spectral(z1, z2, mu):
    def cut(z):
        norm = z.norm(dim=1, keepdim=True)
        return torch.where(norm < mu**0.5, z, z / norm * mu**0.5)

    z1, z2 = cut(z1), cut(z2)
    B = len(z1)
    off = ~torch.eye(B, dtype=torch.bool)
    return (-2 * (z1 * z2).sum(1).mean() + ((z1 @ z2.T)[off] ** 2).sum() / (B * (B - 1))) / mu


if __name__ == "__main__":
    write("nt_xent", nt_xent, {"": {"T": 0.2}, "large": {"T": 0.07}, "offset": {"T": 1.0}})
    write(
        "info_nce", info_nce, {"": {"T": 0.2}, "tiny": {"T": 0.07}}, trained=1,
        extra=lambda rows, columns: [[3 * rows + 1, columns]],
    )  # fmt: skip
    write("spectral", spectral, {"": {"mu": 1.0}, "offset": {"mu": 10.0}, "alike": {"mu": 3.0}})
