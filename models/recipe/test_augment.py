import json
import random
import re
import unicodedata

import pytest

import augment
from augment import PROBABILITIES, RULES, TWO, joined, wear, worn_dev

ENGLISH = "Call `getName` before the file (a copy of it) is opened by Visual Studio."
KOREAN = "Visual Studio에서 파일(그 사본)을 열기 전에 `getName`을 호출합니다."


def apply(name, source, target, seed=1):
    return RULES[name][0](source, target, random.Random(seed))


def test_stops():
    assert apply("no-stop", "Open it.", "엽니다.") == ("Open it", "엽니다")
    assert apply("no-stop", "Open it", "엽니다.") is None
    assert apply("source-stop", "Open it.", "엽니다.") == ("Open it", "엽니다.")


def test_case_leaves_code_and_names_of_code():
    worn, target = apply("lower", "Open README.md with fooBar and `Main` on Linux.", "x")
    assert worn == "open README.md with fooBar and `Main` on linux."
    assert target == "x"
    assert apply("capitals", "Open <c0> with fooBar.", "x") == ("OPEN <c0> WITH fooBar.", "x")


def test_spacing_touches_blanks_alone():
    worn, _ = apply("spacing", "파일을 여는 데 필요한 값을 모두 다시 읽어서 저장합니다", "x", seed=3)
    assert worn.replace(" ", "") == "파일을여는데필요한값을모두다시읽어서저장합니다"
    assert worn != "파일을 여는 데 필요한 값을 모두 다시 읽어서 저장합니다"
    assert apply("spacing", "The file", "파일") is None


def test_decomposed_is_the_same_text():
    worn, _ = apply("decomposed", "파일을 엽니다.", "Open it.")
    assert worn != "파일을 엽니다." and unicodedata.normalize("NFC", worn) == "파일을 엽니다."


@pytest.mark.parametrize("name", ["list-mark", "comment-mark", "code-before"])
def test_what_the_user_put_before_the_text_comes_out_again(name):
    for seed in range(20):
        source, target = apply(name, "Open it.", "엽니다.", seed)
        assert source.endswith("Open it.") and target.endswith("엽니다.")
        assert source.removesuffix("Open it.") == target.removesuffix("엽니다.") != ""


def test_bare_code():
    assert apply("bare-code", "Call `a_b`.", "`a_b`를 호출합니다.") == ("Call a_b.", "a_b를 호출합니다.")
    assert apply("bare-code", "Run `git add .`.", "`git add .`을 실행합니다.") is None
    assert apply("bare-code", "Open it.", "엽니다.") is None


def test_a_broken_line_is_one_sentence():
    for seed in range(50):
        worn, target = apply("broken-line", ENGLISH, KOREAN, seed)
        first, second = worn.split("\n")
        assert re.sub(r"^(?:   |// | \* |# )", "", second) in ENGLISH and first in ENGLISH
        assert target == KOREAN and "\n" not in target
        assert worn.count("`") == 2 and "`getName`" in worn
    assert apply("broken-line", "Short one.", "짧음.") is None


def test_a_fragment_is_the_same_part_of_both_sides():
    assert apply("fragment", ENGLISH, KOREAN) is None  # (그 사본) is too short to be sure of
    pair = apply("fragment", "Open the file (or a copy of it) now.", "파일(또는 파일의 사본)을 엽니다.")
    assert pair == ("or a copy of it", "또는 파일의 사본")
    halves = {
        apply("fragment", "Note: the file is opened.", "참고: 파일이 열립니다.", seed) for seed in range(10)
    }
    assert halves == {("Note", "참고"), ("the file is opened.", "파일이 열립니다.")}
    assert apply("fragment", "One: two: three is", "하나: 둘과 셋입니다") is None


def test_every_source_has_rules_that_exist_and_leave_most_text_alone():
    for group, probabilities in PROBABILITIES.items():
        assert set(probabilities) <= set(RULES), group
        for tag in ("<2ko>", "<2en>"):
            total = sum(share for name, share in probabilities.items() if tag in RULES[name][1])
            assert 0 < total <= 0.6, (group, tag)


def test_rules_are_drawn_as_often_as_they_say():
    rng = random.Random(2)
    source, target = "Open the file by its whole name in the editor.", "편집기에서 전체 이름으로 파일을 엽니다."
    worn = [wear("comment>ko", "<2ko>", source, target, rng)[0] for _ in range(5000)]
    share = sum("\n" in text for text in worn) / len(worn)
    assert share == pytest.approx(PROBABILITIES["comment"]["broken-line"], abs=0.02)
    usual = [wear("ui>ko", "<2ko>", source, target, rng)[0] for _ in range(2000)]
    assert not any("\n" in text for text in usual)


def test_two_rows_become_one_text():
    rows = [("docs>ko", ("<2ko>", f"Sentence {n}.", f"문장 {n}.")) for n in range(2000)]
    pairs = [row for _, row in joined(rows, random.Random(1))]
    double = [row for row in pairs if row[1].count(".") == 2]
    assert len(pairs) == 2000
    assert len(double) / 2000 == pytest.approx(augment.JOINED, abs=0.02)
    for _, source, target in double:
        assert re.findall(r"\d+", source) == re.findall(r"\d+", target)
    mixed = [("docs>ko", ("<2ko>", "One.", "하나.")), ("docs>en", ("<2en>", "둘.", "Two."))] * 500
    assert [row for row in joined(mixed, random.Random(1))] == mixed


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "eval").mkdir()
    rows = [
        (
            f"Note {n}: call `get_{n}` for the file number {n} (or for a copy of it) first.",
            f"참고 {n}: 먼저 {n}번 파일을 (또는 그 사본을 위해) 열 때 `get_{n}` 함수를 호출합니다.",
        )
        for n in range(150)
    ]
    for name in augment.WORN_SETS:
        text = "".join(f"{english}\t{korean}\n" for english, korean in rows)
        (tmp_path / "eval" / f"{name}.tsv").write_text(text, encoding="utf-8")
    return tmp_path


def test_the_worn_dev_set_is_the_same_each_time_and_has_every_rule(folder):
    rows = worn_dev(folder)
    assert json.dumps(rows) == json.dumps(worn_dev(folder))
    assert len(rows) == 300
    assert {row["rule"] for row in rows} == {*RULES, TWO}
    for row in rows:
        assert row["text"] != row["clean"] or row["rule"] == TWO
        assert row["reference"].strip() and "\n" not in row["reference"]


def test_too_few_lines_are_told(folder):
    for name in augment.WORN_SETS:
        (folder / "eval" / f"{name}.tsv").write_text("One\t하나\n", encoding="utf-8")
    with pytest.raises(ValueError, match="too few dev lines"):
        worn_dev(folder)
