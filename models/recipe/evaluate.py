"""Scores a model through the built CLI, in one command, as JSON.

    python evaluate.py --data FOLDER [--lines 200] [--parts pairs,spans] [--float CHECKPOINT] [--report FILE.json]

Parts:
- pairs: chrF (sacrebleu's default) of every dev set in both directions, greedy and beam 4, through the whole program; how
  many Korean outputs break the register or the terms of `terms.py`; how well log-probabilities tell the worse half (AUC).
- spans: sentences whose placeholders the model itself brings back exactly once each, before any retry; and how many the
  program, whose search knows the rule, still leaves as they were for that.
- worn: the dev lines as editors send them (`augment.py`), beside the same lines as they were.
- circles: repeats and runaways in 5,000 dev and source-comment lines, greedy.
- float: the int8 weights against the checkpoint they were made of (`--float`), both in the same engine, the model alone.
- tasks: titles, one-liners, explanations (`summaries.py`'s scores).

Results go to the standard output, and with `--report` into a file, part by part: parts that stand there are not run again.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

import augment
import programs
import spans
import terms
from confidence import area, mean_log_probability, worse_half
from programs import normalized

BEAMS = {"greedy": 1, "beam4": 4}
CIRCLES = 5000


def repeats(text, size=4, times=3):
    """An n-gram of `size` words `times` times, in a row or not: the sign of a decoder that runs in circles."""
    words = text.split()
    grams = Counter(tuple(words[index : index + size]) for index in range(len(words) - size + 1))
    return any(count >= times for count in grams.values())


def runaway(source, output):
    """Over 2.5 times the source's length, in letters; a Hangul syllable counts as two. Very short texts may be."""
    left, right = (len(text) + len(re.findall(r"[가-힣]", text)) for text in (source, output))
    return right > max(24, 2.5 * left)


def chrf(outputs, references):
    from sacrebleu.metrics import CHRF

    return round(CHRF().corpus_score(outputs, [references]).score, 2)


def dev_sets(options):
    """[(name, "ko" or "en", sources, references)] of eval/*.tsv."""
    result = []
    for path in sorted((Path(options.data) / "eval").glob("*.tsv")):
        if options.sets and options.sets not in path.name:
            continue
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
        for to, column in (("ko", 0), ("en", 1)):
            sources, references = ([normalized(row[side]) for row in rows] for side in (column, 1 - column))
            result.append((path.stem, to, sources, references))
    if not result:
        sys.exit(f"no dev sets in {options.data}/eval")
    return result


def shares(sources, outputs):
    return {
        "repeats": sum(repeats(output) and not repeats(source) for source, output in zip(sources, outputs)),
        "runaways": sum(map(runaway, sources, outputs)),
    }


def kept(answers):
    """Sentences that stand in the result as they were, because nothing the model wrote might stand: by reason."""
    return dict(Counter(part["reason"] for answer in answers for part in answer["segments"] if "reason" in part))


def register(sources, outputs):
    """How many Korean outputs break the one register, and the list of terms, and which of its words do."""
    words = Counter(word for pair in zip(sources, outputs) for word in terms.broken_terms(*pair))
    return {
        "other_register": sum(map(terms.other_register, outputs)),
        "with_broken_terms": sum(bool(terms.broken_terms(*pair)) for pair in zip(sources, outputs)),
        "broken_terms": dict(words.most_common()),
    }


def auc(answers, references):
    from sacrebleu.metrics import CHRF

    metric = CHRF()
    pairs = [
        (confidence, metric.sentence_score(answer["text"], [reference]).score)
        for answer, reference in zip(answers, references)
        if (confidence := mean_log_probability(answer["segments"])) is not None
    ]
    return round(area([-confidence for confidence, _ in pairs], worse_half([score for _, score in pairs])), 3)


def score_pairs(options):
    result = {}
    for name, to, sources, references in dev_sets(options):
        score = {"lines": len(sources)}
        for label, beam in BEAMS.items():
            answers = programs.translate(options, sources, to, beam)
            outputs = [answer["text"] for answer in answers]
            score[label] = {"chrf": chrf(outputs, references), **shares(sources, outputs), "kept": kept(answers)}
            if beam == 1:
                score[label]["auc"] = auc(answers, references)
            if to == "ko":
                score[label].update(register(sources, outputs))
            write(options, f"{name}.{to}.{label}", zip(sources, outputs, references))
        result.setdefault(name, {})[to] = score
        print(json.dumps({name: {to: score}}), file=sys.stderr, flush=True)
    return result


def score_spans(options):
    result = {label: {"sentences": 0, "kept": 0, "lost": 0} for label in BEAMS}
    for _, to, sources, _ in dev_sets(options):
        rows = zip(sources, programs.prepare(options, sources, to))
        chosen = [(source, row["source"]) for source, row in rows if spans.PLACEHOLDER.search(row["source"])]
        prepared = [text for _, text in chosen]
        for label, beam in BEAMS.items():
            answers = programs.translate(options, [source for source, _ in chosen], to, beam)
            result[label]["lost"] += kept(answers).get("spanLost", 0)
            outputs = programs.raw(options, prepared, beam)
            result[label]["sentences"] += len(prepared)
            result[label]["kept"] += sum(map(spans.placeholders_agree, prepared, outputs))
    for score in result.values():
        score["percent"] = round(100 * score["kept"] / max(1, score["sentences"]), 2)
    return result


