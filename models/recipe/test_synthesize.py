import json

import data
from synthesize import sources, synthesize

ROWS = [
    {"en": "It opens `a b`.", "ko": "`a b`를 엽니다.", "kind": "docs"},
    {"en": "It was made by a machine.", "ko": "그것이 기계에 만들어진다.", "kind": "docs", "mt": 1},
]


def engine(answers):
    return lambda lines: [answers[line] for line in lines]


def test_people_write_the_side_that_is_learned():
    assert sources(ROWS, "back", "ko") == ["It was made by a machine."]
    assert sources(ROWS, "distil", "ko") == ["It opens `a b`."]
    assert sources(ROWS, "distil", "en") == ["`a b`를 엽니다."]


def test_back_translation_has_a_written_source_and_a_human_target(tmp_path):
    answers = {"<2ko> It was made by a machine.": "기계가 만들었습니다."}
    rows = list(synthesize(["It was made by a machine."], "back", "ko", engine(answers)))
    assert rows == [{"en": "It was made by a machine.", "ko": "기계가 만들었습니다.", "kind": "back", "to": "en"}]
    (tmp_path / "pairs").mkdir()
    (tmp_path / "pairs" / "synthetic-back-ko.jsonl").write_text(json.dumps(rows[0]) + "\n", encoding="utf-8")
    assert data.load_groups(tmp_path) == {"back>en": [("<2en>", "기계가 만들었습니다.", "It was made by a machine.")]}


def test_what_was_written_badly_is_left_out():
    texts = {
        "Call `a b`.": "<c0>를 호출합니다.",
        "Lose `a b`.": "호출합니다.",
        "Turn.": "값을 하나 더 값을 하나 더 값을 하나 더 값을 하나 더 값을 하나 더",
        "Plain.": "이것은 링크다.",
        "Nothing.": "",
        "Terms of the application.": "응용 프로그램의 용어를 연다.",
    }
    lines = {f"<2ko> {text.replace('`a b`', '<c0>')}": output for text, output in texts.items()}
    rows = list(synthesize(list(texts), "distil", "ko", engine(lines)))
    assert [(row["en"], row["ko"]) for row in rows] == [
        ("Call `a b`.", "`a b`를 호출합니다."),
        ("Terms of the application.", "애플리케이션의 용어를 엽니다."),
    ]
    assert all(row["kind"] == "distil" and row["to"] == "ko" for row in rows)
