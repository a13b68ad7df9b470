"""The text the editor really sends, by rule: clean pairs of sentences made into what people select in their files.

    python augment.py --data FOLDER        # prints the worn dev set

Rules work on text as it is written, before spans are protected, so that the editor's own rules meet the worn text. The
source wears; the target stays clean, or follows where the user's own marks must come out again (list marks, code on the
line). Each rule answers None where it does not apply.
"""

import argparse
import json
import random
import re
import unicodedata
from pathlib import Path

import spans

HANGUL = "가-힣"
CODE = re.compile(r"`([^`\n]+)`")
FINAL_STOP = re.compile(r"[.。]$")
LIST_MARKS = ("- ", "* ", "+ ", "1. ", "2) ", "> ", "[ ] ")
COMMENT_MARKS = ("// ", "/// ", "# ", "-- ", "; ")
CODE_LINES = ("return {0};", "let {0} = {1};", "{0}({1});", "if ({0}) {{", "{0} += 1;", "self.{0} = {1}")
NAMES = ("i", "count", "value", "isReady", "user_id", "items", "getName", "cfg", "x", "max_size", "next")


def cased(text, change):
    """Changes the case of everything but what stays as it is in use: code, names, paths, placeholders."""
    kept = re.compile(f"{spans.PLACEHOLDER.pattern}|{spans.IDENTIFIERS.pattern}", re.ASCII)
    parts, position = [], 0
    for match in kept.finditer(text):
        parts += [change(text[position : match.start()]), match.group()]
        position = match.end()
    return "".join([*parts, change(text[position:])])


def no_stop(source, target, rng):
    """Both sides lose the final stop."""
    if FINAL_STOP.search(source) and FINAL_STOP.search(target):
        return source[:-1], target[:-1]
    return None


def source_stop(source, target, rng):
    """The source alone loses it: the sentence is whole."""
    return (source[:-1], target) if FINAL_STOP.search(source) else None


def lower(source, target, rng):
    worn = cased(source, str.lower)
    return (worn, target) if worn != source else None


def capitals(source, target, rng):
    worn = cased(source, str.upper)
    return (worn, target) if worn != source and len(source) < 120 else None


def spacing(source, target, rng):
    """Korean as it is often typed: some blanks missing, a few too many."""

    def blank(match):
        choice = rng.random()
        return "" if choice < 0.25 else "  " if choice < 0.3 else " "

    worn = re.sub(rf"(?<=[{HANGUL}]) (?=[{HANGUL}])", blank, source)
    return (worn, target) if worn != source else None


def decomposed(source, target, rng):
    """Korean as some file systems and editors write it: a syllable in its letters (NFD)."""
    worn = unicodedata.normalize("NFD", source)
    return (worn, target) if worn != source else None


def list_mark(source, target, rng):
    mark = rng.choice(LIST_MARKS)
    return mark + source, mark + target


def comment_mark(source, target, rng):
    mark = rng.choice(COMMENT_MARKS)
    return mark + source, mark + target


def code_before(source, target, rng):
    """Code on the same line, before its comment: it comes out as it was."""
    line = rng.choice(CODE_LINES).format(rng.choice(NAMES), rng.choice(NAMES))
    mark = "# " if line.startswith("self.") else "// "
    return f"{line}  {mark}{source}", f"{line}  {mark}{target}"


def bare_code(source, target, rng):
    """Identifiers without backticks, on both sides. Only where every span is one word, as such names are written."""
    if not CODE.search(source) or any(" " in text for text in CODE.findall(source + target)):
        return None
    return CODE.sub(r"\1", source), CODE.sub(r"\1", target)


def outside_code(text, pattern):
    """Positions of the pattern's matches that are in no code span."""
    covered = [match.span() for match in CODE.finditer(text)]
    return [
        match for match in pattern.finditer(text) if not any(start <= match.start() < end for start, end in covered)
    ]


def broken_line(source, target, rng):
    """A line end in the middle of the sentence, often with the comment mark of the next line; the target is one line."""
    blanks = [match.start() for match in outside_code(source, re.compile(r"(?<=\S) (?=\S)"))]
    blanks = [position for position in blanks if 12 < position < len(source) - 8]
    if not blanks:
        return None
    position = rng.choice(blanks)
    mark = rng.choice(("", "", "   ", "// ", " * ", "# "))
    return f"{source[:position]}\n{mark}{source[position + 1 :]}", target


def fragment(source, target, rng):
    """A part of the sentence that both sides mark off in the same way: what stands in their only parentheses, or on
    one side of their only colon."""
    for opening, closing in (r"\(", r"\)"), (":", "$"):
        pattern = re.compile(rf"{opening}\s*([^():]{{6,}}?)\s*{closing}")
        left, right = outside_code(source, pattern), outside_code(target, pattern)
        marks = re.compile(opening)
        if len(left) == len(right) == 1 and len(marks.findall(source)) == len(marks.findall(target)) == 1:
            if opening == ":" and rng.random() < 0.5:
                return source[: left[0].start()].strip(), target[: right[0].start()].strip()
            return left[0].group(1), right[0].group(1)
    return None


