"""Training examples: weighted groups of rows -> prepared text -> pieces -> batches of similar lengths.

The order follows from the seed alone and is resumable: a window of examples is drawn from the groups (each group its
own endless sequence of permutations), prepared, sorted into micro-batches, and these are shuffled. The state is the
number of windows drawn before, each group's position, and how many micro-batches of the window were used.

    python data.py --data FOLDER --show 20      # prints prepared examples of every group: read them before training
"""

import argparse
import json
import lzma
import random
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import torch
from tokenizers import Tokenizer

import spans

PAD, EOS = 0, 1
MAX_PIECES = 256
TRANSLATIONS = ("<2ko>", "<2en>")
TASK_TAGS = {
    ("title", "en"): "<title>",
    ("title", "ko"): "<titlek>",
    ("sum", "en"): "<sum>",
    ("sum", "ko"): "<sumk>",
    ("explain", "en"): "<explain>",
    ("explain", "ko"): "<explaink>",
}

# Share of the examples per group. Machine-translated Korean (`ms-mt`) is read, never written; comments, UI strings,
# messages and general text are far above their share of the rows.
WEIGHTS = {
    "ms>ko": 0.22,
    "ms>en": 0.15,
    "ms-mt>en": 0.04,
    "docs>ko": 0.16,
    "docs>en": 0.12,
    "ui>ko": 0.06,
    "ui>en": 0.04,
    "comment>ko": 0.025,
    "comment>en": 0.02,
    "general>ko": 0.03,
    "general>en": 0.03,
    "paragraph>ko": 0.025,
    "paragraph>en": 0.02,
    "summarize": 0.025,
    "explain": 0.035,
    "plain": 1.0,  # a corpus of its own, as it is: no tags, no protection, no wear
}


def read_rows(path):
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def plain_style(korean):
    """Ends in the plain -다 rather than the polite -니다: no target for documentation, whose register is -ㅂ니다."""
    return re.search(r"(?<!니)다[.!:]?[)\"'”’]?$", korean) is not None


def load_groups(folder):
    """-> {group: [(tag, source, target)]} of every kind in `folder` (pairs, tasks, plain: *.jsonl[.xz])."""
    groups = {name: [] for name in WEIGHTS}
    for path in sorted((Path(folder) / "pairs").glob("*.jsonl*")):
        for row in read_rows(path):
            english, korean = row["en"], row["ko"]
            if path.name.startswith("paragraphs"):
                group = "paragraph"
            elif path.name.startswith("docs-microsoft"):
                group = "ms-mt" if row.get("mt") else "ms"
            else:
                group = row["kind"]
            groups[f"{group}>en"].append(("<2en>", korean, english))
            if group != "ms-mt" and (group == "general" or not plain_style(korean)):
                groups[f"{group}>ko"].append(("<2ko>", english, korean))
    for path in sorted((Path(folder) / "tasks").glob("*.jsonl*")):
        for row in read_rows(path):
            tag = TASK_TAGS.get((row["task"], row["nl"]))
            if tag:
                group = "explain" if row["task"] == "explain" else "summarize"
                groups[group].append((tag, row["src"], row["tgt"]))
    for path in sorted((Path(folder) / "plain").glob("*.jsonl*")):
        groups["plain"].extend(("", row["src"], row["tgt"]) for row in read_rows(path))
    return {name: rows for name, rows in groups.items() if rows}


MARKERS = ("- ", "* ", "// ", "# ", "1. ", "> ")


def cased(text, change):
    """Changes the case of everything but placeholders."""
    parts = re.split(r"(<c\d+>)", text)
    return "".join(part if part.startswith("<c") else change(part) for part in parts)


def loose_spacing(text, rng):
    """Korean as it is often typed: some blanks missing, a few too many."""

    def blank(match):
        choice = rng.random()
        return "" if choice < 0.2 else match.group() + " " if choice < 0.25 else match.group()

    return re.sub(r"(?<=[\uAC00-\uD7A3]) (?=[\uAC00-\uD7A3])", blank, text)


def worn(source, target, to_korean, rng):
    """The text an editor really sends, by rule: one kind of wear, on the source only except where the target must
    follow (markers, missing stops). Targets stay clean."""
    choice = rng.random()
    if choice < 0.06:  # no final stop: the target loses its own
        if re.search(r"[.。]$", source) and re.search(r"[.。]$", target):
            return source[:-1], target[:-1]
    elif choice < 0.08:  # the source alone loses it
        return re.sub(r"[.:!]$", "", source), target
    elif choice < 0.12 and to_korean:
        return cased(source, str.lower), target
    elif choice < 0.125 and to_korean:
        return cased(source, str.upper), target
    elif choice < 0.14:
        marker = rng.choice(MARKERS)
        return marker + source, marker + target
    elif choice < 0.18 and not to_korean:
        return loose_spacing(source, rng), target
    return source, target


