"""One command from nothing to the int8 model: vocabulary, training, quantization, scores.

    python build.py --data FOLDER --run runs/full --out ../default [--name NAME] [train.py's options]

Each stage is skipped when its result is there, so a stopped build goes on where it was.
"""

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(HERE / "../../../shared/data"))
    parser.add_argument("--run", default=str(HERE / "runs/full"))
    parser.add_argument("--out", default=str(HERE / "../default"))
    parser.add_argument("--name", default="headlight-ko-en")
    parser.add_argument("--tokenizer", help="folder with a tokenizer to use instead of making one")
    options, training = parser.parse_known_args()
    run = Path(options.run).resolve()
    tokenizer = Path(options.tokenizer).resolve() if options.tokenizer else run / "vocabulary"

    def stage(script, *arguments):
        subprocess.run([sys.executable, HERE / script, *map(str, arguments)], check=True)

    if not (tokenizer / "tokenizer.json").exists():
        stage("vocabulary.py", tokenizer, "--data", options.data)
    stage("train.py", "--run", run, "--data", options.data, "--tokenizer", tokenizer, *training)
    stage("quantize.py", run / "model", options.out, "--name", options.name)
    stage("plot.py", run / "log.jsonl", run / "curve.png")
    if list((Path(options.data) / "eval").glob("*.tsv")):
        stage("evaluate.py", "--model", options.out, "--data", options.data)


if __name__ == "__main__":
    main()
