"""Writes test/fixtures/attention/metrics.json: attention maps by chance and what NumPy makes of every measure of them.

    python models/recipe/attention_golden.py

The definitions are written here a second time, over whole arrays and masks where src/attention goes row by row.
"""

import json
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).resolve().parents[2] / "test" / "fixtures" / "attention" / "metrics.json"
rng = np.random.default_rng(11)


def random_map(queries, keys, causal=False, sharpness=2.0, hide=()):
    """Rows by softmax over what can be seen, in float32, since that is what the engine gives."""
    scores = sharpness * rng.normal(size=(queries, keys))
    visible = np.ones((queries, keys), bool)
    if causal:
        visible &= np.tril(visible)
    visible[:, list(hide)] = False
    weights = np.exp(np.where(visible, scores, -np.inf))
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32), visible


def xlogx(a):
    return np.where(a > 0, a * np.log(np.where(a > 0, a, 1)), 0)


def mean(values):
    return float(np.mean(values)) if len(values) else None


def offsets(a, visible, rows, delta):
    return [i for i in rows if 0 <= i + delta < a.shape[1] and visible[i, i + delta]]


def measures(a32, visible, rows, kind, end, special):
    a = np.where(visible, a32.astype(np.float64), 0)
    queries, keys = a.shape
    n = visible.sum(1)
    entropy = -xlogx(a).sum(1)
    inside = visible.copy()
    inside[:, end] = False
    best = np.where(visible, a, -1).argmax(1)
    cross = kind == "cross"
    i, j = np.arange(queries)[:, None], np.arange(keys)[None, :]
    d = abs(i / max(queries - 1, 1) - j / max(keys - 1, 1)) if cross else abs(i - j)
    far = np.where(d.max(1) > 0, d.max(1), 1)
    diag = lambda w: mean([1 - (w * d).sum(1)[r] / far[r] for r in rows])
    alpha = [a[[r for r in rows if visible[r, k]], k].mean() if any(visible[r, k] for r in rows) else -1 for k in range(keys)]
    out = {
        "entropy": mean(entropy[rows]),
        "normalizedEntropy": mean([entropy[r] / np.log(n[r]) for r in rows if n[r] > 1]),
        "effectiveKeys": mean(np.exp(entropy[rows])),
        "confidence": mean([a[r][inside[r]].max() for r in rows if inside[r].any()]),
        "diagonality": diag(a),
        "uniformDiagonality": diag(visible / n[:, None]),
        "monotonicity": mean([k == 0 or best[r] >= best[rows[k - 1]] for k, r in enumerate(rows)]),
        "distance": None if cross else float((a * d)[rows].sum() / a[rows].sum()),
        "sinkKey": int(np.argmax(alpha)),
        "sinkMass": float(max(alpha)),
        "specialMass": mean(a[rows][:, special].sum(1)),
        "firstMass": mean(a[rows, 0]),
    }
    for name, delta in (("previous", -1), ("self", 0), ("next", 1)):
        have = offsets(a, visible, rows, delta)
        out[name] = None if cross else mean([a[r, r + delta] for r in have])
        if delta:
            out[name + "Share"] = None if cross else mean([best[r] == r + delta for r in have])
    return out


def flat(a):
    return np.asarray(a, np.float64).ravel().tolist()


def map_json(a, causal, query_mask=None, key_mask=None):
    return {"weights": flat(a), "queries": a.shape[0], "keys": a.shape[1], "causal": causal,
            **({"queryMask": query_mask} if query_mask else {}), **({"keyMask": key_mask} if key_mask else {})}


