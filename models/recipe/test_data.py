import json
import lzma
import random
import subprocess
from pathlib import Path

import pytest

import data
from data import EOS, LAST_WEIGHTS, PAD, WEIGHTS, Encoder, Stream, into_batches, load_groups, make_batch, prepare_all, worn
from spans import placeholders_agree

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


def stream(folder, seed=1, cli=None, readers=0, weights=None):
    groups = load_groups(folder)
    return Stream(groups, Encoder(TOKENIZER), seed, 200, window=60, weights=weights, cli=cli, readers=readers)


def rows(batches):
    return [(batch.source.tolist(), batch.targets.tolist()) for batch in batches]


def test_machine_translated_korean_is_never_a_target(folder):
    groups = load_groups(folder)
    assert len(groups["ms-mt>en"]) == 10
    assert "ms-mt>ko" not in groups
    assert len(groups["ms>ko"]) == 40


def test_the_last_part_has_rows_that_people_wrote_on_both_sides():
    assert not {"ms-mt>en", "back>ko", "back>en", "distil>ko", "distil>en"} & set(LAST_WEIGHTS)
    assert not any(name.startswith("ms-mt") and name.endswith(">ko") for name in (*WEIGHTS, *LAST_WEIGHTS))
    # what the editor sends most has a larger share there than before, and much more than its share of the rows
    for group in ("comment", "ui"):
        for direction in ("ko", "en"):
            name = f"{group}>{direction}"
            assert LAST_WEIGHTS[name] / sum(LAST_WEIGHTS.values()) > WEIGHTS[name] / sum(WEIGHTS.values())


def test_the_last_part_draws_no_machine_translated_row(folder):
    marked = "기계 번역 문장입니다."
    with lzma.open(folder / "pairs" / "docs-microsoft-more.jsonl.xz", "wt", encoding="utf-8") as file:
        file.write(json.dumps({"en": "A made-up sentence.", "ko": marked, "kind": "docs", "mt": 1}) + "\n")
    encoder = Encoder(TOKENIZER)
    piece = encoder.tokenizer.encode("기계").ids[0]

    def seen(weights):
        source = stream(folder, weights=weights)
        return any(
            {piece} & set(row) for _ in range(60) for batch in [source.next()] for row in batch.source.tolist()
        )

    assert seen(WEIGHTS)
    assert not seen(LAST_WEIGHTS)


def test_targets_have_one_register_and_one_list_of_terms():
    rows = [
        ("ui>ko", ("<2ko>", "It opens the directory", "디렉토리를 연다")),
        ("ui>en", ("<2en>", "디렉토리를 연다", "It opens the directory")),
        ("ui>ko", ("<2ko>", "This is a link", "이것은 링크다")),  # no rule tells its formal form
    ]
    by_tag = {}
    for seed in range(40):
        for _, (tag, source, target) in worn(rows, random.Random(seed)):
            by_tag.setdefault(tag, set()).add(target.lstrip("-*+>12.[]) "))
    assert by_tag["<2ko>"] == {"디렉터리를 엽니다"}
    assert by_tag["<2en>"] == {"It opens the directory"}


def test_what_is_no_pair_is_left_out():
    assert data.sound("Open the file by its name.", "이름으로 파일을 엽니다.")
    assert data.sound("GitHub", "GitHub")
    assert not data.sound("Open the file by its name.", "Open the file by its name.")
    assert not data.sound("Open", "파일을 열고 값을 읽은 다음 결과를 저장하고 닫습니다.")


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


def test_readers_give_the_same_order(folder):
    alone, helped = stream(folder), stream(folder, readers=2)
    helped.start()
    try:
        assert rows(alone.next() for _ in range(50)) == rows(helped.next() for _ in range(50))
        state = json.loads(json.dumps(alone.state()))
        helped.restore({"drawn": 0, "used": 3})
        other = stream(folder)
        other.restore({"drawn": 0, "used": 3})
        assert rows(other.next() for _ in range(20)) == rows(helped.next() for _ in range(20))
        helped.restore(state)
        assert rows(alone.next() for _ in range(20)) == rows(helped.next() for _ in range(20))
    finally:
        helped.close()


def test_a_group_gives_every_row_before_it_repeats_one(folder):
    source = stream(folder)
    quota, count = source.quota["ms>ko"], len(source.groups["ms>ko"])
    taken = [row for number in range(count // quota) for row in source.rows("ms>ko", number)]
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


def test_prepared_pairs_owe_what_they_get(folder):
    groups = load_groups(folder)
    drawn = [("ms>ko", row) for row in groups["ms>ko"]]
    prepared = prepare_all(drawn, random.Random(1), None)
    assert len(prepared) == 40
    for tag, source, target in prepared:
        assert tag == "<2ko>"
        assert "<c0>" in source and placeholders_agree(source, target)


def test_worn_text_still_owes_its_placeholders():
    row = ("<2ko>", "Call `run it` on fooBar NOW, then read `a b` again.", "지금 fooBar에서 `run it`을 부른 뒤 `a b`를 읽습니다.")
    for seed in range(200):
        rng = random.Random(seed)
        for _, source, target in prepare_all(worn([("comment>ko", row)], rng), rng, None):
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
