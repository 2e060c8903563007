"""Writes tests/fixtures/stats/*.json: golden values of every statistical function, from scipy.

Run: /usr/bin/python3 tests/oracles/stats_scipy.py   (Debian's python3-scipy; any scipy from 1.9 works)
Nothing here shares code with src/stats. Inputs are fixed lists or come from numpy's PCG64 with a fixed seed.
"""

import json
import os

import numpy as np
import scipy
from scipy import stats

OUT = os.path.join(os.path.dirname(__file__), "..", "fixtures", "stats")
MOCO_V1 = [60.6, 60.6, 60.7, 60.9, 61.1]
MOCO_V2 = [67.7, 67.6, 67.4, 67.6, 67.3]


def write(name, value):
    text = json.dumps({"scipy": scipy.__version__, **value}, separators=(",", ":"), default=float, allow_nan=False)
    with open(os.path.join(OUT, name + ".json"), "w") as file:
        file.write(text + "\n")


def distributions():
    ts = [(t, df) for t in (-40.0, -5.0, -0.3, 0.0, 1e-6, 2.1, 30.0) for df in (1, 2, 4.5, 30, 1e5)]
    tq = [(p, df) for p in (1e-8, 0.001, 0.05, 0.3, 0.5, 0.95, 0.975, 0.9999) for df in (1, 1.7, 2, 4, 8.25, 100, 1e6)]
    fs = [(f, a, b) for f in (1e-3, 0.7, 3.2, 90.0) for a, b in ((1, 5), (2, 5), (7, 91), (30, 4))]
    cs = [(x, df) for x in (1e-4, 0.5, 4.0, 25.0, 300.0) for df in (1, 2, 3, 7, 20)]
    zs = [1e-12, 1e-4, 0.2, 0.5, 0.8, 0.975, 0.99999]
    write("distributions", {
        "t": [[t, df, stats.t.cdf(t, df)] for t, df in ts],
        "tQuantile": [[p, df, stats.t.ppf(p, df)] for p, df in tq],
        "fUpperTail": [[f, a, b, stats.f.sf(f, a, b)] for f, a, b in fs],
        "chisquareUpperTail": [[x, df, stats.chi2.sf(x, df)] for x, df in cs],
        "normalQuantile": [[p, stats.norm.ppf(p)] for p in zs],
        "rangeQuantile": [
            [p, k, stats.studentized_range.ppf(p, k, np.inf)] for p in (0.5, 0.9, 0.95, 0.99) for k in (2, 3, 5, 10, 20)
        ],
    })


def samples():
    rng = np.random.default_rng(20240517)
    return [
        (MOCO_V1, MOCO_V2),
        (MOCO_V2, [66.4, 66.9, 67.0]),
        (rng.normal(90, 0.3, 12).tolist(), rng.normal(90.2, 0.9, 7).tolist()),
        ([1e-9, 2e-9, 4e-9], [1.5e-9, 3.5e-9]),
        ([5.0, 5.0, 5.0], [4.0, 6.0, 5.5]),
    ]


def t_tests():
    welch, paired, intervals, tost = [], [], [], []
    for a, b in samples():
        r = stats.ttest_ind(a, b, equal_var=False)
        less = stats.ttest_ind(a, b, equal_var=False, alternative="less").pvalue
        welch.append({"a": a, "b": b, "t": r.statistic, "p": r.pvalue, "pLess": less})
        n = min(len(a), len(b))
        r = stats.ttest_rel(a[:n], b[:n])
        paired.append({"a": a[:n], "b": b[:n], "t": r.statistic, "p": r.pvalue})
        sd, mean, df = np.std(b, ddof=1), np.mean(b), len(b) - 1
        for level in (0.9, 0.95):
            low, high = stats.t.interval(level, df, loc=mean, scale=sd / np.sqrt(len(b)))
            plow, phigh = stats.t.interval(level, df, loc=mean, scale=sd * np.sqrt(1 + 1 / len(b)))
            intervals.append({"values": b, "level": level, "t": [low, high], "prediction": [plow, phigh]})
        for margin in (0.1 * sd, sd, 5 * sd):
            reference = mean + 0.2 * sd
            tost.append({
                "a": b, "reference": reference, "margin": margin,
                "pLower": stats.ttest_1samp(b, reference - margin, alternative="greater").pvalue,
                "pUpper": stats.ttest_1samp(b, reference + margin, alternative="less").pvalue,
            })
            # Shifting one sample by the margin turns Welch's test into one of the two one-sided tests.
            tost.append({
                "a": a, "b": b, "margin": margin,
                "pLower": stats.ttest_ind(np.add(a, margin), b, equal_var=False, alternative="greater").pvalue,
                "pUpper": stats.ttest_ind(np.add(a, -margin), b, equal_var=False, alternative="less").pvalue,
            })
    write("t_tests", {"welch": welch, "paired": paired, "intervals": intervals, "tost": tost})


