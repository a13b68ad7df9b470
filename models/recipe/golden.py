"""Writes test/fixtures/transformer: small random models with what Hugging Face's implementation computes from them.

    python golden.py [--out ../../test/fixtures/transformer] [--check]

One folder per configuration, a MarianMTModel folder that the engine reads (config.json, generation_config.json,
model.safetensors), and beside it

- golden.json: sources, targets, greedy and beam-4 tokens and scores, the same under the rule of placeholders, parameter
  counts, versions of what computed them;
- golden.safetensors: logits and every attention map of a padded batch, eager attention, float32.

Post-norm comes from MarianMTModel itself. Pre-norm, which it does not have, comes from Pegasus, Blenderbot and mBART, whose
parameters have the same names. Other position tables are written into MarianMTModel's own frozen table. The int8 folder
is one of the others through quantize.py, its reference being the dequantized weights.

--check (default: also done after writing) runs onnx.checker over every graph that the TypeScript emits for every folder; it needs
Node and the project's packages.
"""

import argparse
import contextlib
import functools
import json
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import torch
import transformers
from safetensors.numpy import save_file
from transformers import MarianConfig, MarianMTModel

import quantize
from golden_models import CONFIGURATIONS, GENERATION, INT8_OF, build, checkpoint, seed_of, sizes, special_tokens, write_config

torch.set_num_threads(1)  # the models are tiny: more threads only wait for each other
ROOT = Path(__file__).resolve().parents[2]
MAX_NEW_TOKENS = 14
LENGTH_PENALTIES = (0.6, 1.0, 1.4)
BEAMS = 4
SOURCE_LENGTHS = (7, 4, 1, 9)
TARGET_LENGTHS = (5, 8, 3, 1)


@functools.cache
def varied_end_bias(name):
    """Random models either never end or end at once: the bias of the end token under which their lengths vary the most."""

    def variety(end_bias):
        model = build(name, end_bias)
        with torch.inference_mode():
            rows = [row["ids"] for row in generated(name, model, random_sources(name), 1)]
        return len({len(row) for row in rows}), len({token for row in rows for token in row})

    return max(np.arange(0.0, 9.0, 0.25), key=variety)


