"""Checks the recipe against a published table: Multi30k, English to German, on lower-cased tokenised text.

    python multi30k.py --data FOLDER --run runs/multi30k [train.py's options]

FOLDER holds train.tok.{en,de}[.xz] and valid.tok.{en,de}. The set-up is the small one of that literature: 4 + 4 layers,
d_model 128, feed-forward 256, 4 heads, joint BPE of 10,000, dropout 0.3, the mean of the last 10 snapshots, beam 5. The
model is only measured: the data are for research, and nothing of them is kept in the project.

BLEU is multi-bleu's: of the text as it is tokenised, lower-cased.
"""

import argparse
import json
import lzma
import subprocess
import sys
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

import data
import vocabulary

HERE = Path(__file__).resolve().parent
SETTINGS = ["--preset", "multi30k", "--cli", "", "--dev-lines", 0, "--average", 10, "--average-every", 60, "--last-share", 0]


def lines(folder, name):
    plain = Path(folder) / name
    opener, path = (open, plain) if plain.exists() else (lzma.open, plain.with_name(f"{name}.xz"))
    with opener(path, "rt", encoding="utf-8") as file:
        return [line.strip() for line in file]


def joint_bpe(texts, size):
    """One vocabulary for both languages; words are split at blanks, as the text is tokenised."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always", split=True)
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always", split=True)
    trainer = trainers.BpeTrainer(vocab_size=size, special_tokens=vocabulary.SPECIAL, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    return tokenizer


def prepare(folder, run):
    """Writes the tokenizer and the training text in the recipe's own form into the run's folder."""
    english, german = lines(folder, "train.tok.en"), lines(folder, "train.tok.de")
    if len(english) != len(german):
        raise SystemExit(f"{folder}: {len(english)} English and {len(german)} German lines")
    vocabulary.write(joint_bpe(english + german, 10000), run / "vocabulary")
    (run / "data" / "plain").mkdir(parents=True)
    with (run / "data" / "plain" / "train.jsonl").open("w", encoding="utf-8") as file:
        for source, target in zip(english, german):
            file.write(json.dumps({"src": source, "tgt": target}) + "\n")


def translate(model, sources, cli, beam):
    command = ["node", cli, "translate", "--raw", "--model", model, "--beam", beam, "--max-tokens", 100]
    answer = subprocess.run(
        [str(part) for part in command], input="".join(f"{line}\n" for line in sources), capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    if answer.returncode != 0:
        raise SystemExit(f"{cli}: {answer.stderr}")
    return answer.stdout.split("\n")[:-1]


def main():
    from sacrebleu.metrics import BLEU

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default=str(HERE / "../../../shared/data/multi30k"))
    parser.add_argument("--run", default=str(HERE / "runs/multi30k"))
    parser.add_argument("--cli", default=str(data.default_cli()), help="built CLI, which translates")
    parser.add_argument("--beam", type=int, default=5)
    parser.add_argument("--score-only", action="store_true", help="score the run's last checkpoint")
    options, training = parser.parse_known_args()
    run = Path(options.run).resolve()
    if not (run / "data").exists():
        prepare(options.data, run)
    if not options.score_only:
        command = [sys.executable, HERE / "train.py", "--run", run, "--data", run / "data"]
        command += ["--tokenizer", run / "vocabulary", *SETTINGS, *training]
        subprocess.run([str(part) for part in command], check=True)
    sources, references = lines(options.data, "valid.tok.en"), lines(options.data, "valid.tok.de")
    outputs = translate(run / "model", sources, options.cli, options.beam)
    bleu = BLEU(tokenize="none", force=True)
    print(json.dumps({"lines": len(sources), "bleu": str(bleu.corpus_score(outputs, [references])), "signature": str(bleu.get_signature())}))


if __name__ == "__main__":
    main()