# rule, and the directions in which it makes sense
RULES = {
    "broken-line": (broken_line, ("<2ko>", "<2en>")),
    "no-stop": (no_stop, ("<2ko>", "<2en>")),
    "source-stop": (source_stop, ("<2ko>", "<2en>")),
    "lower": (lower, ("<2ko>",)),
    "capitals": (capitals, ("<2ko>",)),
    "fragment": (fragment, ("<2ko>", "<2en>")),
    "list-mark": (list_mark, ("<2ko>", "<2en>")),
    "comment-mark": (comment_mark, ("<2ko>", "<2en>")),
    "code-before": (code_before, ("<2ko>", "<2en>")),
    "bare-code": (bare_code, ("<2ko>", "<2en>")),
    "spacing": (spacing, ("<2en>",)),
    "decomposed": (decomposed, ("<2en>",)),
}

# How often a rule is tried, per source of the rows. Documentation is what hovers and selections in prose send; comments
# come with their marks and code; UI strings are short and whole.
USUAL = {
    "broken-line": 0.04, "no-stop": 0.05, "source-stop": 0.02, "lower": 0.03, "capitals": 0.005, "fragment": 0.05,
    "list-mark": 0.02, "comment-mark": 0.01, "code-before": 0.01, "bare-code": 0.05, "spacing": 0.06, "decomposed": 0.005,
}  # fmt: skip
PROBABILITIES = {
    "ms": USUAL,
    "ms-mt": {"spacing": 0.06, "no-stop": 0.05, "bare-code": 0.05},
    "docs": USUAL,
    "paragraph": {"broken-line": 0.15, "spacing": 0.05, "bare-code": 0.05, "comment-mark": 0.02},
    "comment": {
        **USUAL, "broken-line": 0.14, "comment-mark": 0.08, "code-before": 0.06, "no-stop": 0.08, "lower": 0.08,
        "capitals": 0.01,
    },  # fmt: skip
    "ui": {"no-stop": 0.05, "lower": 0.04, "capitals": 0.02, "list-mark": 0.02, "spacing": 0.05},
    "general": {"no-stop": 0.03, "lower": 0.03, "spacing": 0.05},
}
JOINED = 0.04  # share of translations that become two sentences of one source


def wear(group, tag, source, target, rng):
    """One rule at most, drawn by the probabilities of the row's source."""
    choice = rng.random()
    for name, probability in PROBABILITIES.get(group.partition(">")[0], {}).items():
        rule, tags = RULES[name]
        if tag not in tags:
            continue
        if choice < probability:
            return rule(source, target, rng) or (source, target)
        choice -= probability
    return source, target


def joined(rows, rng):
    """[(group, (tag, source, target))]: some become two sentences, with the next row of their group. Both must be whole
    sentences, or the seam would be no end of one."""
    result = []
    for index, (group, (tag, source, target)) in enumerate(rows):
        if tag in ("<2ko>", "<2en>") and rng.random() < JOINED and index + 1 < len(rows):
            other, (_, next_source, next_target) = rows[index + 1]
            texts = (source, target, next_source, next_target)
            if other == group and all(FINAL_STOP.search(text) for text in texts) and sum(map(len, texts)) < 500:
                source, target = f"{source} {next_source}", f"{target} {next_target}"
        result.append((group, (tag, source, target)))
    return result


WORN_SETS = ("msdocs-dev", "ossdocs-dev")
WORN_LINES = 300
TWO = "two-sentences"


def worn_dev(folder, lines=WORN_LINES):
    """[{"rule", "to", "set", "text", "reference", "clean", "cleanReference"}]: dev lines as editors send them, the same each
    time. Every rule gets its share; `clean` is the line as it was, for the price of the wear."""
    rng = random.Random("worn dev set")
    pool = []
    for name in WORN_SETS:
        for line in (Path(folder) / "eval" / f"{name}.tsv").read_text(encoding="utf-8").splitlines():
            english, korean = line.split("\t")
            pool += [("ko", english, korean, name), ("en", korean, english, name)]
    rng.shuffle(pool)
    names = (*RULES, TWO)
    counts = {name: lines // len(names) + (index < lines % len(names)) for index, name in enumerate(names)}
    result, waiting = [], {}
    for to, source, target, name in pool:
        if counts[TWO] and FINAL_STOP.search(source) and FINAL_STOP.search(target):
            before = waiting.pop((to, name), None)
            if before is None:
                waiting[to, name] = (source, target)
                continue
            counts[TWO] -= 1
            source, target = f"{before[0]} {source}", f"{before[1]} {target}"
            result.append(worn_row(TWO, to, name, (source, target), (source, target)))
            continue
        # rare shapes first, or all lines that can be fragments would be spent on stops
        rules = [rule for rule, count in counts.items() if count and rule != TWO and f"<2{to}>" in RULES[rule][1]]
        for rule in sorted(rules, key=lambda rule: (rule not in ("fragment", "bare-code"), rng.random())):
            pair = RULES[rule][0](source, target, rng)
            if pair:
                counts[rule] -= 1
                result.append(worn_row(rule, to, name, (source, target), pair))
                break
    if any(counts.values()):
        raise ValueError(f"{folder}: too few dev lines for {[rule for rule, count in counts.items() if count]}")
    return result


def worn_row(rule, to, name, clean, worn):
    return {
        "rule": rule, "to": to, "set": name, "text": worn[0], "reference": worn[1], "clean": clean[0],
        "cleanReference": clean[1],
    }  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(Path(__file__).parent / "../../../shared/data"))
    options = parser.parse_args()
    for row in worn_dev(options.data):
        print(json.dumps(row, ensure_ascii=False))


if __name__ == "__main__":
    main()
