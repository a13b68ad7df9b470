"""Which pieces a source piece may become: writes the vocabulary shortlist of a model folder, from the training pairs.

    python shortlist.py ../default --data FOLDER

The last product of every decoding step is with the embeddings of the whole vocabulary, though a sentence is translated
with a few dozen pieces. With `shortlist.bin` it is with those of

- the pieces that are commonest in texts of the target language, and the bytes, of which any character can be made;
- the source's own pieces, since names are copied;
- for each source piece the target pieces that it stands for most often, by the lexical translation probabilities
  t(y | x) of IBM model 1 (Brown et al. 1993), estimated here from the pairs, prepared as for training.

Translations only: titles, summaries and explanations are not made of what a text says, and weigh all pieces.

The file, little-endian: "HLSL", then uint32: version 1, vocabulary size V, number of tables. Each table: the id of its tag
and V + 2 offsets (uint32), then ids (uint16): those of source piece x between offsets x and x + 1, those that are always in
between offsets V and V + 1, ascending. A table ends at a multiple of 4 bytes.
"""

import argparse
import json
import random
import re
import struct
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

import data
import spans

NULL = 0  # `<pad>` stands for the empty word of the source
MAGIC, VERSION = b"HLSL", 1
SPECIAL = re.compile(r"</s>|<unk>|<nl>|<c\d+>|<0x[0-9A-F]{2}>")  # placeholders, bytes


def piece_sets(rows, tokenizer, chunk=20000):
    """[(source, target)] -> [(ids of the source, NULL among them, ids of the target)], each id once, ascending."""
    result = []
    for start in range(0, len(rows), chunk):
        part = [spans.protect_pair(source, target, "identifiers") for source, target in rows[start : start + chunk]]
        sides = [tokenizer.encode_batch([pair[side] for pair in part], add_special_tokens=False) for side in (0, 1)]
        for source, target in zip(*sides):
            result.append((np.unique([NULL, *source.ids]), np.unique(target.ids)))
    return result


def translation_probabilities(pairs, size, passes=4):
    """IBM model 1 by expectation maximization -> t(y | x) as float32 [size, size], row x. Pieces count once a sentence."""
    probability = None
    for _ in range(passes):
        counts = np.zeros((size, size), np.float32)
        for source, target in pairs:
            place = np.ix_(source, target)
            if probability is None:
                counts[place] += 1 / len(source)
            else:
                share = probability[place]
                counts[place] += share / share.sum(axis=0)
        probability = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1e-30)
    return probability


def commonest(pairs, size, count):
    """The `count` pieces that most targets have, ascending."""
    seen = np.bincount(np.concatenate([target for _, target in pairs]), minlength=size)
    return np.sort(np.argsort(-seen, kind="stable")[:count])


def likely_targets(probability, always, most, least):
    """For each source piece at most `most` target pieces of probability `least` or more that are not always in anyway,
    ascending."""
    rest = probability.copy()
    rest[:, always] = 0
    rest[NULL] = 0
    result = []
    for row in rest:
        found = np.flatnonzero(row >= least)
        result.append(np.sort(found[np.argsort(-row[found], kind="stable")[:most]]))
    return result


def encode(size, tables):
    """{tag id: (ids that are always in, [ids for source piece 0, 1, ...])} -> the file's bytes."""
    parts = [MAGIC, struct.pack("<3I", VERSION, size, len(tables))]
    for tag, (always, rows) in sorted(tables.items()):
        rows = [*rows, always]
        offsets = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype("<u4")
        ids = np.concatenate(rows).astype("<u2").tobytes()
        parts += [struct.pack("<I", tag), offsets.tobytes(), ids, bytes(-len(ids) % 4)]
    return b"".join(parts)


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="?", default=str(here / "../default"), help="folder with tokenizer.json")
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--common", type=int, default=2000, help="commonest target pieces, which are always in")
    parser.add_argument("--most", type=int, default=60, help="target pieces of one source piece, beside the common ones")
    parser.add_argument("--least", type=float, default=0.0003, help="smallest probability of a target piece")
    parser.add_argument("--pairs", type=int, default=300000, help="pairs of each direction, drawn at random")
    options = parser.parse_args()
    folder = Path(options.model)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    size = tokenizer.get_vocab_size()
    special = [id for piece, id in tokenizer.get_vocab().items() if SPECIAL.fullmatch(piece)]
    groups = data.load_groups(options.data)
    tables = {}
    for tag in data.TRANSLATIONS:
        rows = [(source, target) for group in groups.values() for mark, source, target in group if mark == tag]
        if not rows:
            continue
        rows = random.Random(1).sample(rows, min(options.pairs, len(rows)))
        pairs = piece_sets(rows, tokenizer)
        always = np.union1d(commonest(pairs, size, options.common), special)
        probability = translation_probabilities(pairs, size)
        rows = likely_targets(probability, always, options.most, options.least)
        tables[tokenizer.token_to_id(tag)] = always, rows
    content = encode(size, tables)
    (folder / "shortlist.bin").write_bytes(content)
    entries = {tag: sum(map(len, rows)) for tag, (_, rows) in tables.items()}
    print(json.dumps({"bytes": len(content), "entries": entries}))


if __name__ == "__main__":
    main()
