"""Writes tests/fixtures/losses/{barlow,vicreg}.json: losses on correlations of features, in f64 by PyTorch.

Run: /usr/bin/python3 tests/oracles/losses_redundancy.py   (Debian's python3-torch 1.13)
Two rows normalised over the batch are 1 and -1 whatever they were: the Barlow Twins gradient is then what its epsilon leaves and
drowns in rounding, so that loss starts at five rows.
"""

import torch
from torch.nn import functional as F

from losses_cases import write


def barlow(z1, z2, lam, factor):
    n1, n2 = (F.batch_norm(z, None, None, training=True, eps=1e-5) for z in (z1, z2))
    c = n1.T @ n2 / len(z1)
    on = torch.eye(len(c), dtype=torch.bool)
    return factor * (((1 - c[on]) ** 2).sum() + lam * (c[~on] ** 2).sum())


def vicreg(z1, z2, lam, mu, nu):
    total = lam * F.mse_loss(z1, z2)
    for z in (z1, z2):
        total = total + mu * F.relu(1 - torch.sqrt(z.var(0) + 1e-4)).mean()
        y = z - z.mean(0)
        c = y.T @ y / (len(y) - 1)
        total = total + nu * (c[~torch.eye(len(c), dtype=torch.bool)] ** 2).sum() / len(c)
    return total


if __name__ == "__main__":
    write("barlow", barlow, {"": {"lam": 0.005, "factor": 0.1}, "alike": {"lam": 0.5, "factor": 1.0}}, least=5)
    write("vicreg", vicreg, {"": {"lam": 25.0, "mu": 25.0, "nu": 1.0}, "tiny": {"lam": 1.0, "mu": 5.0, "nu": 100.0}})