LEVEL_SHARES = (("code", 0.30), ("identifiers", 0.92), ("names", 1.0))  # cumulative


def editors_rules(rows, cli):
    """[(tag, source, target)] -> [(source, target) or None] with spans protected by the program that translates
    (`prepare` of the built CLI), so that training and use cannot differ; None where a pair does not owe its spans."""
    if not rows:
        return []
    lines = (json.dumps({"text": source, "target": target, "to": tag[2:4]}) for tag, source, target in rows)
    answer = subprocess.run(
        ["node", str(cli), "prepare"], input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", check=False
    )
    if answer.returncode != 0:
        raise RuntimeError(f"node {cli} prepare: exit {answer.returncode}: {answer.stderr}")
    results = [json.loads(line) for line in answer.stdout.splitlines()]
    if len(results) != len(rows):
        raise RuntimeError(f"node {cli} prepare: {len(rows)} pairs in, {len(results)} out")
    return [
        (result["source"].removeprefix(f"{tag} "), result["target"]) if result["ok"] else None
        for (tag, _, _), result in zip(rows, results)
    ]


def prepare_all(grouped_rows, rng, cli):
    """[(group, (tag, source, target))] as read -> [(tag, source, target)] as the model sees them. `cli` is the built
    CLI, whose rules protect most pairs; the rest (and all, without one) follow `spans.py`: fewer spans, as in text
    where code stands in backticks, or more, so that placeholders are seen in every position."""
    examples = [
        (group, *row, rng.random())
        for group, row in grouped_rows
        if not (spans.RESERVED.search(row[1]) or spans.RESERVED.search(row[2]))
    ]
    levels = [next(name for name, share in LEVEL_SHARES if choice < share) for *_, choice in examples]
    asked = [
        index
        for index, (_, tag, *_) in enumerate(examples)
        if cli and tag in TRANSLATIONS and levels[index] == "identifiers"
    ]
    answers = dict(zip(asked, editors_rules([examples[index][1:4] for index in asked], cli)))
    result = []
    for index, (group, tag, source, target, _) in enumerate(examples):
        if tag in TRANSLATIONS:
            pair = answers.get(index) or spans.protect_pair(source, target, levels[index])
            source, target = worn(*pair, tag == "<2ko>", rng)
        elif group == "summarize":
            source, target = spans.protect_task(source, target, "code" if levels[index] == "code" else "identifiers")
            if "`" in target:  # names code that the source does not hold
                continue
        source, target = (re.sub(r"\s*\n\s*", " <nl> ", text.strip()) for text in (source, target))
        if source and target:
            result.append((tag, source, target))
    return result


@dataclass
class Batch:
    """Padded with 0. source [B, S], inputs and targets [B, T]: inputs are the targets moved right by one."""

    source: torch.Tensor
    source_lengths: torch.Tensor
    inputs: torch.Tensor
    targets: torch.Tensor
    target_tokens: int

    def to(self, device):
        moved = (tensor.to(device) for tensor in (self.source, self.source_lengths, self.inputs, self.targets))
        return Batch(*moved, self.target_tokens)


def padded(rows):
    width = max(map(len, rows))
    return torch.tensor([row + [PAD] * (width - len(row)) for row in rows])


def make_batch(pairs):
    sources, targets = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    return Batch(
        source=padded(sources),
        source_lengths=torch.tensor([len(row) for row in sources]),
        inputs=padded([[PAD, *row[:-1]] for row in targets]),
        targets=padded(targets),
        target_tokens=sum(map(len, targets)),
    )


class Encoder:
    def __init__(self, tokenizer_path):
        self.tokenizer = Tokenizer.from_file(str(tokenizer_path))

    def __call__(self, examples):
        """[(tag, source, target)] -> [(source ids, target ids)], both ending in </s>; too long ones are left out,
        except that the source of a task is cut."""
        left = self.tokenizer.encode_batch([f"{tag} {source}".lstrip() for tag, source, _ in examples], add_special_tokens=False)
        right = self.tokenizer.encode_batch([target for _, _, target in examples], add_special_tokens=False)
        result = []
        for (tag, _, _), source, target in zip(examples, left, right):
            source_ids, target_ids = source.ids, target.ids
            if tag and tag not in TRANSLATIONS:
                source_ids = source_ids[: MAX_PIECES - 1]
            if len(source_ids) < MAX_PIECES and len(target_ids) < MAX_PIECES:
                result.append((source_ids + [EOS], target_ids + [EOS]))
        return result


