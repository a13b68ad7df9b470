import argparse
import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

import data
import evaluate
from evaluate import register, repeats, runaway
from programs import normalized

HERE = Path(__file__).parent


def test_repeats():
    assert repeats("a b c d a b c d a b c d")
    assert not repeats("a b c d a b c d")
    assert not repeats("one two three")


def test_runaways():
    source = "Open the file by its name."
    assert not runaway(source, "이름으로 파일을 엽니다.")
    assert runaway(source, "이름으로 파일을 엽니다. " * 6)
    assert not runaway("OK", "확인하고 계속 진행합니다")


def test_a_line_stays_one_line():
    assert normalized(" a\tb \n c ") == "a b c"


def test_register_counts_outputs_and_words():
    sources = ["An application", "It opens.", "The directory of the application", "Fine"]
    outputs = ["응용 프로그램", "파일을 연다.", "애플리케이션의 디렉토리", "좋습니다."]
    assert register(sources, outputs) == {
        "other_register": 1,
        "with_broken_terms": 2,
        "broken_terms": {"응용 프로그램": 1, "디렉토리": 1},
    }


def test_sentences_that_stay_as_they_were_are_counted_by_reason():
    answers = [{"segments": [{"status": "kept", "reason": "spanLost"}, {"status": "translated"}]}, {"segments": []}]
    assert evaluate.kept(answers) == {"spanLost": 1}


def test_circles_take_every_set_in_equal_steps(tmp_path, monkeypatch):
    (tmp_path / "eval").mkdir()
    for name in ("a", "b"):
        lines = "".join(f"English {name} {n}\t한국어 {name} {n}\n" for n in range(40))
        (tmp_path / "eval" / f"{name}.tsv").write_text(lines, encoding="utf-8")
    comments = [{"src": f"First {n}. Second {n}. 1."} for n in range(30)]
    (tmp_path / "eval" / "comment-sum.en.dev.jsonl").write_text("".join(json.dumps(row) + "\n" for row in comments))
    asked = []

    def translate(_options, lines, to, beam):
        asked.extend((to, line) for line in lines)
        loop = "a b c d " * 3
        return [{"text": loop if line.startswith("First") else line, "segments": []} for line in lines]

    monkeypatch.setattr(evaluate.programs, "translate", translate)
    options = argparse.Namespace(data=tmp_path, sets=None, lines=3, out=None)
    result = evaluate.score_circles(options, 100)
    assert result["lines"] == len(asked) == len(set(asked)) == 100
    assert result["comments"] == 20 and result["repeats"] == 10 and result["percent"] == 10.0
    for name in ("a", "b"):
        for to in ("ko", "en"):
            assert 19 <= sum(name in line.split() and direction == to for direction, line in asked) <= 21


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "eval").mkdir()
    rng = random.Random(1)
    words = "파일 값 목록 이름".split()
    rows = [f"Set `x{n}` first.\t먼저 `x{n}`의 {rng.choice(words)}을 설정합니다.\n" for n in range(6)]
    (tmp_path / "eval" / "small-dev.tsv").write_text("".join(rows), encoding="utf-8")
    return tmp_path


def test_the_command_scores_the_model_that_ships_and_goes_on_where_it_was(folder):
    assert data.default_cli().exists(), "npm run build first: the built CLI is what is scored"
    report = folder / "report.json"
    command = [sys.executable, "evaluate.py", "--data", folder, "--parts", "pairs,spans", "--report", report]
    answer = subprocess.run(command, cwd=HERE, capture_output=True, encoding="utf-8", check=True)
    results = json.loads(answer.stdout)
    assert results == json.loads(report.read_text(encoding="utf-8"))
    for to in ("ko", "en"):
        score = results["pairs"]["small-dev"][to]
        assert score["lines"] == 6 and 0 < score["greedy"]["chrf"] <= 100 and 0 < score["beam4"]["chrf"] <= 100
    assert results["spans"]["greedy"]["sentences"] == 12
    assert 0 < results["spans"]["greedy"]["kept"] <= 12
    assert results["spans"]["beam4"]["lost"] == 0
    results["pairs"]["mark"] = 1
    report.write_text(json.dumps(results), encoding="utf-8")
    again = subprocess.run(command, cwd=HERE, capture_output=True, encoding="utf-8", check=True)
    assert json.loads(again.stdout)["pairs"]["mark"] == 1