def score_worn(options):
    """chrF of both directions together, each text as it is worn and as it was."""
    rows = augment.worn_dev(options.data)
    for to in ("ko", "en"):
        chosen = [row for row in rows if row["to"] == to]
        for source, output in (("text", "output"), ("clean", "cleanOutput")):
            answers = programs.translate_texts(options, [row[source] for row in chosen], to, 1)
            for row, answer in zip(chosen, answers):
                row[output] = answer["text"]
    write(options, "worn", ((row["rule"], row["text"], row["output"], row["reference"]) for row in rows))

    def both(chosen):
        return {
            "lines": len(chosen),
            "chrf": chrf([row["output"] for row in chosen], [row["reference"] for row in chosen]),
            "clean": chrf([row["cleanOutput"] for row in chosen], [row["cleanReference"] for row in chosen]),
        }

    rules = sorted({row["rule"] for row in rows})
    return {
        "all": both(rows),
        **{to: both([row for row in rows if row["to"] == to]) for to in ("ko", "en")},
        "rules": {rule: both([row for row in rows if row["rule"] == rule]) for rule in rules},
    }


def comment_lines(folder):
    """Sentences of the source comments of the dev sets."""
    path = Path(folder) / "eval" / "comment-sum.en.dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    sentences = (part for row in rows for part in re.split(r"(?<=[.!?])\s+", normalized(row["src"])))
    return [sentence for sentence in sentences if re.search(r"[A-Za-z]{2}", sentence)]


def score_circles(options, count=CIRCLES):
    """All comments there are, up to a fifth, and dev lines of every set and direction in equal steps."""
    comments = comment_lines(options.data)[: count // 5]
    sets = dev_sets(argparse.Namespace(**{**vars(options), "lines": None}))
    lines = [("ko", sentence) for sentence in comments]
    everything = [(to, source) for _, to, sources, _ in sets for source in sources]
    step = max(1.0, len(everything) / (count - len(lines)))
    lines += [everything[int(index * step)] for index in range(min(len(everything), count - len(lines)))]
    result = {"lines": len(lines), "comments": len(comments), "repeats": 0, "runaways": 0, "kept": Counter()}
    for to in ("ko", "en"):
        sources = [text for direction, text in lines if direction == to]
        answers = programs.translate(options, sources, to, 1)
        outputs = [answer["text"] for answer in answers]
        for name, number in shares(sources, outputs).items():
            result[name] += number
        result["kept"].update(kept(answers))
        write(options, f"circles.{to}", zip(sources, outputs))
    result["percent"] = round(100 * (result["repeats"] + result["runaways"]) / len(lines), 3)
    result["kept"] = dict(result["kept"])
    return result


def score_float(options):
    if not options.float:
        sys.exit("the part float needs --float: the checkpoint that the int8 weights were made of")
    exact = argparse.Namespace(**{**vars(options), "model": options.float})
    result = {}
    for name, to, sources, references in dev_sets(options):
        prepared = programs.prepare(options, sources, to)
        scores = []
        for model in (options, exact):
            outputs = programs.raw(model, [row["source"] for row in prepared], 4)
            restored = [spans.restore(output, row["spans"])[0] for output, row in zip(outputs, prepared)]
            scores.append(chrf([re.sub(r"\s*<nl>\s*", " ", text) for text in restored], references))
        difference = round(scores[0] - scores[1], 2)
        result.setdefault(name, {})[to] = {"int8": scores[0], "float": scores[1], "difference": difference}
    return result


def score_tasks(options):
    import summaries

    asked = argparse.Namespace(**{**vars(options), "beam": 4})
    result = {}
    for name, (task, language) in summaries.SETS.items():
        path = Path(options.data) / "eval" / f"{name}.dev.jsonl"
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
        result[name] = {"lines": len(rows), task: summaries.score_generated(asked, rows, task, language)}
    return result


PARTS = {
    "pairs": score_pairs,
    "spans": score_spans,
    "worn": score_worn,
    "circles": score_circles,
    "float": score_float,
    "tasks": score_tasks,
}


def write(options, name, rows):
    if not options.out:
        return
    folder = Path(options.out)
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join("\t".join(re.sub(r"[\t\n]", "⏎", field) for field in row) + "\n" for row in rows)
    (folder / f"{name}.tsv").write_text(text, encoding="utf-8")


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(here / "../default"))
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--cli", help="the built CLI (default: dist/cli.js)")
    parser.add_argument("--parts", help=f"some of {','.join(PARTS)} (default: all; float where --float is given)")
    parser.add_argument("--lines", type=int, help="first lines of each set (default: all)")
    parser.add_argument("--sets", help="only dev sets whose name has this")
    parser.add_argument("--float", help="the checkpoint that the int8 weights were made of")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--report", help="JSON file to write, part by part, and to go on with")
    parser.add_argument("--out", help="folder for what was translated, as TSV")
    options = parser.parse_args()
    names = options.parts.split(",") if options.parts else [name for name in PARTS if name != "float" or options.float]
    if unknown := set(names) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    report = Path(options.report) if options.report else None
    results = json.loads(report.read_text(encoding="utf-8")) if report and report.exists() else {}
    settings = {"lines": options.lines, "sets": options.sets}
    for name in names:
        if results.get(name, {}).get("settings") == settings:
            continue
        results[name] = {"settings": settings, **PARTS[name](options)}
        if report:
            report.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
