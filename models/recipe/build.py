"""One command from nothing to the int8 model: vocabulary, training, quantization, calibration, scores.

    python build.py --data FOLDER --run runs/full --out ../default [--name NAME] [train.py's options]
    python build.py --data FOLDER --run runs/gpu --gpu --minutes 22      # a large GPU with 16 cores beside it
    python build.py --data FOLDER --run runs/tiny --out /tmp/tiny --preset tiny --steps 200

A stopped build goes on where it was: a vocabulary that is there is used, training goes on from its last checkpoint, parts of
the scores that stand in the run's report are not computed again. Without dev sets (eval/*.tsv) nothing is calibrated or scored.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent

# What differs from train.py's defaults, which are for a few CPU cores: bf16, one worker, micro-batches that fill the device,
# and processes that prepare examples as fast as it reads them. Many passes over the data want dropout (5.4).
GPU = (
    "--device", "cuda", "--bf16", "--workers", 1, "--batch-tokens", 24000, "--step-tokens", 40000,
    "--readers", max(1, (os.cpu_count() or 2) - 2), "--warmup", 200, "--dropout", 0.1,
    "--save-every", 3,
)  # fmt: skip


def stages(options, training):
    """-> [(script, arguments)], in order."""
    run, data = Path(options.run).resolve(), Path(options.data)
    tokenizer = Path(options.tokenizer).resolve() if options.tokenizer else run / "vocabulary"
    result = []
    if not (tokenizer / "tokenizer.json").exists():
        result.append(("vocabulary.py", [tokenizer, "--data", data]))
    usual = GPU if options.gpu else ()  # the caller's come later and count
    train = ["--run", run, "--data", data, "--tokenizer", tokenizer, *usual, *training]
    result.append(("train.py", train))
    result.append(("quantize.py", [run / "model", options.out, "--name", options.name]))
    result.append(("shortlist.py", [options.out, "--data", data]))
    result.append(("plot.py", [run / "log.jsonl", run / "curve.png"]))
    if options.scores and list((data / "eval").glob("*.tsv")):
        model = ["--model", options.out, "--data", data]
        result.append(("confidence.py", [*model, "--write"]))
        result.append(("evaluate.py", [*model, "--float", run / "model", "--report", run / "report.json"]))
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(HERE / "../../../shared/data"))
    parser.add_argument("--run", default=str(HERE / "runs/full"))
    parser.add_argument("--out", default=str(HERE / "../default"))
    parser.add_argument("--name", default="headlight-ko-en")
    parser.add_argument("--tokenizer", help="folder with a tokenizer to use instead of making one")
    parser.add_argument("--gpu", action="store_true", help="train.py's options for one large GPU")
    parser.add_argument("--no-scores", dest="scores", action="store_false", help="neither calibrate nor score")
    options, training = parser.parse_known_args()
    for script, arguments in stages(options, training):
        print(f"{script} {' '.join(map(str, arguments))}", flush=True)
        subprocess.run([sys.executable, HERE / script, *map(str, arguments)], check=True)


if __name__ == "__main__":
    main()
