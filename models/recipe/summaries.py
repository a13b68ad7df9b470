"""Scores summaries, titles and explanations of the built CLI on the dev sets.

    python summaries.py --model ../default --data FOLDER

Summaries: ROUGE-1, -2 and -L (F) of the sentences chosen, beside the first one and three sentences and TextRank
(Mihalcea and Tarau 2004: words two sentences share, over the sum of the logarithms of their lengths). The references are
titles and first sentences of comments: one line each, so figures of three sentences are low for every method.
Titles and one-liners: ROUGE-L of what the model generates, beside the first sentence. Explanations: chrF and BLEU-4.

A word is a Hangul syllable or a run of other letters and digits: Korean words carry particles and endings, which whole
words would count as misses, and no morphological analyser is needed to repeat the figures.
"""

import argparse
import json
import math
import re
import subprocess
import sys
from pathlib import Path

from rouge_score import rouge_scorer
from sacrebleu.metrics import BLEU, CHRF

MEASURES = ("rouge1", "rouge2", "rougeL")
DAMPING = 0.85


class Words:
    def tokenize(self, text):
        return re.findall(r"[가-힣]|[^\W가-힣]+", text.lower())


SCORER = rouge_scorer.RougeScorer(MEASURES, tokenizer=Words())


def rouge(texts, targets):
    totals = [0.0] * len(MEASURES)
    for text, target in zip(texts, targets):
        scores = SCORER.score(target, text)
        totals = [total + scores[name].fmeasure for total, name in zip(totals, MEASURES)]
    return {name: round(100 * total / len(texts), 2) for name, total in zip(MEASURES, totals)}


def run(options, command, texts):
    """One JSON object of the CLI per text."""
    root = Path(__file__).resolve().parents[2]
    cli = options.cli or root / "dist" / "cli.js"
    arguments = ["node", str(cli), *command, "--model", str(Path(options.model).resolve()), "--lines", "--json"]
    lines = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
    answer = subprocess.run(arguments, input=lines, capture_output=True, encoding="utf-8", check=False)
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(arguments)}: exit {answer.returncode}\n{answer.stderr}")
    results = [json.loads(line) for line in answer.stdout.splitlines()]
    if len(results) != len(texts):
        raise SystemExit(f"{' '.join(arguments)}: {len(texts)} texts in, {len(results)} out")
    return results


def textrank(sentences, count):
    words = [Words().tokenize(sentence) for sentence in sentences]
    edges = [[similarity(a, b) if a is not b else 0.0 for b in words] for a in words]
    totals = [sum(row) for row in edges]
    size = len(sentences)
    scores = [1 / size] * size
    for _ in range(100):
        scores = [
            (1 - DAMPING) / size
            + DAMPING * sum(scores[j] * edges[j][i] / totals[j] for j in range(size) if totals[j] > 0)
            for i in range(size)
        ]
    best = sorted(range(size), key=lambda index: -scores[index])[:count]
    return [sentences[index] for index in sorted(best)]


def similarity(a, b):
    lengths = math.log(max(1, len(a))) + math.log(max(1, len(b)))
    return len(set(a) & set(b)) / lengths if lengths > 0 else 0.0


def split(text):
    return re.split(r"(?<=[.!?。])\s+", text.strip())


def score_extracts(options, rows):
    sources, targets = [row["src"] for row in rows], [row["tgt"] for row in rows]
    found = [split(source) for source in sources]
    result = {}
    for count in (1, 2, 3):
        chosen = run(options, ["summarize", "--sentences", str(count)], sources)
        methods = {
            "headlight": [" ".join(sentence["text"] for sentence in answer["sentences"]) for answer in chosen],
            "lead": [" ".join(sentences[:count]) for sentences in found],
            "textrank": [" ".join(textrank(sentences, count)) for sentences in found],
        }
        result[count] = {name: rouge(texts, targets) for name, texts in methods.items()}
    return result


def score_generated(options, rows, task, language):
    """Texts that get no output count as empty lines, which score nothing."""
    sources, targets = [row["src"] for row in rows], [row["tgt"] for row in rows]
    answers = run(options, ["generate", "--task", task, "--to", language, "--beam", str(options.beam)], sources)
    outputs = [answer["candidates"][0]["text"] if answer["candidates"] else "" for answer in answers]
    refused = sum(output == "" for output in outputs)
    if options.out:
        folder = Path(options.out)
        folder.mkdir(parents=True, exist_ok=True)
        lines = [json.dumps(row, ensure_ascii=False) for row in zip(sources, outputs, targets)]
        (folder / f"{task}.{language}.{len(rows)}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    if task == "explain":
        return {
            "refused": refused,
            "chrf": round(CHRF().corpus_score(outputs, [targets]).score, 2),
            "bleu4": round(BLEU(effective_order=True).corpus_score(outputs, [targets]).score, 2),
        }
    leads = [split(source)[0] for source in sources]
    return {"refused": refused, "generated": rouge(outputs, targets), "lead": rouge(leads, targets)}


SETS = {
    "docs-title.en": ("title", "en"),
    "docs-title.ko": ("title", "ko"),
    "commit-title.en": ("title", "en"),
    "comment-sum.en": ("oneLine", "en"),
    "tldr.en": ("explain", "en"),
    "tldr.ko": ("explain", "ko"),
    "nl2bash": ("explain", "en"),
}


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(here / "../default"))
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--cli", help="the built CLI (default: dist/cli.js)")
    parser.add_argument("--lines", type=int, default=200, help="first lines of each set")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--only", choices=("extracts", "generated"), help="one half of the work")
    parser.add_argument("--sets", help="only sets whose name has this")
    parser.add_argument("--out", help="folder for source, output, reference as JSON lines")
    options = parser.parse_args()
    names = [name for name in SETS if not options.sets or options.sets in name]
    if not names:
        sys.exit(f"no set has {options.sets} in its name")
    for name in names:
        path = Path(options.data) / "eval" / f"{name}.dev.jsonl"
        with path.open(encoding="utf-8") as file:
            rows = [json.loads(line) for line in file][: options.lines]
        task, language = SETS[name]
        score = {"lines": len(rows)}
        if options.only != "extracts":
            score[task] = score_generated(options, rows, task, language)
        if task != "explain" and options.only != "generated":
            score["extracts"] = score_extracts(options, rows)
        print(json.dumps({name: score}), flush=True)


if __name__ == "__main__":
    main()
