import json
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from vocabulary import BYTES, SPECIAL, TAGS, common_text, train, write

DEFAULT = Path(__file__).parent.parent / "default" / "tokenizer.json"


@pytest.fixture(scope="module")
def tokenizer():
    words = "open close read write the file a page of lines and keys values".split()
    english = [" ".join(words[(start * step) % len(words)] for step in range(1, 7)) for start in range(60)]
    korean = ["파일을 엽니다", "<c0>을 읽고 <c1>을 씁니다", "줄을 <nl> 닫습니다", "값과 키를 읽습니다"] * 20
    return train(english + korean, 320)


def test_ids_are_where_the_default_has_them(tokenizer):
    assert tokenizer.get_vocab_size() == 320
    default = Tokenizer.from_file(str(DEFAULT))
    for token in (*SPECIAL, *TAGS, *BYTES):
        assert tokenizer.token_to_id(token) == default.token_to_id(token)


def test_settings_equal_the_defaults(tokenizer):
    mine, default = json.loads(tokenizer.to_str()), json.loads(DEFAULT.read_text(encoding="utf-8"))
    for part in ("normalizer", "pre_tokenizer", "decoder", "post_processor", "added_tokens"):
        assert mine[part] == default[part], part


@pytest.mark.parametrize("text", ["open the file", "<2ko> read <c0> and <c15> 파일", "없는 글자: 뷁 é 😀", "a <nl> b"])
def test_any_text_comes_back(tokenizer, text):
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids, skip_special_tokens=False) == text


def test_tags_are_one_token_and_eos_ends(tokenizer):
    tokens = tokenizer.encode("<2en> <c0>을 읽고").tokens
    assert tokens[0] == "<2en>" and "<c0>" in tokens and tokens[-1] == "</s>"


def test_it_is_written_as_the_recipe_reads_it(tokenizer, tmp_path):
    write(tokenizer, tmp_path)
    again = Tokenizer.from_file(str(tmp_path / "tokenizer.json"))
    assert again.encode("read the 파일").ids == tokenizer.encode("read the 파일").ids


def test_rare_characters_take_no_piece():
    lines = ["the file is open", "<c0> open 龍 the page"]
    assert common_text(lines * 3, rare=1) == ["the file is open", " open 龍 the page"] * 3
    assert "".join(common_text([*lines * 3, "é"], rare=3)).count("é") == 0
    assert common_text(["ab龍cd"] + ["abcd"] * 2, rare=2) == ["ab", "cd", "abcd", "abcd"]


def test_too_little_text_is_refused():
    with pytest.raises(ValueError, match="only"):
        train(["one two"] * 20, 2000)
