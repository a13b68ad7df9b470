"""How sure the model must be of an explanation before it is shown: quality against its own mean log-probability.

    python calibrate_explain.py --data FOLDER [--beam 1] [--out FILE.tsv]

Explains the commands of the dev sets (eval/tldr.en.dev.jsonl, eval/nl2bash.dev.jsonl) through the built CLI with the
shipped int8 weights, and prints one line per threshold on the mean log-probability per target token (nats): the share of
commands whose explanation is at least that probable, its mean ROUGE-L against the reference, and the shares of it that are
close (ROUGE-L of at least 0.5) and beside the point (less than 0.2). References are one way of many to say it, so what is
close is a lower bound.
"""

import argparse
import json
import re
import subprocess
from pathlib import Path

SETS = ("tldr.en.dev.jsonl", "nl2bash.dev.jsonl")
CLOSE, BESIDE = 0.5, 0.2
THRESHOLDS = (-9.9, -1.5, -1.2, -1.0, -0.9, -0.8, -0.7, -0.6, -0.5, -0.4, -0.3)


def explain(commands, options):
    """-> [{"text", "logProbability" (sum, nats), "ids" (<pad> first), "ended"}], one per command."""
    root = Path(__file__).resolve().parents[2]
    # `<` of a source that would read as a special token is set apart, as the engine does it.
    special = re.compile(r"<(?=c\d+>|/s>|pad>|unk>|nl>|2(?:ko|en)>|(?:title|sum|explain)k?>)")
    lines = [
        "<explain> " + re.sub(r"\s*\n\s*", " <nl> ", special.sub("< ", command.strip())) for command in commands
    ]
    command = ["node", str(root / "dist/cli.js"), "translate", "--raw", "--json", "--model", options.model]
    command += ["--beam", str(options.beam), "--max-tokens", "96"]
    answer = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", check=True)
    results = [json.loads(line) for line in answer.stdout.splitlines()]
    if len(results) != len(lines):
        raise SystemExit(f"{len(lines)} commands in, {len(results)} explanations out")
    return results


def score(rows, results):
    """-> [(mean log-probability, ROUGE-L)], a hypothesis that did not end counting as impossible."""
    from rouge_score import rouge_scorer

    from summaries import Words

    scorer = rouge_scorer.RougeScorer(["rougeL"], tokenizer=Words())
    points = []
    for row, result in zip(rows, results, strict=True):
        mean = result["logProbability"] / (len(result["ids"]) - 1) if result["ended"] else float("-inf")
        points.append((mean, scorer.score(row["tgt"], result["text"])["rougeL"].fmeasure))
    return points


def table(points):
    lines = ["| at least | answered | ROUGE-L | close | beside |", "| ---: | ---: | ---: | ---: | ---: |"]
    for threshold in THRESHOLDS:
        kept = [rouge for mean, rouge in points if mean >= threshold]
        if not kept:
            continue
        close = sum(rouge >= CLOSE for rouge in kept) / len(kept)
        beside = sum(rouge < BESIDE for rouge in kept) / len(kept)
        share, mean = len(kept) / len(points), sum(kept) / len(kept)
        lines.append(f"| {threshold:.1f} | {share:.0%} | {mean:.3f} | {close:.0%} | {beside:.0%} |")
    return "\n".join(lines)


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(here / "../default"))
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--beam", type=int, default=1)
    parser.add_argument("--lines", type=int, help="first lines of each set")
    parser.add_argument("--out", help="TSV of log-probability, ROUGE-L, command, explanation, reference")
    options = parser.parse_args()
    everything, written = [], []
    for name in SETS:
        path = Path(options.data) / "eval" / name
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
        results = explain([row["src"] for row in rows], options)
        points = score(rows, results)
        everything += points
        for (mean, rouge), row, result in zip(points, rows, results, strict=True):
            fields = [f"{mean:.3f}", f"{rouge:.3f}", row["src"], result["text"], row["tgt"]]
            written.append("\t".join(re.sub(r"\s+", " ", field) for field in fields))
        print(f"\n{name}, {len(rows)} commands, beam {options.beam}\n\n{table(points)}")
    print(f"\nboth\n\n{table(everything)}")
    if options.out:
        Path(options.out).write_text("\n".join(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
