"""Rows that a trained model writes, for the next training (`train.py --more-data OUT`).

    python synthesize.py back OUT --model CHECKPOINT --data FOLDER [--rows 200000] [--device cuda]
    python synthesize.py distil OUT --model CHECKPOINT --data FOLDER --to ko

back (Sennrich et al. 2016): sentences that people wrote get a source written by the model. Taken are the English sides of
machine-translated rows, whose own Korean is the vendor's: the target is human, the source is one more way to say it.
distil (Kim and Rush 2016): human sources get the beam's output as their target: plainer than what people write, and easier
for a small model. A good teacher is what this pays with: a larger model, or the mean of several checkpoints.

What the model wrote badly is left out: lost placeholders, circles, runaways, another register. Neither kind is drawn in the
last part of a training run.
"""

import argparse
import json
import random
import re
from pathlib import Path

import data
import spans
import terms
from ctranslate import CTranslate2
from evaluate import repeats, runaway

CHUNK = 2000


def sources(rows, mode, to):
    """[row] -> the texts to translate: what people wrote, in the language the model reads."""
    if mode == "back":
        return [row["en"] for row in rows if row.get("mt")]
    return [row["en" if to == "ko" else "ko"] for row in rows if not row.get("mt")]


def usable(prepared, output, to):
    good = spans.placeholders_agree(prepared, output) and not repeats(output) and not runaway(prepared, output)
    return good and output != "" and not (to == "ko" and terms.other_register(output))


def row_of(mode, to, text, output):
    """back: what was read is the target, what was written the source; distil: the other way about."""
    english, korean = (text, output) if to == "ko" else (output, text)
    if mode == "back":
        return {"en": english, "ko": korean, "kind": "back", "to": "en" if to == "ko" else "ko"}
    return {"en": english, "ko": korean, "kind": "distil", "to": to}


def synthesize(texts, mode, to, engine):
    """-> rows of what `engine` (prepared lines -> lines) makes of the texts, without what it made badly."""
    for start in range(0, len(texts), CHUNK):
        chunk = [text for text in texts[start : start + CHUNK] if not spans.RESERVED.search(text)]
        prepared = [spans.protect(text) for text in chunk]
        outputs = engine([f"<2{to}> {text}" for text, _ in prepared])
        for text, (protected, found), output in zip(chunk, prepared, outputs):
            written = terms.clean(text, output) if to == "ko" else output
            if usable(protected, written, to):
                yield row_of(mode, to, text, spans.restore(written, found)[0])


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mode", choices=("back", "distil"))
    parser.add_argument("out", help="folder that train.py's --more-data gets")
    parser.add_argument("--model", required=True, help="MarianMTModel folder (float)")
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--to", choices=("ko", "en"), default="ko", help="what the model writes (back: ko)")
    parser.add_argument("--rows", type=int, default=200000)
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="CTranslate2's device")
    parser.add_argument("--compute", default="int8", help="CTranslate2's compute type")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    if options.mode == "back" and options.to != "ko":
        parser.error("back writes Korean sources: the other Korean was written by a machine already")
    rows = [row for path in sorted((Path(options.data) / "pairs").glob("docs-*.jsonl*")) for row in data.read_rows(path)]
    if options.mode == "distil":
        rows += [row for path in sorted((Path(options.data) / "pairs").glob("open-*.jsonl*")) for row in data.read_rows(path)]
    texts = [re.sub(r"\s+", " ", text) for text in sources(rows, options.mode, options.to)]
    random.Random(options.seed).shuffle(texts)
    folder = Path(options.out) / "pairs"
    folder.mkdir(parents=True, exist_ok=True)
    count = 0
    with (folder / f"synthetic-{options.mode}-{options.to}.jsonl").open("w", encoding="utf-8") as file:
        for row in synthesize(texts[: options.rows], options.mode, options.to, CTranslate2(options)):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            count += 1
    print(f"{count} rows of {min(len(texts), options.rows)}")


if __name__ == "__main__":
    main()
