"""Training on a made-up copying language: it learns, resumes exactly, and shares its work."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors.numpy import load_file

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    (path / "pairs").mkdir()
    (path / "eval").mkdir()
    rng = random.Random(7)
    english = "file open close read write line page key value name".split()
    korean = "파일 열기 닫기 읽기 쓰기 줄 쪽 키 값 이름".split()
    pairs = []
    for _ in range(400):
        words = [rng.randrange(10) for _ in range(rng.randint(2, 6))]
        pairs.append((" ".join(english[word] for word in words), " ".join(korean[word] for word in words)))
    with (path / "pairs" / "open-source.jsonl").open("w", encoding="utf-8") as file:
        for left, right in pairs:
            file.write(json.dumps({"en": left, "ko": right, "kind": "docs", "src": "x"}) + "\n")
    (path / "eval" / "words-dev.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in pairs[:20]), encoding="utf-8")
    return path


def train(folder, run, *more):
    command = [sys.executable, "train.py", "--preset", "tiny", "--run", run, "--data", folder, "--cli", "", "--quiet"]
    command += ["--batch-tokens", 120, "--step-tokens", 300, "--window", 300, "--save-every", 1e9, "--dev-every", 1e9]
    command += more
    # hash randomization must not matter: a different one in every process
    environment = {**os.environ, "PYTHONHASHSEED": str(abs(hash(str(run))) % 1000)}
    subprocess.run([str(part) for part in command], cwd=HERE, env=environment, check=True)
    return [json.loads(line) for line in (Path(run) / "log.jsonl").read_text().splitlines()]


def curve(log):
    return [(row["step"], row["loss"], row["tokens"]) for row in log if "loss" in row]


def dev(log):
    return [row["nll"] for row in log if row.get("event") == "dev"]


COMMON = ("--steps", 14, "--workers", 1, "--warmup", 4, "--dropout", 0.1, "--ema", 0.9)


@pytest.fixture(scope="module")
def whole(folder, tmp_path_factory):
    run = tmp_path_factory.mktemp("whole")
    return run, train(folder, run, *COMMON)


@pytest.mark.parametrize("cut", [5, 12])  # in the first and in the last part of the run
def test_a_resumed_run_repeats_the_uninterrupted_one(folder, whole, tmp_path, cut):
    run, log = whole
    train(folder, tmp_path, *COMMON, "--stop-at", cut)
    # readers change who prepares the examples, not which come when
    resumed = train(folder, tmp_path, *COMMON, "--readers", 1)
    assert [row["step"] for row in resumed if "loss" in row] == list(range(1, 15))
    assert curve(resumed) == curve(log)
    one = load_file(run / "model" / "model.safetensors")
    other = load_file(tmp_path / "model" / "model.safetensors")
    assert all((one[name] == other[name]).all() for name in one)


def test_the_last_quarter_is_the_last_part(whole):
    parts = [row["part"] for row in whole[1] if "part" in row]
    assert parts == ["first"] * 11 + ["last"] * 3  # a step belongs where it begins: 11/14 is over 3/4


def test_two_workers_compute_what_one_does(folder, tmp_path):
    one = curve(train(folder, tmp_path / "one", "--steps", 6, "--workers", 1))
    two = curve(train(folder, tmp_path / "two", "--steps", 6, "--workers", 2))
    assert [loss for _, loss, _ in two] == pytest.approx([loss for _, loss, _ in one], abs=2e-3)
    assert [tokens for *_, tokens in two] == [tokens for *_, tokens in one]


def test_what_a_run_began_with_may_count_in_what_it_exports(folder, whole, tmp_path):
    start = whole[0] / "model"
    options = ("--start", start, "--steps", 4, "--workers", 1, "--warmup", 1)
    train(folder, tmp_path / "alone", *options)
    mixed = (*options, "--start-share", 0.25)
    train(folder, tmp_path / "mixed", *mixed, "--stop-at", 2)
    train(folder, tmp_path / "mixed", *mixed)
    origin, end, mean = (
        load_file(path / "model.safetensors") for path in (start, tmp_path / "alone" / "model", tmp_path / "mixed" / "model")
    )
    name = "model.encoder.layers.0.fc1.weight"
    assert abs(end[name] - origin[name]).max() > 1e-3
    assert mean[name] == pytest.approx(0.75 * end[name].astype(float) + 0.25 * origin[name].astype(float), abs=1e-3)


def test_it_learns(folder, tmp_path):
    log = train(
        folder, tmp_path / "run", "--steps", 120, "--workers", 1, "--warmup", 10, "--rate", 3e-3, "--muon-rate", 0.02
    )
    before, after = dev(log)[0], dev(log)[-1]
    # 16,000 pieces, so ln 16,000 = 9.7 nats at first; ten words are about 2.3 nats each when nothing is read
    assert all(value > 9 for value in before.values())
    assert all(value < 2.2 for value in after.values()), after


def test_the_papers_schedule_rises_and_falls(folder, tmp_path):
    log = train(
        folder, tmp_path / "run", "--steps", 12, "--workers", 1, "--warmup", 4, "--schedule", "inverse-sqrt",
        "--muon-rate", 0,
    )  # fmt: skip
    factors = [row["factor"] for row in log if "factor" in row]
    assert factors[:4] == [0.25, 0.5, 0.75, 1.0]
    assert factors[11] == pytest.approx((4 / 12) ** 0.5, abs=1e-3)
    assert factors[4:] == sorted(factors[4:], reverse=True)