def into_batches(pairs, tokens, rng):
    """Micro-batches of at most `tokens` positions a side, padding counted, of pairs of similar lengths; shuffled."""
    pairs = sorted(pairs, key=lambda pair: (max(len(pair[0]), len(pair[1])), len(pair[0]), len(pair[1])))
    batches, current, width = [], [], 0
    for pair in pairs:
        wider = max(width, len(pair[0]), len(pair[1]))
        if current and wider * (len(current) + 1) > tokens:
            batches.append(current)
            current, wider = [], max(len(pair[0]), len(pair[1]))
        current.append(pair)
        width = wider
    if current:
        batches.append(current)
    rng.shuffle(batches)
    return batches


class Stream:
    """Endless micro-batches in an order that follows from the seed; `state` and `restore` continue it exactly."""

    def __init__(self, groups, encoder, seed, batch_tokens, window=20000, weights=None, cli=None):
        weights = {name: share for name, share in (weights or WEIGHTS).items() if groups.get(name)}
        total = sum(weights.values())
        self.quota = {name: max(1, round(window * share / total)) for name, share in weights.items()}
        self.groups, self.encoder, self.seed, self.batch_tokens, self.cli = groups, encoder, seed, batch_tokens, cli
        self.drawn = 0  # windows drawn so far
        self.positions = dict.fromkeys(weights, 0)  # examples taken of each group before the current window
        self.batches, self.used = [], 0
        self.permutations = {}

    def rows(self, name):
        """The next rows of a group: permutation after permutation of all its rows."""
        rows, start = self.groups[name], self.positions[name]
        for index in range(start, start + self.quota[name]):
            epoch, offset = divmod(index, len(rows))
            if self.permutations.get(name, (None,))[0] != epoch:
                order = list(range(len(rows)))
                random.Random(f"{self.seed} {name} {epoch}").shuffle(order)
                self.permutations[name] = (epoch, order)
            yield rows[self.permutations[name][1][offset]]
        self.after[name] = start + self.quota[name]

    def draw(self):
        """Prepares the window that follows from `drawn` and `positions`."""
        rng = random.Random(f"{self.seed} window {self.drawn}")
        self.after = {}
        drawn = [(name, row) for name in self.quota for row in self.rows(name)]
        pairs = self.encoder(prepare_all(drawn, rng, self.cli))
        self.batches, self.used = into_batches(pairs, self.batch_tokens, rng), 0

    def next(self):
        if self.used == len(self.batches):
            if self.batches:
                self.drawn, self.positions = self.drawn + 1, self.after
            self.draw()
        self.used += 1
        return make_batch(self.batches[self.used - 1])

    def state(self):
        return {"drawn": self.drawn, "positions": dict(self.positions), "used": self.used}

    def restore(self, state):
        self.drawn, self.positions = state["drawn"], dict(state["positions"])
        self.draw()
        self.used = state["used"]


def dev_pairs(folder, lines, cli):
    """{"set <tag>": [(tag, source, target)]} of the first `lines` of every dev set, as the editor would send them."""
    result = {}
    for path in sorted((Path(folder) / "eval").glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines()[:lines]:
            english, korean = line.split("\t")
            result.setdefault(f"{path.stem} <2ko>", []).append(("<2ko>", english, korean))
            result.setdefault(f"{path.stem} <2en>", []).append(("<2en>", korean, english))
    for name, rows in result.items():
        answers = editors_rules(rows, cli) if cli else [None] * len(rows)
        result[name] = [
            (row[0], *(answer or spans.protect_pair(row[1], row[2], "identifiers"))) for row, answer in zip(rows, answers)
        ]
    return result


def default_cli():
    return Path(__file__).resolve().parents[2] / "dist" / "cli.js"


def main():
    parser = argparse.ArgumentParser(description="Prints prepared training examples of every group.")
    parser.add_argument("--data", default="../../../shared/data")
    parser.add_argument("--show", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cli", default=str(default_cli()), help="built CLI (npm run build)")
    options = parser.parse_args()
    groups = load_groups(options.data)
    rng = random.Random(options.seed)
    for name, rows in groups.items():
        print(f"== {name}: {len(rows):,} rows")
        sample = rng.sample(rows, min(options.show, len(rows)))
        for example in prepare_all([(name, row) for row in sample], rng, options.cli):
            print("   {} {}\n     -> {}".format(*example))


if __name__ == "__main__":
    main()