def counts():
    wilson = []
    for k, n in ((0, 10), (10, 10), (1, 3), (9074, 10000), (3289, 5000), (499, 1000)):
        for level in (0.9, 0.95, 0.99):
            ci = stats.binomtest(k, n).proportion_ci(level, method="wilson")
            wilson.append({"successes": k, "n": n, "level": level, "lower": ci.low, "upper": ci.high})
    mcnemar = [
        {"b": b, "c": c, "p": stats.binomtest(b, b + c, 0.5).pvalue}
        for b, c in ((0, 1), (0, 6), (3, 9), (5, 5), (40, 61), (510, 430))
    ]
    write("counts", {"wilson": wilson, "mcnemar": mcnemar})


def ranks():
    mann_whitney = []
    rng = np.random.default_rng(7)
    untied = [(MOCO_V1, [60.65, 62.0, 60.0]), (rng.normal(0, 1, 9).tolist(), rng.normal(1, 2, 6).tolist()), ([1.0], [2.0])]
    for a, b in [([60.61, 60.62, 60.7, 60.9, 61.1], [60.65, 62.0, 60.0])] + untied[1:]:
        row = {"a": a, "b": b, "u": stats.mannwhitneyu(a, b, method="exact").statistic}
        for name, alternative in (("p", "two-sided"), ("pLess", "less"), ("pGreater", "greater")):
            row[name] = stats.mannwhitneyu(a, b, alternative=alternative, method="exact").pvalue
        mann_whitney.append(row)
    tied = [(MOCO_V1, [60.7, 60.6, 60.9]), ([1, 1, 2, 2], [2, 2, 3]), ([1, 1, 1], [1, 1]), ([3, 1, 1, 4, 5], [1, 2, 3, 3])]
    for a, b in tied:
        def u(x, y, axis=-1):
            return stats.mannwhitneyu(x, y, axis=axis, method="asymptotic").statistic
        row = {"a": a, "b": b, "u": float(u(np.array(a), np.array(b)))}
        for name, alternative in (("p", "two-sided"), ("pLess", "less"), ("pGreater", "greater")):
            r = stats.permutation_test((a, b), u, vectorized=True, n_resamples=np.inf, alternative=alternative)
            row[name] = r.pvalue
        mann_whitney.append(row)
    friedman = []
    for table in (
        rng.normal(0, 1, (6, 4)).tolist(),
        (rng.normal(0, 1, (16, 8)) + np.arange(8) * 0.4).tolist(),
        [[1, 1, 2], [1, 2, 2], [3, 1, 4], [1, 2, 3]],
    ):
        r = stats.friedmanchisquare(*np.array(table).T)
        mean_ranks = np.mean([stats.rankdata(-np.array(row)) for row in table], axis=0)
        n, k = np.shape(table)
        f = (n - 1) * r.statistic / (n * (k - 1) - r.statistic)
        friedman.append({
            "table": table, "meanRanks": mean_ranks.tolist(), "statistic": r.statistic, "p": r.pvalue,
            "f": f, "fP": stats.f.sf(f, k - 1, (k - 1) * (n - 1)),
        })
    nemenyi = [
        {"k": k, "n": n, "alpha": alpha,
         "cd": stats.studentized_range.ppf(1 - alpha, k, np.inf) / np.sqrt(2) * np.sqrt(k * (k + 1) / (6 * n))}
        for k, n in ((2, 10), (4, 14), (8, 16), (16, 3)) for alpha in (0.05, 0.1)
    ]
    write("ranks", {"mannWhitney": mann_whitney, "friedman": friedman, "nemenyi": nemenyi})


def bootstraps():
    """The same resamples on both sides: scipy's generator is replayed to record the indices it drew."""
    cases = []
    rng = np.random.default_rng(11)
    skewed = np.round(rng.exponential(1, 14), 6)
    other = np.round(rng.normal(2, 0.5, 9), 6)
    for name, data, statistic in (
        ("mean", (skewed,), lambda x, axis=-1: np.mean(x, axis=axis)),
        ("sd", (skewed,), lambda x, axis=-1: np.std(x, axis=axis, ddof=1)),
        # A median over few distinct values ties with its own estimate on many resamples.
        ("median", (np.array([1.0, 1.0, 2.0, 2.0, 3.0, 5.0, 8.0]),), lambda x, axis=-1: np.median(x, axis=axis)),
        ("meanDifference", (skewed, other), lambda x, y, axis=-1: np.mean(x, axis=axis) - np.mean(y, axis=axis)),
    ):
        replay = np.random.default_rng(3)
        picks = [replay.integers(0, len(sample), (200, len(sample))).tolist() for sample in data]
        row = {"statistic": name, "strata": [s.tolist() for s in data], "resamples": 200, "picks": picks}
        for method in ("percentile", "BCa"):
            r = stats.bootstrap(data, statistic, n_resamples=200, confidence_level=0.9, method=method,
                                random_state=np.random.default_rng(3))
            row[method.lower()] = [r.confidence_interval.low, r.confidence_interval.high]
            row["standardError"] = r.standard_error
        cases.append(row)
    trimmed = [{"values": v.tolist(), "iqm": stats.trim_mean(v, 0.25)} for v in (skewed, other, other[:3], other[:4])]
    write("bootstrap", {"cases": cases, "interquartileMean": trimmed})


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for make in (distributions, t_tests, counts, ranks, bootstraps):
        make()
