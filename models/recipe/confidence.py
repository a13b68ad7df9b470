"""How well the model's own log-probabilities tell bad translations from good ones, and where to draw the line.

    python confidence.py --data FOLDER [--lines 300] [--beam 1] [--write]

Translates dev sets through the CLI, pairs the mean log-probability per target token of each line with its chrF, and prints
the area under the ROC curve for "the worse half of its set and direction", and the threshold below which a sentence is
shown as uncertain: the one that marks a tenth of documentation sentences (those the model was made for), with the
share of bad ones (chrF below 30) among marked and unmarked lines.
"""

import argparse
import json
from pathlib import Path

import programs

MARKED_SHARE = 0.1
BAD_CHRF = 30


def area(scores, labels):
    """P(score of a positive > score of a negative), ties counted half (Mann-Whitney)."""
    ranked = sorted(zip(scores, labels))
    rank_sum, index = 0.0, 0
    while index < len(ranked):
        end = index
        while end < len(ranked) and ranked[end][0] == ranked[index][0]:
            end += 1
        middle = (index + 1 + end) / 2
        rank_sum += middle * sum(label for _, label in ranked[index:end])
        index = end
    positives = sum(labels)
    negatives = len(labels) - positives
    if not positives or not negatives:
        raise ValueError("both halves need lines")
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)


def worse_half(values):
    """1 for the worse half: below the median."""
    median = sorted(values)[len(values) // 2]
    return [int(value < median) for value in values]


def quantile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main():
    from sacrebleu.metrics import CHRF

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(Path(__file__).parent / "../default"))
    parser.add_argument("--data", default=str(Path(__file__).parent / "../../../shared/data"))
    parser.add_argument("--lines", type=int, default=300)
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="put the threshold into the model's config.json")
    options = parser.parse_args()
    chrf = CHRF()
    everything, documentation = [], []
    for path in sorted((Path(options.data) / "eval").glob("*.tsv")):
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
        for to, column in (("ko", 0), ("en", 1)):
            lines = [programs.normalized(row[column]) for row in rows]
            answers = programs.translate(options, lines, to, options.beam)
            pairs = [
                (confidence, chrf.sentence_score(answer["text"], [row[1 - column]]).score)
                for answer, row in zip(answers, rows)
                if (confidence := mean_log_probability(answer["segments"])) is not None
            ]
            bad = worse_half([score for _, score in pairs])
            figure = area([-confidence for confidence, _ in pairs], bad)
            everything += pairs
            if "docs" in path.stem:
                documentation += pairs
            print(json.dumps({"set": path.stem, "to": to, "lines": len(pairs), "auc": round(figure, 3)}), flush=True)
    threshold = quantile([confidence for confidence, _ in documentation], MARKED_SHARE)
    if options.write:
        path = Path(options.model) / "config.json"
        config = json.loads(path.read_text())
        config["headlight"]["uncertainBelow"] = round(threshold, 2)
        path.write_text(json.dumps(config, indent=2) + "\n")
    for name, pairs in (("documentation", documentation), ("all", everything)):
        marked = [score < BAD_CHRF for confidence, score in pairs if confidence < threshold]
        unmarked = [score < BAD_CHRF for confidence, score in pairs if confidence >= threshold]
        figures = {
            "lines": len(pairs),
            "threshold": round(threshold, 3),
            "marked": round(len(marked) / len(pairs), 3),
            "bad_among_marked": round(sum(marked) / max(1, len(marked)), 3),
            "bad_among_unmarked": round(sum(unmarked) / max(1, len(unmarked)), 3),
        }
        print(json.dumps({name: figures}))


def mean_log_probability(segments):
    """Per target character, which is what the segments tell of their lengths; None where nothing was translated."""
    scored = [part for part in segments if "logProbability" in part]
    weights = [max(1, part["targetEnd"] - part["targetStart"]) for part in scored]
    if not scored:
        return None
    return sum(part["logProbability"] * weight for part, weight in zip(scored, weights)) / sum(weights)


if __name__ == "__main__":
    main()
