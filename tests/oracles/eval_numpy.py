"""Writes tests/fixtures/eval/features.json: what numpy and scipy make of features, by the definitions of the papers.

Run: python3 tests/oracles/eval_numpy.py
Nothing here shares code with src/eval. Inputs are hashes of names (hashing.py), the same in TypeScript.
"""

import json
import os

import numpy as np
import scipy
from hashing import signed
from scipy.optimize import minimize
from scipy.spatial.distance import pdist
from scipy.special import log_softmax, softmax

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "eval", "features.json")


def rows(name, n, d):
    return np.asarray(signed(name, n * d), dtype=np.float64).reshape(n, d)


def unit(x):
    return x / np.linalg.norm(x, axis=1, keepdims=True)


def collapse(name, n, d):
    z = rows(name, n, d)
    other = rows(name + "+", n, d)
    sigma = np.linalg.svd(z, compute_uv=False)
    p = sigma / sigma.sum() + 1e-7
    return {
        "name": name, "rows": n, "width": d,
        "sigma": sigma.tolist(),
        "rankMe": float(np.exp(-(p * np.log(p)).sum())),
        "std": float(unit(z).std(axis=0).mean()),
        "alignment": float((np.linalg.norm(unit(z) - unit(other), axis=1) ** 2).mean()),
        "uniformity": float(np.log(np.exp(-2 * pdist(unit(z), "sqeuclidean")).mean())),
    }


def knn(name, n, m, d, classes, settings):
    train, test = unit(rows(name, n, d)), unit(rows(name + " test", m, d))
    labels = np.arange(n) * 7 % classes
    sims = test @ train.T
    out = []
    for k, t in settings:
        order = np.argsort(-sims, axis=1, kind="stable")[:, :k]
        weights = np.exp(np.take_along_axis(sims, order, 1) / t)
        votes = np.zeros((m, classes))
        for i in range(m):
            np.add.at(votes[i], labels[order[i]], weights[i])
        top = np.sort(votes, axis=1)
        out.append({
            "k": k, "T": t, "predictions": votes.argmax(1).tolist(),
            # relative lead of the winner, for telling ties
            "lead": ((top[:, -1] - top[:, -2]) / top[:, -1]).tolist(),
        })
    return {"name": name, "rows": n, "tests": m, "width": d, "classes": classes, "settings": out}


def logistic(name, n, d, classes, penalty):
    x = rows(name, n, d)
    y = np.arange(n) * 5 % classes
    hot = np.eye(classes)[y]

    def loss(w):
        weights, bias = w[: d * classes].reshape(d, classes), w[d * classes :]
        z = x @ weights + bias
        value = -(log_softmax(z, axis=1) * hot).sum() / n + penalty / 2 * (weights**2).sum()
        g = (softmax(z, axis=1) - hot) / n
        return value, np.concatenate([(x.T @ g + penalty * weights).ravel(), g.sum(0)])

    found = minimize(loss, np.zeros((d + 1) * classes), jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000})
    value, gradient = loss(found.x)
    return {
        "name": name, "rows": n, "width": d, "classes": classes, "penalty": penalty,
        "loss": float(value), "gradient": float(np.abs(gradient).max()), "weights": found.x[: d * classes].tolist(),
    }


if __name__ == "__main__":
    settings = [(k, t) for k in (1, 10, 200) for t in (0.07, 0.5)]
    result = {
        "numpy": np.__version__, "scipy": scipy.__version__,
        "collapse": [collapse("tall", 90, 17), collapse("wide", 12, 40), collapse("square", 25, 25)],
        "knn": knn("votes", 400, 60, 19, 6, settings),
        "logistic": [logistic("easy", 80, 5, 3, 1e-3), logistic("strong", 60, 7, 4, 0.3)],
    }
    with open(OUT, "w") as file:
        file.write(json.dumps(result, separators=(",", ":"), allow_nan=False) + "\n")
