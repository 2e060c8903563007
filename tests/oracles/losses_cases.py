"""Inputs of the loss oracles and the fixture they write; the twin of tests/nn/check_loss.ts.

A case is a batch size, a kind of embeddings and options of the loss. Embeddings are hashes (hashing.py) shaped by the kind with
powers of two, so that both languages hold the same f32 numbers:
  plain   in [-1, 1)
  tiny    plain / 1024
  large   plain * 1024
  offset  plain + 4: rows nearly parallel, batch statistics far from 0
  alike   the second tensor differs from the first by plain / 1024
  spread  row i is plain * 4^(i - B / 2): lengths over many orders of magnitude
"""

import json
import os

import numpy as np
import torch

from hashing import short, signed

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "losses")
BATCHES = {2: 5, 5: 7, 8: 12}  # columns by rows
KINDS = ["plain", "tiny", "large", "offset", "alike", "spread"]


def embeddings(kind, name, rows, columns, first=None):
    u = signed(name, rows * columns).reshape(rows, columns)
    if kind == "alike" and first is not None:
        u = first + u / 1024
    factor = {"tiny": 2.0**-10, "large": 2.0**10}.get(kind, 1.0)
    if kind == "spread":
        factor = 4.0 ** (np.arange(rows) - rows // 2)[:, None]
    return (u * factor + (4 if kind == "offset" else 0)).astype(np.float32)


def evaluate(loss, tensors, trained, options, dtype):
    inputs = [torch.from_numpy(x).to(dtype).requires_grad_(i < trained) for i, x in enumerate(tensors)]
    value = loss(*inputs, **options)
    value.backward()
    return value.item(), [x.grad.double().numpy() for x in inputs[:trained]]


def write(name, loss, options, extra=None, kinds=KINDS, trained=2, least=2):
    """Every kind and batch size; `options` maps a kind to the loss's options ("" for all others), `extra(rows, columns)` names
    further tensors with their shapes, which the loss gets behind its two. The first `trained` tensors get gradients."""
    cases = []
    for kind in kinds:
        for rows, columns in BATCHES.items():
            if rows < least:
                continue
            chosen = options.get(kind, options[""])
            first = embeddings(kind, f"{name} {kind} {rows} 0", rows, columns)
            tensors = [first, embeddings(kind, f"{name} {kind} {rows} 1", rows, columns, first)]
            more = extra(rows, columns) if extra else []
            tensors += [embeddings("plain", f"{name} {kind} {rows} {2 + i}", *shape) for i, shape in enumerate(more)]
            exact, gradients = evaluate(loss, tensors, trained, chosen, torch.float64)
            single, rounded = evaluate(loss, tensors, trained, chosen, torch.float32)
            cases.append({
                "kind": kind, "rows": rows, "columns": columns, "more": more, "options": chosen,
                "loss": exact, "torchLossError": abs(single - exact),
                "gradients": [short(g.ravel()) for g in gradients],
                "torchErrors": [float(np.linalg.norm(g - h)) for g, h in zip(gradients, rounded)],
            })  # fmt: skip
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        file.write(json.dumps({"torch": torch.__version__, "name": name, "cases": cases}, separators=(",", ":")) + "\n")
    worst = max(
        e / (np.linalg.norm(g) + 1e-30) for c in cases for e, g in zip(c["torchErrors"], c["gradients"])
    )
    print(f"{name}: {len(cases)} cases; PyTorch's f32 gradients off by {worst:.2g} at most")
