"""Training examples: weighted groups of rows -> prepared text -> pieces -> batches of similar lengths.

The order follows from the seed alone and is resumable: a window of examples is drawn from the groups (each group its
own endless sequence of permutations), prepared, sorted into micro-batches, and these are shuffled. What a window holds
follows from its number, so that processes can prepare windows ahead, and the state is that number and how many of its
micro-batches were used.

    python data.py --data FOLDER --show 20      # prints prepared examples of every group: read them before training
"""

import argparse
import json
import lzma
import os
import random
import re
import subprocess
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import torch
from tokenizers import Tokenizer

import augment
import spans
import terms

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
# messages and general text are far above their share of the rows. What `synthesize.py` writes (`back`, `distil`) counts
# where it is given.
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
    "back>ko": 0.03,
    "back>en": 0.05,
    "distil>ko": 0.08,
    "distil>en": 0.04,
    "plain": 1.0,  # a corpus of its own, as it is: no tags, no protection, no wear
}

# The last part of a run (`train.py --last-share`): rows that people wrote, on both sides, and more of what the editor
# sends. What a model saw last shows most.
LAST_WEIGHTS = {
    "ms>ko": 0.16,
    "ms>en": 0.15,
    "docs>ko": 0.21,
    "docs>en": 0.15,
    "ui>ko": 0.06,
    "ui>en": 0.04,
    "comment>ko": 0.03,
    "comment>en": 0.03,
    "general>ko": 0.04,
    "general>en": 0.04,
    "paragraph>ko": 0.02,
    "paragraph>en": 0.02,
    "summarize": 0.02,
    "explain": 0.03,
    "plain": 1.0,
}


def read_rows(path):
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def load_groups(*folders):
    """-> {group: [(tag, source, target)]} of every kind in the folders (pairs, tasks, plain: *.jsonl[.xz])."""
    groups = {name: [] for name in WEIGHTS}
    for path in (path for folder in folders for path in sorted((Path(folder) / "pairs").glob("*.jsonl*"))):
        for row in read_rows(path):
            english, korean = row["en"], row["ko"]
            if path.name.startswith("synthetic"):  # written for one direction
                pair = ("<2ko>", english, korean) if row["to"] == "ko" else ("<2en>", korean, english)
                groups[f"{row['kind']}>{row['to']}"].append(pair)
                continue
            if path.name.startswith("paragraphs"):
                group = "paragraph"
            elif path.name.startswith("docs-microsoft"):
                group = "ms-mt" if row.get("mt") else "ms"
            else:
                group = row["kind"]
            groups[f"{group}>en"].append(("<2en>", korean, english))
            if group != "ms-mt":
                groups[f"{group}>ko"].append(("<2ko>", english, korean))
    for path in (path for folder in folders for path in sorted((Path(folder) / "tasks").glob("*.jsonl*"))):
        for row in read_rows(path):
            tag = TASK_TAGS.get((row["task"], row["nl"]))
            if tag:
                group = "explain" if row["task"] == "explain" else "summarize"
                groups[group].append((tag, row["src"], row["tgt"]))
    for path in (path for folder in folders for path in sorted((Path(folder) / "plain").glob("*.jsonl*"))):
        groups["plain"].extend(("", row["src"], row["tgt"]) for row in read_rows(path))
    return {name: rows for name, rows in groups.items() if rows}


def sound(source, target):
    """No pair that is surely none: nothing translated, or one side many times as long. Hangul says about twice as much
    per character as Latin letters do."""
    if source == target:
        return len(source) < 20  # a name; longer text is untranslated
    left, right = (len(re.sub(r"\s", "", text)) + len(re.findall(r"[가-힣]", text)) for text in (source, target))
    return max(left, right) < 20 or max(left, right) < 3.5 * min(left, right)


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


