import json
import lzma
import random
import subprocess
from pathlib import Path

import pytest

import data
from data import EOS, PAD, Encoder, Stream, into_batches, load_groups, make_batch, plain_style, prepare_all, worn
from spans import PLACEHOLDER, placeholders_agree

TOKENIZER = Path(__file__).parent.parent / "default" / "tokenizer.json"


@pytest.fixture
def folder(tmp_path):
    """A few made-up rows of every kind."""
    (tmp_path / "pairs").mkdir()
    (tmp_path / "tasks").mkdir()
    (tmp_path / "eval").mkdir()
    microsoft = [
        {"en": f"Open file number {n} with `open{n}`.", "ko": f"`open{n}`으로 {n}번 파일을 엽니다.", "kind": "docs"}
        for n in range(40)
    ]
    microsoft += [{**row, "mt": 1} for row in microsoft[:10]]
    other = [
        {"en": f"Button {n}", "ko": f"단추 {n}", "kind": kind, "src": "x"}
        for kind in ("docs", "ui", "comment", "general")
        for n in range(20)
    ]
    other.append({"en": "It is so.", "ko": "그렇게 한다.", "kind": "docs", "src": "x"})
    tasks = [{"src": f"First. Second {n}.\nThird.", "tgt": f"Title {n}", "nl": "en", "task": "title"} for n in range(9)]
    for name, rows in (("pairs/docs-microsoft", microsoft), ("pairs/open-source", other), ("tasks/summarize", tasks)):
        with lzma.open(tmp_path / f"{name}.jsonl.xz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "eval" / "one-dev.tsv").write_text("Open `a`.\t`a`를 엽니다.\n", encoding="utf-8")
    return tmp_path


def stream(folder, seed=1, cli=None):
    return Stream(load_groups(folder), Encoder(TOKENIZER), seed, 200, window=60, cli=cli)


def rows(batches):
    return [(batch.source.tolist(), batch.targets.tolist()) for batch in batches]


def test_machine_translated_korean_is_never_a_target(folder):
    groups = load_groups(folder)
    assert len(groups["ms-mt>en"]) == 10
    assert "ms-mt>ko" not in groups
    assert len(groups["ms>ko"]) == 40


def test_plain_style_is_no_target_of_documentation(folder):
    groups = load_groups(folder)
    assert ("<2ko>", "It is so.", "그렇게 한다.") not in groups["docs>ko"]
    assert ("<2en>", "그렇게 한다.", "It is so.") in groups["docs>en"]
    assert plain_style("그렇게 한다.") and not plain_style("그렇게 합니다.") and not plain_style("파일 열기")


def test_the_order_follows_from_the_seed(folder):
    first, second, other = stream(folder), stream(folder), stream(folder, seed=2)
    same = rows(first.next() for _ in range(30))
    assert same == rows(second.next() for _ in range(30))
    assert same != rows(other.next() for _ in range(30))


@pytest.mark.parametrize("used", [1, 7, 40])
def test_a_restored_stream_goes_on_exactly(folder, used):
    whole, cut = stream(folder), stream(folder)
    rows(whole.next() for _ in range(used))
    rows(cut.next() for _ in range(used))
    state = json.loads(json.dumps(cut.state()))
    again = stream(folder)
    again.restore(state)
    assert rows(whole.next() for _ in range(40)) == rows(again.next() for _ in range(40))


def test_a_group_gives_every_row_before_it_repeats_one(folder):
    source = stream(folder)
    quota, count = source.quota["ms>ko"], len(source.groups["ms>ko"])
    taken = []
    while len(taken) + quota <= count:
        source.after = {}
        taken += list(source.rows("ms>ko"))
        source.positions = {**source.positions, **source.after}
    assert len(set(taken)) == len(taken) > 0


def test_batches_end_in_eos_and_inputs_are_moved_right():
    batch = make_batch([([5, 6, EOS], [7, EOS]), ([8, EOS], [9, 10, 11, EOS])])
    assert batch.source.tolist() == [[5, 6, EOS], [8, EOS, PAD]]
    assert batch.source_lengths.tolist() == [3, 2]
    assert batch.targets.tolist() == [[7, EOS, PAD, PAD], [9, 10, 11, EOS]]
    assert batch.inputs.tolist() == [[PAD, 7, PAD, PAD], [PAD, 9, 10, 11]]
    assert batch.target_tokens == 6


def test_batches_keep_the_limit_and_lose_nothing():
    rng = random.Random(4)
    pairs = [([rng.randint(3, 9)] * rng.randint(1, 30), [4] * rng.randint(1, 30)) for _ in range(200)]
    batches = into_batches(pairs, 100, random.Random(1))
    assert sorted(pair for batch in batches for pair in batch) == sorted(pairs)
    for batch in batches:
        width = max(max(len(source), len(target)) for source, target in batch)
        assert width * len(batch) <= 100


def test_wear_keeps_placeholders():
    for seed in range(300):
        source, target = worn("Call <c0> NOW, then <c1>.", "지금 <c0>을 부른 뒤 <c1>.", True, random.Random(seed))
        assert PLACEHOLDER.findall(source) == ["<c0>", "<c1>"] == PLACEHOLDER.findall(target)
        korean, english = worn("지금 <c0> 다음에 부릅니다.", "Call it after <c0>.", False, random.Random(seed))
        assert PLACEHOLDER.findall(korean) == ["<c0>"] == PLACEHOLDER.findall(english)


def test_prepared_pairs_owe_what_they_get(folder):
    groups = load_groups(folder)
    drawn = [("ms>ko", row) for row in groups["ms>ko"]]
    prepared = prepare_all(drawn, random.Random(1), None)
    assert len(prepared) == 40
    for tag, source, target in prepared:
        assert tag == "<2ko>"
        assert "<c0>" in source and placeholders_agree(source, target)


def test_line_breaks_become_their_sign(folder):
    rows = load_groups(folder)["summarize"]
    tag, source, _ = prepare_all([("summarize", rows[0])], random.Random(1), None)[0]
    assert tag == "<title>"
    assert " <nl> Third." in source and "\n" not in source


def test_text_that_looks_like_a_token_is_left_out():
    assert prepare_all([("docs>ko", ("<2ko>", "The <title> tag", "<title> 태그"))], random.Random(1), None) == []


@pytest.fixture
def cli():
    path = data.default_cli()
    assert path.exists(), "npm run build first: training text is prepared by the built CLI"
    return path


def test_training_text_is_what_the_editor_sends(cli):
    """The pairs that go through the editor's rules come out as the CLI prepares the source alone."""
    pairs = [
        ("<2ko>", "Call `run()` on fooBar, see https://x.org/a.", "fooBar에서 `run()`을 부르고 https://x.org/a 참조."),
        ("<2en>", "max_size 값을 `--limit`로 줍니다.", "Give max_size by `--limit`."),
        ("<2ko>", "Nothing to protect here.", "여기에는 보호할 것이 없습니다."),
    ]
    alone = "".join(json.dumps({"text": source, "to": tag[2:4]}) + "\n" for tag, source, _ in pairs)
    answer = subprocess.run(
        ["node", cli, "prepare"], input=alone, capture_output=True, encoding="utf-8", check=True
    ).stdout
    expected = [json.loads(line)["source"] for line in answer.splitlines()]
    prepared = data.editors_rules(pairs, cli)
    assert [f"{tag} {pair[0]}" for (tag, _, _), pair in zip(pairs, prepared)] == expected
    for pair in prepared:
        assert placeholders_agree(*pair)
    assert "<c" in prepared[0][0] and "<c" in prepared[1][0] and "<c" not in prepared[2][0]


def test_a_pair_that_loses_a_span_follows_the_simple_rules(cli):
    assert data.editors_rules([("<2ko>", "Call `run()`.", "부르세요.")], cli) == [None]
