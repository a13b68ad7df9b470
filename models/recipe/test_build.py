"""From rows to a model folder by one command, and again from where it was."""

import argparse
import json
import subprocess
import sys
from pathlib import Path

import build
import train
from train import parser

HERE = Path(__file__).parent


def test_one_command_makes_the_model_and_goes_on_where_it_was(tmp_path):
    (tmp_path / "data" / "pairs").mkdir(parents=True)
    rows = [{"en": f"File {n}", "ko": f"파일 {n}", "kind": "ui", "src": "x"} for n in range(300)]
    with (tmp_path / "data" / "pairs" / "open-source.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    run, out = tmp_path / "run", tmp_path / "model"
    command = [sys.executable, "build.py", "--data", tmp_path / "data", "--run", run, "--out", out, "--name", "small"]
    command += ["--tokenizer", HERE / "../default", "--preset", "tiny", "--steps", 4, "--cli", "", "--quiet"]
    command += ["--batch-tokens", 200, "--step-tokens", 300, "--window", 200, "--dev-lines", 0]
    for stop in ((), ("--stop-at", 2), ()):  # stopping at step 2 again leaves the finished run as it is
        subprocess.run([str(part) for part in (*command, *stop)], cwd=HERE, check=True, stdout=subprocess.DEVNULL)
    names = {path.name for path in out.iterdir()}
    assert {"config.json", "model.safetensors", "tokenizer.json", "MODEL_CARD.md", "LICENSE"} <= names
    config = json.loads((out / "config.json").read_text())
    assert config["headlight"]["format"] == "int8" and config["headlight"]["name"] == "small"
    steps = [row["step"] for row in map(json.loads, (run / "log.jsonl").read_text().splitlines()) if "loss" in row]
    assert steps == [1, 2, 3, 4]
    assert (run / "curve.png").stat().st_size > 1000


def options(tmp_path, **more):
    values = {"data": tmp_path, "run": tmp_path / "run", "out": tmp_path / "out", "name": "x", "tokenizer": None}
    return argparse.Namespace(**{**values, "gpu": False, "scores": True, **more})


def test_stages_follow_from_what_is_there(tmp_path):
    assert [name for name, _ in build.stages(options(tmp_path), [])] == [
        "vocabulary.py", "train.py", "quantize.py", "shortlist.py", "plot.py",
    ]  # fmt: skip
    (tmp_path / "run" / "vocabulary").mkdir(parents=True)
    (tmp_path / "run" / "vocabulary" / "tokenizer.json").write_text("{}")
    (tmp_path / "eval").mkdir()
    (tmp_path / "eval" / "a-dev.tsv").write_text("")
    assert [name for name, _ in build.stages(options(tmp_path), [])] == [
        "train.py", "quantize.py", "shortlist.py", "plot.py", "confidence.py", "evaluate.py",
    ]  # fmt: skip
    assert [name for name, _ in build.stages(options(tmp_path, scores=False), [])][-1] == "plot.py"


def test_the_options_for_a_gpu_are_train_py_s_and_the_callers_count(tmp_path):
    stages = dict(build.stages(options(tmp_path, gpu=True), ["--minutes", "22", "--batch-tokens", "8000"]))
    chosen = parser().parse_args([str(part) for part in stages["train.py"]])
    assert chosen.device == "cuda" and chosen.bf16 and chosen.readers >= 1
    assert chosen.minutes == 22 and chosen.batch_tokens == 8000


def test_presets():
    assert set(train.PRESETS) == {"default", "tiny", "multi30k"}