def worn(grouped_rows, rng):
    """[(group, (tag, source, target))] as read -> the same as an editor sends it and as the model is to write it: worn
    sources, Korean targets with one register and one list of terms. What is no pair, or cannot be brought into the
    register, is left out."""
    result = []
    for group, (tag, source, target) in augment.joined(grouped_rows, rng):
        if tag in TRANSLATIONS and not sound(source, target):
            continue
        if tag.endswith("ko>") or tag.endswith("k>"):
            target = terms.clean(source, target)
            if tag == "<2ko>" and terms.other_register(target):
                continue
        if tag in TRANSLATIONS:
            source, target = augment.wear(group, tag, source, target, rng)
        result.append((group, (tag, source, target)))
    return result


def prepare_all(grouped_rows, rng, cli):
    """[(group, (tag, source, target))] -> [(tag, source, target)] as the model sees them. `cli` is the built CLI, whose
    rules protect most pairs; the rest (and all, without one) follow `spans.py`: fewer spans, as in text where code
    stands in backticks, or more, so that placeholders are seen in every position."""
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
            source, target = answers.get(index) or spans.protect_pair(source, target, levels[index])
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
    """Endless micro-batches in an order that follows from the seed; `state` and `restore` continue it exactly. With
    `readers`, that many processes prepare the next windows; the order is the same."""

    def __init__(self, groups, encoder, seed, batch_tokens, window=20000, weights=None, cli=None, readers=0):
        weights = {name: share for name, share in (weights or WEIGHTS).items() if groups.get(name)}
        total = sum(weights.values())
        self.quota = {name: max(1, round(window * share / total)) for name, share in weights.items()}
        self.groups, self.encoder, self.seed, self.batch_tokens, self.cli = groups, encoder, seed, batch_tokens, cli
        self.drawn = 0  # windows used up so far
        self.batches, self.used = None, 0
        self.permutations = {}
        self.readers, self.pool, self.ahead = readers, None, deque()

    def rows(self, name, number):
        """The rows of a group in window `number`: permutation after permutation of all its rows."""
        rows, start = self.groups[name], number * self.quota[name]
        for index in range(start, start + self.quota[name]):
            epoch, offset = divmod(index, len(rows))
            if self.permutations.get(name, (None,))[0] != epoch:
                order = list(range(len(rows)))
                random.Random(f"{self.seed} {name} {epoch}").shuffle(order)
                self.permutations[name] = (epoch, order)
            yield rows[self.permutations[name][1][offset]]

    def window(self, number):
        """[[(source ids, target ids)]]: the micro-batches of a window."""
        rng = random.Random(f"{self.seed} window {number}")
        drawn = [(name, row) for name in self.quota for row in self.rows(name, number)]
        pairs = self.encoder(prepare_all(worn(drawn, rng), rng, self.cli))
        return into_batches(pairs, self.batch_tokens, rng)

    def start(self):
        """Forks the readers, which then hold the rows without a copy of their own. Before threads and CUDA begin."""
        if self.readers and self.pool is None:
            os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # its threads would not live in a fork
            self.pool = ProcessPoolExecutor(
                self.readers, mp_context=get_context("fork"), initializer=keep_stream, initargs=(self,)
            )
            self.pool.submit(os.getpid).result()  # the first task forks them all

    def look_ahead(self):
        while len(self.ahead) < self.readers + 1:
            number = self.drawn + len(self.ahead)
            self.ahead.append(self.pool.submit(kept_window, number))

    def draw(self):
        if self.pool is None:
            self.batches = self.window(self.drawn)
        else:
            self.look_ahead()
            self.batches = self.ahead.popleft().result()

    def next(self):
        if self.batches is None:
            self.draw()
        while self.used == len(self.batches):
            self.drawn, self.used = self.drawn + 1, 0
            self.draw()
        self.used += 1
        return make_batch(self.batches[self.used - 1])

    def state(self):
        return {"drawn": self.drawn, "used": self.used}

    def restore(self, state):
        self.drawn, self.used, self.batches = state["drawn"], state["used"], None
        for future in self.ahead:
            future.cancel()
        self.ahead.clear()

    def close(self):
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)


def keep_stream(stream):
    """In a reader: the stream as the fork left it."""
    global kept
    kept = stream


def kept_window(number):
    return kept.window(number)


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
        for example in prepare_all(worn([(name, row) for row in sample], rng), rng, options.cli):
            print("   {} {}\n     -> {}".format(*example))


if __name__ == "__main__":
    main()
