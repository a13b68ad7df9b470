"""The built command line, as people use it: what is scored is what runs in the editor."""

import json
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def normalized(line):
    """One line of text: what a program that answers line by line needs."""
    return re.sub(r"\s+", " ", line).strip()


def lines_of(options, command, lines, count=None):
    """Runs `node dist/cli.js COMMAND` on the lines -> its lines, as many as went in."""
    cli = getattr(options, "cli", None) or ROOT / "dist" / "cli.js"
    whole = ["node", *map(str, (cli, *command))]
    answer = subprocess.run(
        whole, input="".join(f"{line}\n" for line in lines), capture_output=True, encoding="utf-8", check=False
    )
    if answer.returncode != 0:
        raise SystemExit(f"{' '.join(whole)}: exit {answer.returncode}\n{answer.stderr}")
    result = answer.stdout.split("\n")[:-1]
    if len(result) != (len(lines) if count is None else count):
        raise SystemExit(f"{' '.join(whole)}: {len(lines)} lines in, {len(result)} out")
    return result


def model_of(options):
    return ["--model", Path(options.model).resolve(), "--threads", getattr(options, "threads", 1)]


def translate(options, lines, to, beam):
    """One-line texts -> [{"text", "segments": [{"status", "reason"?, "logProbability"?, ...}]}]"""
    command = ["translate", "--lines", "--json", "--to", to, "--beam", beam, *model_of(options)]
    return [json.loads(line) for line in lines_of(options, command, lines)]


def translate_texts(options, texts, to, beam):
    """Texts of any number of lines -> [{"text", "kept"?}]"""
    command = ["batch", "--to", to, "--beam", beam, *model_of(options)]
    records = [json.dumps({"text": text}) for text in texts]
    return [json.loads(line)["translation"] for line in lines_of(options, command, records)]


def prepare(options, texts, to):
    """-> [{"source": tag and protected text, "spans"}], as the model reads them."""
    records = [json.dumps({"text": text, "to": to}) for text in texts]
    return [json.loads(line) for line in lines_of(options, ["prepare"], records)]


def raw(options, sources, beam):
    """Prepared sources -> what the model itself writes: no guard, no second try."""
    command = ["translate", "--raw", "--json", "--beam", beam, "--max-tokens", 256, *model_of(options)]
    return [json.loads(line)["text"] for line in lines_of(options, command, sources)]
