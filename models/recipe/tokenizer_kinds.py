"""Tiny tokenizers of the kinds that src/tokenizer reads besides the default model's. Each builder takes the lines to
train on and gives the tokenizer and texts of its own; `exact` in KINDS says that the reference's offsets are the spans
to expect, apart from tokens without a source."""

import itertools
import json
import random

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDS = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
         r"|\s+(?!\S)|\s+")


def plain(lines):
    """The Unigram trainer wants every character of its texts in the vocabulary."""
    return [line[:200] for line in lines if line.isprintable() and all(c < "\u0180" or "가" <= c < "갸" for c in line)]


def byte_level(lines):
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    t.decoder = decoders.ByteLevel()
    t.post_processor = processors.ByteLevel(trim_offsets=True)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=520, initial_alphabet=alphabet, show_progress=False))
    t.add_special_tokens([AddedToken("<|end|>", special=True)])
    return t, ["a<|end|>b", "<|end|> x <|end|>", "I'm  here,\n\n  it's \u0085 \ufeff\ttab  ", "x  \n", "'s 'S"]


def byte_level_split(lines):
    t = Tokenizer(models.BPE(ignore_merges=True))
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(WORDS), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    t.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    t.train_from_iterator(lines, trainers.BpeTrainer(vocab_size=520, initial_alphabet=alphabet, show_progress=False))
    t.post_processor = processors.Sequence([processors.ByteLevel(trim_offsets=False)])
    return t, ["I'LL go, you'ſ 1234567  \n \r\n x", "a\u0301b  c\u2028\u2028d", "___  --  \n--\r\n"]


