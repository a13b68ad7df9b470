"""Writes test/fixtures/tokenizer with the reference `tokenizers` package.

    python models/recipe/tokenizer_golden.py [--train]

Training comes out a little different each time (it goes through hash maps), so tiny tokenizers that are there already
are kept; --train makes new ones.

lines.json      the texts, lone surrogates as JSON escapes
default.json    models/default/tokenizer.json: ids, the reference's offsets, spans where they differ, decoded text
kinds/*.json    tiny tokenizers of other kinds, trained on the lines, with the same for a part of the lines

Offsets are UTF-16 units. The reference takes no lone surrogates: they are given to it as U+FFFD, which is what
src/tokenizer reads them as.
"""

import json
import pathlib
import random
import re
import sys

import tokenizers
from tokenizer_kinds import KINDS
from tokenizer_lines import make_lines
from tokenizer_spans import expected_spans
from tokenizers import Tokenizer

ROOT = pathlib.Path(__file__).resolve().parents[2]
TARGET = ROOT / "test" / "fixtures" / "tokenizer"
ENDING = "</s>"


def well_formed(text):
    return re.sub("[\ud800-\udfff]", "\ufffd", text)


def utf16_table(text):
    """[len(text) + 1]: the UTF-16 unit at which each code point begins."""
    table = [0]
    for c in text:
        table.append(table[-1] + (2 if ord(c) > 0xFFFF else 1))
    return table


def decoded(tokenizer, ids, text, ending):
    """`d` without special tokens, left out where it is the text; `D` with them, where it is not `d` and the ending."""
    short, long = (tokenizer.decode(ids, skip_special_tokens=skip) for skip in (True, False))
    return {**({"d": short} if short != text else {}), **({"D": long} if long != short + ending else {})}


def case(tokenizer, line, index, ending=""):
    text = well_formed(line)
    units = utf16_table(text)
    encoding = tokenizer.encode(text)
    return encoding, units, {
        "n": index,
        "i": encoding.ids,
        "o": [units[x] for pair in encoding.offsets for x in pair],
        **decoded(tokenizer, encoding.ids, text, ending),
    }


def random_ids(tokenizer, count=80):
    """Sequences that no text has, most of them with bytes that are no characters; what they decode to."""
    rng = random.Random(9)
    size = tokenizer.get_vocab_size()
    of_bytes = [i for i in (tokenizer.token_to_id(f"<0x{b:02X}>") for b in range(256)) if i is not None]
    for _ in range(count):
        ids = [rng.choice(of_bytes) if of_bytes and rng.random() < 0.6 else rng.randrange(size)
               for _ in range(rng.randint(1, 14))]
        yield {"i": ids, "d": tokenizer.decode(ids, skip_special_tokens=True)}


def default_cases(tokenizer, lines):
    for index, line in enumerate(lines):
        encoding, units, record = case(tokenizer, line, index, ENDING)
        _, spans = expected_spans(tokenizer, well_formed(line))
        other = []
        for k, (start, end, loose) in enumerate(spans):
            span = (-1, -1) if start < 0 else (units[start], units[end])
            if span != (record["o"][2 * k], record["o"][2 * k + 1]) or loose:
                other.append([k, *span, *([1] if loose else [])])
        if other:
            record["s"] = other
        yield record


def write(path, head, cases):
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    path.write_text(json.dumps({"tokenizers": tokenizers.__version__, **head})[:-1] + ',\n"cases":[\n' + rows + "\n]}\n")


def main():
    lines = make_lines()
    write(TARGET / "lines.json", {}, lines)
    default = Tokenizer.from_file(str(ROOT / "models" / "default" / "tokenizer.json"))
    write(TARGET / "default.json", {"ending": ENDING, "random": list(random_ids(default))}, default_cases(default, lines))
    for name, (build, exact) in KINDS.items():
        tokenizer, more = build([well_formed(line) for line in lines])
        path = TARGET / "kinds" / f"{name}.json"
        source = json.loads(tokenizer.to_str())
        if path.exists() and "--train" not in sys.argv:
            source = json.loads(path.read_text())["tokenizer"]
            tokenizer = Tokenizer.from_str(json.dumps(source))
        part = [i for i, line in enumerate(lines) if i % 9 == 0 or len(line) < 9][:260]
        cases = [case(tokenizer, lines[i], i)[2] for i in part]
        cases += [{**case(tokenizer, text, -1)[2], "t": text} for text in more]
        head = {"ending": "", "exact": exact, "tokenizer": source, "random": list(random_ids(tokenizer))}
        write(path, head, cases)


if __name__ == "__main__":
    main()