def head_cases():
    for queries, keys, kind, masks in [(1, 1, "encoder", 0), (1, 6, "cross", 0), (6, 1, "cross", 0), (2, 2, "decoder", 0),
                                       (7, 7, "encoder", 0), (7, 7, "encoder", 1), (9, 9, "decoder", 0),
                                       (9, 9, "decoder", 1), (5, 12, "cross", 0), (12, 5, "cross", 1), (33, 33, "encoder", 1),
                                       (40, 40, "decoder", 0), (31, 47, "cross", 0)]:
        for sharpness in (0.1, 2.0, 12.0):
            hidden = [keys // 2] if masks else []
            a, visible = random_map(queries, keys, kind == "decoder", sharpness, hidden)
            rows = [r for r in range(queries) if not masks or r % 4 != 1]
            end, special = [keys - 1], [0, keys - 1]
            query_mask = [int(r in rows) for r in range(queries)] if masks else None
            key_mask = [int(k not in hidden) for k in range(keys)] if masks else None
            yield {"map": map_json(a, kind == "decoder", query_mask, key_mask), "kind": kind, "end": end, "special": special,
                   "expected": measures(a, visible, rows, kind, end, sorted(set(special)))}


def pairs():
    for queries, keys, causal in [(1, 1, False), (6, 8, False), (10, 10, True)]:
        for sharp in (1.0, 30.0):
            a, _ = random_map(queries, keys, causal, sharp)
            b, _ = random_map(queries, keys, causal, sharp)
            p, q = a.astype(np.float64), b.astype(np.float64)
            m = (p + q) / 2
            js = (xlogx(p) + xlogx(q)).sum(1) / 2 - xlogx(m).sum(1)
            yield {"a": map_json(a, causal), "b": map_json(b, causal), "expected": float(js.mean())}


def rollouts():
    size, targets, depth = 7, 5, 4
    encoder = [random_map(size, size)[0] for _ in range(depth)]
    decoder = [random_map(targets, targets, True)[0] for _ in range(depth)]
    cross = [random_map(targets, size)[0] for _ in range(depth)]
    half = lambda a: (a.astype(np.float64) + np.eye(len(a))) / 2
    r, results = np.eye(size), []
    for a in encoder:
        r = half(a) @ r
        results.append(flat(r))
    d, both = np.hstack([np.zeros((targets, size)), np.eye(targets)]), []
    for self_map, cross_map in zip(decoder, cross):
        d = half(self_map) @ d / 2 + np.hstack([cross_map.astype(np.float64) @ r, np.zeros((targets, targets))]) / 2
        both.append(flat(d))
    return {"encoder": [map_json(a, False) for a in encoder], "self": [map_json(a, True) for a in decoder],
            "cross": [map_json(a, False) for a in cross], "rollout": results, "both": both}


def transforms():
    for queries, keys in [(6, 9), (8, 8), (30, 45)]:
        a, _ = random_map(queries, keys, sharpness=3.0)
        p = a.astype(np.float64)
        words = lambda n: np.cumsum(rng.random(n) < 0.6) - 0
        qw, kw = words(queries), words(keys)
        qw, kw = qw - qw[0], kw - kw[0]
        columns = np.stack([p[:, kw == w].sum(1) for w in range(kw.max() + 1)], 1)
        merged = np.stack([columns[qw == w].mean(0) for w in range(qw.max() + 1)])
        order = np.argsort(-p, axis=1, kind="stable")
        rank = np.argsort(order, axis=1)
        before = np.cumsum(np.take_along_axis(p, order, 1), 1) - np.take_along_axis(p, order, 1)
        cumulative = np.take_along_axis(before, rank, 1) < 0.75 * p.sum(1, keepdims=True)
        norms = rng.random(keys).astype(np.float32)
        hidden = [0, keys - 1]
        left = np.delete(p, hidden, 1).sum(1) / p.sum(1)
        shown = p.copy()
        shown[:, hidden] = 0
        renormalized = np.where(left[:, None] < 0.1, 0, shown / shown.sum(1, keepdims=True))
        covered = p.sum(0)
        size = 8
        edge = lambda n, m: [(np.arange(n) * m // n == b).nonzero()[0] for b in range(m)]
        pooled = [[p[np.ix_(r, c)].max() for c in edge(keys, min(size, keys))] for r in edge(queries, min(size, queries))]
        yield {"map": map_json(a, False), "queryWords": qw.tolist(), "keyWords": kw.tolist(), "merged": flat(merged),
               "top3": flat(np.where(rank < 3, p, 0)), "cumulative": flat(np.where(cumulative, p, 0)),
               "above": flat(np.where(p >= 0.1, p, 0)), "norms": flat(norms), "weighted": flat(p * norms),
               "hidden": hidden, "kept": flat(left), "renormalized": flat(renormalized), "coverage": flat(covered),
               "penalty": float(-np.log(1 + abs(1 - covered) ** 6).mean()), "poolSize": size, "pooled": flat(pooled)}


def main():
    data = {"numpy": np.__version__, "heads": list(head_cases()), "pairs": list(pairs()), "rollouts": rollouts(),
            "transforms": list(transforms())}
    # Weights are float32: nine digits say which one, and keep the file small.
    text = json.dumps(json.loads(json.dumps(data), parse_float=lambda s: float(f"{float(s):.9g}")), separators=(",", ":"))
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(text + "\n")


if __name__ == "__main__":
    main()
