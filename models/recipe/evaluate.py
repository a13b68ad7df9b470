"""Scores a model on the dev sets.

    python evaluate.py --model ../default --data FOLDER                       # through the built CLI, as people use it
    python evaluate.py --model ../default --data FOLDER --via raw             # through the CLI, the model alone
    python evaluate.py --model runs/second/model --data FOLDER --via ctranslate2 --tasks

chrF is sacrebleu's default, restored text against the reference. `raw` and `ctranslate2` protect spans with `spans.py`
and tell how many sentences with placeholders kept each exactly as often as the source has it, before any retry; `cli`
is the editor's whole path (TypeScript's protection, retry, particles), where nothing of that can be seen.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tokenizers import Tokenizer

import spans
from data import EOS, MAX_PIECES, TASK_TAGS

CLI = "node {root}/dist/cli.js translate --lines --model {model} --to {to} --beam {beam}"


def normalized(line):
    """One line of text: what a program that answers line by line needs."""
    return re.sub(r"\s+", " ", line).strip()


def through_cli(lines, to, options, raw, more=()):
    root = Path(__file__).resolve().parents[2]
    command = CLI.format(root=root, model=Path(options.model).resolve(), to=to, beam=options.beam).split() + list(more)
    if raw:
        command.append("--raw")
    answer = subprocess.run(
        command, input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", check=False
    )
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit {answer.returncode}\n{answer.stderr}")
    result = answer.stdout.split("\n")[:-1]
    if len(result) != len(lines):
        raise SystemExit(f"{' '.join(command)}: {len(lines)} lines in, {len(result)} out")
    return result


class CTranslate2:
    """A MarianMTModel folder (fp32, fp16) converted to CTranslate2 int8."""

    def __init__(self, options):
        import ctranslate2

        self.tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
        self.beam, self.compute = options.beam, options.compute
        with tempfile.TemporaryDirectory() as folder:
            converted = Path(folder) / "model"
            converted.mkdir()
            self.specification(Path(options.model)).save(str(converted))
            self.translator = ctranslate2.Translator(
                str(converted), compute_type=options.compute, intra_threads=1, inter_threads=options.threads
            )

    def specification(self, folder):
        """CTranslate2's own loader of Marian models drops the last row of the vocabulary, as if it were <pad>, and
        starts from a zero embedding; here <pad> is row 0 and its embedding starts the decoder. Its BART loader reads
        the same layers and does neither."""
        from ctranslate2.converters.transformers import BartLoader
        from transformers import MarianMTModel

        model = MarianMTModel.from_pretrained(folder, dtype="float32")
        specification = BartLoader().get_model_spec(model)
        vocabulary = self.tokenizer.get_vocab()
        tokens = sorted(vocabulary, key=vocabulary.get)
        specification.register_source_vocabulary(tokens)
        specification.register_target_vocabulary(tokens)
        config = specification.config
        config.bos_token = config.decoder_start_token = "<pad>"
        config.eos_token, config.unk_token = "</s>", "<unk>"
        specification.validate()
        specification.optimize(quantization=self.compute if self.compute != "float32" else None)
        return specification

    def __call__(self, lines):
        """Lines with their tag -> output lines."""
        rows = []
        for line in lines:
            ids = self.tokenizer.encode(line, add_special_tokens=False).ids[: MAX_PIECES - 1] + [EOS]
            rows.append([self.tokenizer.id_to_token(token) for token in ids])
        results = self.translator.translate_batch(
            rows, beam_size=self.beam, max_batch_size=1024, batch_type="tokens", max_decoding_length=MAX_PIECES,
            suppress_sequences=[["<pad>"]],
        )
        answers = []
        for result in results:
            ids = [self.tokenizer.token_to_id(token) for token in result.hypotheses[0]]
            text = self.tokenizer.decode([token for token in ids if token != EOS], skip_special_tokens=False)
            answers.append(re.sub(r"\s*<nl>\s*", " ", text))
        return answers


def repeats(text, size=4, times=3):
    """An n-gram of `size` words `times` times in a row or not: the sign of a decoder that runs in circles."""
    words = text.split()
    grams = Counter(tuple(words[index : index + size]) for index in range(len(words) - size + 1))
    return any(count >= times for count in grams.values())


def pieces(tokenizer, texts):
    return [len(encoding.ids) for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]


def score_pairs(path, translate, options):
    """-> {direction: {"chrf", "kept", "with_spans", "repeats", "runaways", ...}}"""
    from sacrebleu.metrics import CHRF

    tokenizer = Tokenizer.from_file(str(Path(options.model) / "tokenizer.json"))
    rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
    result = {}
    for to, source_column in (("ko", 0), ("en", 1)):
        sources = [normalized(row[source_column]) for row in rows]
        references = [row[1 - source_column] for row in rows]
        outputs, kept, with_spans = translate(sources, to)
        result[to] = {
            "lines": len(rows),
            "chrf": round(CHRF().corpus_score(outputs, [references]).score, 2),
            "with_spans": with_spans,
            "kept": kept,
            "repeats": sum(map(repeats, outputs)),
            # longer than 2.5 times the source in pieces; a very short source may well be 8 pieces in the other language
            "runaways": sum(
                out > max(8, 2.5 * source) for out, source in zip(pieces(tokenizer, outputs), pieces(tokenizer, sources))
            ),
        }
        if options.out:
            folder = Path(options.out)
            folder.mkdir(parents=True, exist_ok=True)
            text = "".join(f"{s}\t{o}\t{r}\n" for s, o, r in zip(sources, outputs, references))
            (folder / f"{path.stem}.{to}.tsv").write_text(text, encoding="utf-8")
    return result


def translator(options, engine):
    """-> translate(sources, to) -> (restored outputs, sentences whose placeholders all came back, sentences with any)"""

    def protected(sources, to):
        pairs = [spans.protect(source, options.level) for source in sources]
        if engine:
            raw = engine([f"<2{to}> {text}" for text, _ in pairs])
        else:
            raw = through_cli([text for text, _ in pairs], to, options, raw=True)
        flags = [
            spans.placeholders_agree(text, output) for (text, found), output in zip(pairs, raw) if found
        ]
        outputs = [spans.restore(output, found)[0] for output, (_, found) in zip(raw, pairs)]
        return outputs, sum(flags), len(flags)

    def whole(sources, to):
        return through_cli(sources, to, options, raw=False), None, None

    return whole if options.via == "cli" else protected


class Words:
    """Words for ROUGE: runs of letters or digits in any script (rouge-score's own tokenizer drops Hangul)."""

    def tokenize(self, text):
        return re.findall(r"\w+", text.lower())


def score_tasks(path, engine, options):
    from rouge_score import rouge_scorer
    from sacrebleu.metrics import BLEU, CHRF

    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[: options.lines]]
    default_task = "title" if "title" in path.name else "sum" if "sum" in path.name else "explain"
    default_language = "ko" if ".ko." in path.name else "en"
    prepared = []
    for row in rows:
        task = row.get("task", default_task)
        tag = TASK_TAGS[task, row.get("nl", default_language)]
        source = re.sub(r"\s*\n\s*", " <nl> ", row["src"].strip())
        text, found = (source, []) if task == "explain" else spans.protect(source)
        prepared.append((f"{tag} {text}", found))
    raw = engine([text for text, _ in prepared])
    outputs = [spans.restore(text, found)[0] for text, (_, found) in zip(raw, prepared)]
    targets = [row["tgt"] for row in rows]
    leads = [re.split(r"(?<=[.!?。])\s", row["src"].strip(), maxsplit=1)[0] for row in rows]
    scorer = rouge_scorer.RougeScorer(["rougeL"], tokenizer=Words())

    def rouge(texts):
        scores = [scorer.score(target, text)["rougeL"].fmeasure for target, text in zip(targets, texts)]
        return round(100 * sum(scores) / len(scores), 2)

    return {
        "lines": len(rows),
        "rougeL": rouge(outputs),
        "rougeL_lead1": rouge(leads),
        "chrf": round(CHRF().corpus_score(outputs, [targets]).score, 2),
        "bleu": round(BLEU(effective_order=True).corpus_score(outputs, [targets]).score, 2),
    }


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default=str(here / "../default"))
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--via", choices=("cli", "raw", "ctranslate2"), default="cli")
    parser.add_argument("--lines", type=int, default=200, help="first lines of each set")
    parser.add_argument("--sets", help="only sets whose name has this")
    parser.add_argument("--beam", type=int, default=4)
    parser.add_argument("--level", choices=sorted(spans.LEVELS), default="identifiers", help="what is protected")
    parser.add_argument("--tasks", action="store_true", help="titles, summaries, explanations (ctranslate2)")
    parser.add_argument("--compute", default="int8", help="CTranslate2's compute type")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", help="folder for source, output, reference as TSV")
    options = parser.parse_args()
    if options.tasks and options.via != "ctranslate2":
        parser.error("--tasks needs --via ctranslate2")
    engine = CTranslate2(options) if options.via == "ctranslate2" else None
    folder = Path(options.data) / "eval"
    found = sorted(folder.glob("*.tsv")) + (sorted(folder.glob("*.jsonl")) if options.tasks else [])
    found = [path for path in found if not options.sets or options.sets in path.name]
    if not found:
        sys.exit(f"no dev sets in {folder}")
    translate = translator(options, engine)
    for path in found:
        score = score_pairs(path, translate, options) if path.suffix == ".tsv" else score_tasks(path, engine, options)
        print(json.dumps({path.stem: score}), flush=True)


if __name__ == "__main__":
    main()