def padded(rows, pad):
    length = max(map(len, rows))
    ids = torch.tensor([row + [pad] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask


def random_rows(lengths, name, purpose):
    """Rows of ordinary tokens: neither padding (the last) nor the end (1)."""
    random = np.random.default_rng(seed_of(name + purpose))
    tokens = [token for token in range(CONFIGURATIONS[name][1]["vocab_size"] - 1) if token != 1]
    return [[int(token) for token in random.choice(tokens, length)] for length in lengths]


def random_sources(name):
    return [row + [1] for row in random_rows(SOURCE_LENGTHS, name, "sources")]


def trimmed(row, end):
    """Generated ids without the start token and without what pads the row after its end."""
    row = row[1:]
    return row[: row.index(end) + 1] if end in row else row


def placeholder_rule(sources, placeholders, vocabulary):
    """What may follow: a placeholder as often as its source has it, the end where all of them are there, anything else."""

    def allowed(source, prefix):
        written = Counter(token for token in prefix.tolist() if token in placeholders)
        wanted = Counter(token for token in sources[source] if token in placeholders)
        forbidden = {token for token in placeholders if written[token] >= wanted[token]}
        if written != wanted:
            forbidden.add(1)
        return [token for token in range(vocabulary) if token not in forbidden]

    return allowed


def generated(name, model, sources, beams, penalty=1.0, rule=None):
    pad, end = model.config.pad_token_id, 1
    ids, mask = padded(sources, pad)
    result = model.generate(
        input_ids=ids,
        attention_mask=mask,
        num_beams=beams,
        num_return_sequences=beams,
        length_penalty=penalty,
        max_new_tokens=MAX_NEW_TOKENS,
        do_sample=False,
        bad_words_ids=[[pad]],
        pad_token_id=pad,
        eos_token_id=end,
        decoder_start_token_id=pad,
        **{"forced_eos_token_id": None, **GENERATION.get(name, {})},
        return_dict_in_generate=True,
        output_scores=True,
        prefix_allowed_tokens_fn=rule,
    )
    rows = []
    for index, row in enumerate(result.sequences.tolist()):
        ids = trimmed(row, end)
        # a hypothesis that was cut off is padded up to the longest of the batch
        while ids and ids[-1] == pad:
            ids.pop()
        rows.append(ids)
    if beams == 1:
        return [{"ids": row} for row in rows]
    scores = result.sequences_scores.tolist()
    hypotheses = [{"ids": row, "score": score} for row, score in zip(rows, scores)]
    return [hypotheses[i : i + beams] for i in range(0, len(hypotheses), beams)]


@contextlib.contextmanager
def captured_values(model):
    """Gives, once a forward pass ran, {kind_norm: [B, L, h, keys]}: the lengths of (x W_V + b_V)_h W_O_h, computed from the outputs of
    every v_proj."""
    norms, found, handles = {}, [], []

    def watch(kind, attention):
        def hook(_module, _inputs, value):
            heads = attention.num_heads
            values = value.unflatten(-1, (heads, -1))  # [B, keys, h, d_v]
            output = attention.out_proj.weight.unflatten(-1, (heads, -1))  # [d, h, d_v]
            found.append((kind, torch.einsum("bkhv,dhv->bhkd", values, output).norm(dim=-1)))

        handles.append(attention.v_proj.register_forward_hook(hook))

    for layer in model.model.encoder.layers:
        watch("enc_norm", layer.self_attn)
    for layer in model.model.decoder.layers:
        watch("dec_norm", layer.self_attn)
        watch("cross_norm", layer.encoder_attn)
    yield norms
    for handle in handles:
        handle.remove()
    for kind in ("enc_norm", "dec_norm", "cross_norm"):
        norms[kind] = torch.stack([value for other, value in found if other == kind], 1)


def golden(model, name):
    pad = model.config.pad_token_id
    sources = random_sources(name)
    targets = random_rows(TARGET_LENGTHS, name, "targets")
    ids, mask = padded(sources, pad)
    inputs, _ = padded([[pad] + row for row in targets], pad)
    with torch.inference_mode(), captured_values(model) as norms:
        output = model(
            input_ids=ids, attention_mask=mask, decoder_input_ids=inputs, output_attentions=True, use_cache=False
        )
    with torch.inference_mode():
        tokens = {
            "greedy": generated(name, model, sources, 1),
            "beam": {str(penalty): generated(name, model, sources, BEAMS, penalty) for penalty in LENGTH_PENALTIES},
        }
        # whoever renormalizes does so over what the rule leaves, which the program does not
        if name not in GENERATION:
            placeholders = sorted({*sources[0][:2], sources[-1][0]})
            rule = placeholder_rule(sources, placeholders, model.config.vocab_size)
            tokens["placed"] = {"placeholders": placeholders, "beam": generated(name, model, sources, BEAMS, rule=rule)}
    tensors = {"logits": output.logits, **norms}
    for kind, maps in (("enc", output.encoder_attentions), ("dec", output.decoder_attentions), ("cross", output.cross_attentions)):
        tensors[kind] = torch.stack(maps, 1)  # [B, L, h, queries, keys]
    computed = CONFIGURATIONS[name][2].get("positions") != "learned"
    frozen = [key for key, value in model.named_parameters() if computed and not value.requires_grad]
    facts = {
        "sources": sources,
        "targets": targets,
        "maxNewTokens": MAX_NEW_TOKENS,
        **tokens,
        "parameters": parameter_counts(model, frozen),
        "versions": {"transformers": transformers.__version__, "torch": torch.__version__},
    }
    return facts, {name: np.ascontiguousarray(value.numpy()) for name, value in tensors.items()}


def parameter_counts(model, frozen=()):
    """Counted from the state dict's own shapes; tied tensors once, frozen sinusoids and buffers not."""
    seen, counts = set(), {"total": 0}
    groups = {
        "encoderAttention": "model.encoder.layers.0.self_attn.",
        "encoderFeedForward": "model.encoder.layers.0.fc",
        "encoderLayer": "model.encoder.layers.0.",
        "decoderLayer": "model.decoder.layers.0.",
        "embedding": "model.shared.",
    }
    for name, parameter in model.named_parameters():
        if id(parameter) in seen or name in frozen:
            continue
        seen.add(id(parameter))
        counts["total"] += parameter.numel()
        for group, prefix in groups.items():
            if name.startswith(prefix):
                counts[group] = counts.get(group, 0) + parameter.numel()
    return counts


def reference_counts():
    """Parameter counts of real state dicts: the paper's base model and BERT-base's encoder layer."""
    from transformers import BertConfig, BertModel

    with torch.device("meta"):
        fields = sizes(37000, 512, (6, 6), (8, 8), (2048, 2048), positions=512)
        base = MarianMTModel(MarianConfig(**fields, **special_tokens(37000)))
        frozen = [name for name, parameter in base.named_parameters() if "embed_positions" in name]
        layer = BertModel(BertConfig()).encoder.layer[0]
    count = lambda *modules: sum(p.numel() for m in modules for p in m.parameters())
    bert = {
        "attention": count(layer.attention.self, layer.attention.output.dense),
        "feedForward": count(layer.intermediate.dense, layer.output.dense),
        "norms": count(layer.attention.output.LayerNorm, layer.output.LayerNorm),
    }
    return {"base": parameter_counts(base, frozen), "bertBaseLayer": bert}


def write_int8(folder, name, source):
    """The int8 layout of another configuration, and what the dequantized weights give."""
    family, fields, extra, _ = CONFIGURATIONS[source]
    model = build(source, varied_end_bias(source))
    tensors = quantize.quantize(checkpoint(model, family, extra), fields)
    quantize.write_safetensors(folder / "model.safetensors", tensors, {})
    write_config(folder, source, {**extra, "format": "int8", "version": 1, "name": name}, "int8")
    restored = quantize.dequantize(tensors)
    with torch.no_grad():
        state = model.state_dict()
        for key, value in restored.items():
            if key != "lm_head.weight":
                state[key].copy_(torch.from_numpy(value))
        model.lm_head.weight = torch.nn.Parameter(torch.from_numpy(restored["lm_head.weight"]))
    return golden(model, source)


def write(folder, name):
    folder.mkdir(parents=True)
    if name in INT8_OF:
        facts, tensors = write_int8(folder, name, INT8_OF[name])
    else:
        family, fields, extra, stored = CONFIGURATIONS[name]
        model = build(name, varied_end_bias(name))
        write_config(folder, name, extra, stored)
        weights = checkpoint(model, family, extra)
        dtype = np.float16 if stored == "F16" else np.float32
        write_tensors({key: value.astype(dtype) for key, value in weights.items()}, folder / "model.safetensors")
        facts, tensors = golden(model, name)
    (folder / "golden.json").write_text(json.dumps(facts) + "\n")
    write_tensors(tensors, folder / "golden.safetensors")
    beam = [len(row["ids"]) for rows in facts["beam"]["1.0"] for row in rows]
    print(f"{name}: greedy lengths {[len(row['ids']) for row in facts['greedy']]}, beam {beam}")


def write_tensors(tensors, path):
    save_file(tensors, path)
    path.chmod(0o644)  # the library leaves it readable to its writer alone


def check(out):
    """onnx.checker over every graph of every folder, in every precision and kind of attention."""
    checked = 0
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        with tempfile.TemporaryDirectory() as temporary:
            emit = ["npx", "--no-install", "tsx", "test/engine/emitGraphs.ts", str(folder), temporary]
            subprocess.run(emit, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
            shutil.copy(folder / "model.safetensors", temporary)
            graphs = sorted(Path(temporary).glob("*.onnx"))
            assert len(graphs) >= 12, f"{folder}: only {len(graphs)} graphs"
            for graph in graphs:
                onnx.checker.check_model(str(graph), full_check="plain" in graph.name)
                checked += 1
    print(f"onnx.checker {onnx.__version__}: {checked} graphs are valid")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "test" / "fixtures" / "transformer")
    parser.add_argument("--check", action="store_true", help="only check the graphs of what is there")
    arguments = parser.parse_args()
    if not arguments.check:
        shutil.rmtree(arguments.out, ignore_errors=True)
        for name in (*CONFIGURATIONS, *INT8_OF):
            write(arguments.out / name, name)
        (arguments.out / "counts.json").write_text(json.dumps(reference_counts(), indent=1) + "\n")
    check(arguments.out)


if __name__ == "__main__":
    main()