def llama(lines):
    """BPE with byte fallback over text whose blanks are already marks, without a pre-tokenizer."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    t.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                   decoders.Strip(" ", 1, 0)])
    words = [w for line in lines for w in t.normalizer.normalize_str(line[:200]).split("▁")]
    special = ["<unk>", "<s>"] + [f"<0x{b:02X}>" for b in range(256)]
    t.train_from_iterator(words, trainers.BpeTrainer(
        vocab_size=620, special_tokens=special, limit_alphabet=90, show_progress=False))
    source = json.loads(t.to_str())
    source["added_tokens"] = source["added_tokens"][:2]
    t = Tokenizer.from_str(json.dumps(source))
    t.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return t, ["<s>a <unk>b", "the server " * 80]


def word_suffix(lines):
    t = Tokenizer(models.BPE(unk_token="[UNK]", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.decoder = decoders.BPEDecoder()
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["[UNK]"], limit_alphabet=120, end_of_word_suffix="</w>", show_progress=False))
    return t, ["ΣΑΣ İI ẞ", "a\u200db _x ²ⓐ", "[UNK]x"]


def word_prefix(lines):
    t = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##", fuse_unk=True))
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.StripAccents(), normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    t.decoder = decoders.Fuse()
    t.train_from_iterator(lines, trainers.BpeTrainer(
        vocab_size=420, special_tokens=["[UNK]"], limit_alphabet=100, continuing_subword_prefix="##", show_progress=False))
    return t, ["  Café\u3000naïve  ", "\u00a0x$y^z\u2028", "가각 값을"]


def unigram_unknown(lines):
    """No byte fallback, blanks always split, added tokens of every kind."""
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.NFKC()
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    t.decoder = decoders.Metaspace()
    t.train_from_iterator(plain(lines), trainers.UnigramTrainer(
        vocab_size=420, special_tokens=["<unk>"], unk_token="<unk>", initial_alphabet=list("abc"), show_progress=False))
    t.add_tokens([AddedToken("<left>", lstrip=True, normalized=False), AddedToken("<right>", rstrip=True, normalized=False),
                  AddedToken("word", single_word=True), AddedToken("ﬁn", normalized=True), AddedToken("<ab>"),
                  AddedToken("<ab><cd>", normalized=False)])
    t.add_special_tokens([AddedToken("<mask>", lstrip=True, rstrip=True, special=True)])
    return t, ["a \t<left> b<right> \u3000c", " <mask>  <mask> x", "word words sword word-word word\u0301 _word 가word", "fin ﬁn ＜ab＞",
               "<ab><cd><ab><ab", "<left><left>  <left>", "x <right><right> <left>y", "𠀀𠀁 𠀂"]


def unigram_words(lines):
    """Never a blank in front; numbers and signs by themselves."""
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.Replace(Regex(r"\s+$|^\s+|[\u0300-\u0314]"), ""),
                                         normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.Punctuation("merged_with_previous"), pre_tokenizers.Metaspace(prepend_scheme="never")])
    t.decoder = decoders.Sequence([decoders.Metaspace(prepend_scheme="never")])
    t.train_from_iterator(plain(lines), trainers.UnigramTrainer(
        vocab_size=420, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False))
    return t, ["  é1234x..., (a)  ", "Ⅷ½२३", "\x85x\x1cy\u200bz"]


def unigram_ties(_lines):
    """Many pieces of few scores, so that nearly every text has several best ways; and marks as blanks at the front."""
    rng = random.Random(5)
    pieces = [("<unk>", 0.0)]
    for length in range(1, 5):
        pieces += [("".join(p), -float(rng.randint(1, 3))) for p in itertools.product("abc", repeat=length)
                   if rng.random() < 0.6 or length == 1]
    pieces += [(f"<0x{b:02X}>", -20.0) for b in range(0x80)] + [("▁", -1.0), ("▁a", -2.0), ("zz", -60.0)]
    t = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    t.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    t.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(),
                                   decoders.Strip(" ", 1, 0)])
    t.add_tokens(["<x>"])
    more = ["".join(rng.choice("aabbcc <x>z\u00e9") for _ in range(rng.randint(3, 40))) for _ in range(300)]
    return t, more + ["zz zzz", "<unk>a", "qé q", "a" * 500]


def split_kinds(_lines):
    """Patterns of the regular-expression reader, one behind the other, over a vocabulary of single characters."""
    t = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate("#abcdefghijklmnopqrstuvwxyz0123456789-_.,")}, merges=[],
                             unk_token="#"))
    split = pre_tokenizers.Split
    t.normalizer = normalizers.Sequence([
        normalizers.Replace(Regex(r"x{2,3}?y|z(?=q|\d)|^\.|\.$|(?<=k)k|(?<![a-c])m\b"), "#"),
        normalizers.Replace(Regex(r"(?:fo|fob|f)(?:ba|o*)\B"), "f"), normalizers.Replace(Regex(r"\bb*?(?=c)"), "_")])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        split(Regex(r"[^\S\n]+|\A#"), "removed"), split("-", "merged_with_next"), split(Regex(r"[_\-.]"), "contiguous"),
        split(Regex(r"\d(?=(?:\d{3}){1,3}(?!\d))"), "merged_with_previous"), split(Regex(r"\p{L}+|\p{^L}"), "removed", True),
        split(Regex(r"(?i:QU|K)[^\W\d]|\h+\z"), "isolated")])
    t.decoder = None
    rng = random.Random(6)
    more = ["".join(rng.choice("abcfokmxxyzqu129.-_ \n") for _ in range(rng.randint(1, 30))) for _ in range(400)]
    return t, more + ["1234567 12345", "xxxy xxy xy", "foobar fobo f fb", "bbc bc c", "K\u212ax qux\u017f", "kkk km am m"]


KINDS = {
    "byteLevel": (byte_level, True),
    "byteLevelSplit": (byte_level_split, False),
    "llama": (llama, True),
    "wordSuffix": (word_suffix, False),
    "wordPrefix": (word_prefix, False),
    "unigramUnknown": (unigram_unknown, False),
    "unigramWords": (unigram_words, False),
    "unigramTies": (unigram_ties, False),
    "splitKinds": (split_kinds, False),
}
