"""Makes the tokenizer: Unigram pieces with byte fallback, after the tags, the placeholders and the 256 bytes.

    python vocabulary.py OUT --data FOLDER [--size 16000] [--lines 400000]

Ids: 0 `<pad>`, 1 `</s>`, 2 `<unk>`, then tags, `<nl>`, `<c0>`..`<c15>`, the bytes, and the pieces, likeliest first.
Text is NFC with runs of blanks made one. Spans are protected before, so that identifiers take no pieces.
"""

import argparse
import json
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

import data

SPECIAL = ["<pad>", "</s>", "<unk>"]
TAGS = ["<2ko>", "<2en>", *data.TASK_TAGS.values(), "<nl>", *(f"<c{index}>" for index in range(16))]
BYTES = [f"<0x{value:02X}>" for value in range(256)]


def normalizer():
    return normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"[ \t\u00a0\u3000]+"), " ")])


def without_tags(text):
    """Tags and placeholders are tokens of their own: pieces are learned from what stands between them."""
    return [part for part in data.spans.RESERVED.split(text) if part.strip()]


def common_text(lines, rare):
    """The parts of the lines between tags and characters seen fewer than `rare` times: those are left to the bytes
    (every character that is learned from takes a piece)."""
    parts = [unicodedata.normalize("NFC", part) for line in lines for part in without_tags(line)]
    seen = Counter(character for part in parts for character in part)
    unusual = "".join(character for character, count in seen.items() if count < rare)
    if not unusual:
        return parts
    split = re.compile(f"[{re.escape(unusual)}]+")
    return [piece for part in parts for piece in split.split(part) if piece.strip()]


def train(lines, size, rare=1):
    """Iterable of prepared text -> Tokenizer with `size` ids."""
    learner = Tokenizer(models.Unigram())
    learner.normalizer = normalizer()
    # pieces may not reach over blanks while learning; when encoding nothing is split, which gives the same pieces
    learner.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    wanted = size - len(SPECIAL) - len(TAGS) - len(BYTES)
    trainer = trainers.UnigramTrainer(
        vocab_size=wanted + 1, special_tokens=["<unk>"], unk_token="<unk>", max_piece_length=16, show_progress=False
    )
    learner.train_from_iterator(common_text(lines, rare), trainer)
    learned = [(piece, score) for piece, score in json.loads(learner.to_str())["model"]["vocab"] if piece != "<unk>"]
    learned = sorted(learned, key=lambda item: -item[1])[:wanted]
    if len(learned) < wanted:
        raise ValueError(f"the text gives only {len(learned)} pieces of {wanted}")
    fixed = [(token, 0.0) for token in (*SPECIAL, *TAGS, *BYTES)]
    tokenizer = Tokenizer(models.Unigram(fixed + learned, unk_id=2, byte_fallback=True))
    tokenizer.normalizer = normalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)]
    )
    tokenizer.add_special_tokens(SPECIAL)
    tokenizer.add_tokens([AddedToken(tag, normalized=False) for tag in TAGS])
    return tokenizer


def write(tokenizer, folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "model_max_length": 512,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1) + "\n")


def text(folder, count, seed):
    """`count` prepared sources and targets, drawn from all groups as training draws them."""
    groups = data.load_groups(folder)
    rng = random.Random(seed)
    names = list(groups)
    drawn = rng.choices(names, [data.WEIGHTS[name] for name in names], k=count // 2)
    rows = data.worn([(name, rng.choice(groups[name])) for name in drawn], rng)
    for _, source, target in data.prepare_all(rows, rng, None):
        yield source
        yield target


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--data", default=str(Path(__file__).parent / "../../../shared/data"))
    parser.add_argument("--size", type=int, default=16000)
    parser.add_argument("--lines", type=int, default=400000)
    parser.add_argument("--rare", type=int, default=20, help="characters seen less often are left to the bytes")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    write(train(text(options.data, options.lines, options.seed), options.size, options.rare), options.out)


if __name__ == "__main__":
    main()
