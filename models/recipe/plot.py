"""Plots a run's log.

python plot.py runs/x/log.jsonl curve.png
"""

import json
import sys
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot


def smoothed(values, share=0.05):
    """Exponential mean over about `share` of the points, without the bias of its start."""
    decay = 1 - 1 / max(1, share * len(values))
    mean, weight, result = 0.0, 0.0, []
    for value in values:
        mean, weight = decay * mean + (1 - decay) * value, decay * weight + (1 - decay)
        result.append(mean / weight)
    return result


def main():
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines()]
    steps = [row for row in rows if "loss" in row]
    tokens_at = {0: 0, **{row["step"]: row["tokens"] for row in steps}}
    figure, axes = pyplot.subplots(figsize=(9, 5))
    x = [row["tokens"] / 1e6 for row in steps]
    axes.plot(x, smoothed([row["nll"] for row in steps]), color="black", label="training")
    dev = [row for row in rows if row.get("event") == "dev"]
    for name in dev[0]["nll"] if dev else ():
        axes.plot([tokens_at[row["step"]] / 1e6 for row in dev], [row["nll"][name] for row in dev], ".-", label=name)
    axes.set_xlabel("million target tokens")
    axes.set_ylabel("nats per target token")
    axes.legend()
    figure.savefig(sys.argv[2], dpi=120, bbox_inches="tight")


if __name__ == "__main__":
    main()
