"""Turns a MarianMTModel folder (fp32, fp16 or bf16 safetensors) into the int8 model that Headlight ships.

    python quantize.py CHECKPOINT OUT --name NAME [--levels 64] [--check dev.tsv --lines 200]

What is stored (tensor names are MarianMTModel's, with these rules):
- `X.weight` of a linear layer, [out, in] in PyTorch, is stored as int8 [in, out], the way MatMul wants it, with
  `X.weight_scale` float32 [out]: symmetric, one scale per output channel, no zero point. Biases stay float32.
- q, k, v of a self-attention are joined along `out` into `self_attn.qkv_proj`, k and v of a cross-attention into
  `encoder_attn.kv_proj`: one product instead of three (or two) per layer.
- the tied embedding is stored twice: `model.shared` int8 [V, d] with a scale per row for the lookup, and `lm_head`
  int8 [d, V] with a scale per column for the output product. 8 MB more, and no transposed copy in memory.
- sinusoidal positions are not stored, layer norms are float32.
- every tensor starts at a multiple of 64 bytes of the file, because the file is mapped, not read.

Why +-64 and not +-127 for what is multiplied: on x86 without VNNI (AVX2 alone) the u8 x s8 product is made with
VPMADDUBSW, which adds two products into a *saturating* int16: 255 * w0 + 255 * w1 fits only if |w| <= 64. onnxruntime
1.31 on a Zen 3 was wrong by up to 13 % of the largest output for Gaussian weights at +-127, and exact at +-63. One bit
less costs little because the scale of each channel is searched for the least squared error. The embedding lookup
multiplies nothing and keeps +-127.
"""

import argparse
import json
import re
import shutil
import struct
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

ALIGNMENT = 64
LOOKUP_LEVELS = 127
PRODUCT_LEVELS = 64
CLIPS = np.linspace(1.0, 0.5, 51)  # tried fractions of the largest magnitude of a channel
COPIED = ("tokenizer.json", "tokenizer_config.json")


def quantize_rows(matrix, levels):
    """[rows, n] -> (int8 [rows, n], scale float32 [rows]), the scale of a row being the one of least squared error."""
    matrix = matrix.astype(np.float32)
    largest = np.maximum(np.abs(matrix).max(axis=1), 1e-12)
    best_error = np.full(len(matrix), np.inf, np.float32)
    best_scale = np.empty(len(matrix), np.float32)
    for clip in CLIPS:
        scale = largest * np.float32(clip / levels)
        rounded = np.clip(np.rint(matrix / scale[:, None]), -levels, levels)
        error = np.square(rounded * scale[:, None] - matrix).sum(axis=1)
        better = error < best_error
        best_error[better] = error[better]
        best_scale[better] = scale[better]
    values = np.clip(np.rint(matrix / best_scale[:, None]), -levels, levels).astype(np.int8)
    return values, best_scale


def joined(weights):
    """Joins q, k, v (self-attention) and k, v (cross-attention) along the output axis; the rest passes through."""
    result = dict(weights)
    for name in sorted(weights):
        match = re.fullmatch(r"(.*\.)(self_attn|encoder_attn)\.k_proj\.(weight|bias)", name)
        if not match:
            continue
        prefix, kind, part = match.groups()
        parts = ("q", "k", "v") if kind == "self_attn" else ("k", "v")
        names = [f"{prefix}{kind}.{letter}_proj.{part}" for letter in parts]
        result[f"{prefix}{kind}.{''.join(parts)}_proj.{part}"] = np.concatenate([result.pop(n) for n in names])
    return result


def quantize(weights, config, levels=PRODUCT_LEVELS):
    """MarianMTModel's tensors -> the int8 layout's tensors."""
    weights = {name: value.astype(np.float32) for name, value in weights.items()}
    shared = weights.pop("model.shared.weight")
    for alias in ("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight"):
        other = weights.pop(alias, shared)
        if not np.array_equal(other, shared):
            raise SystemExit(f"{alias} differs from model.shared.weight: untied embeddings have no int8 layout")
    for side in ("encoder", "decoder"):
        positions = f"model.{side}.embed_positions.weight"
        if config.get("static_position_embeddings", True):
            weights.pop(positions, None)
    result = {}
    lookup, lookup_scale = quantize_rows(shared, LOOKUP_LEVELS)
    result["model.shared.weight"], result["model.shared.weight_scale"] = lookup, lookup_scale
    output, output_scale = quantize_rows(shared, levels)
    result["lm_head.weight"], result["lm_head.weight_scale"] = np.ascontiguousarray(output.T), output_scale
    logits_bias = weights.pop("final_logits_bias", np.zeros((1, len(shared)), np.float32))
    result["final_logits_bias"] = logits_bias.reshape(1, -1)
    for name, value in joined(weights).items():
        if value.ndim == 2 and not name.endswith("embed_positions.weight"):
            int8, scale = quantize_rows(value, levels)
            result[name], result[f"{name}_scale"] = np.ascontiguousarray(int8.T), scale
        else:
            result[name] = value
    return result


def dequantize(tensors):
    """The int8 layout's tensors -> float32 tensors under MarianMTModel's names: what the shipped file really says."""
    result = {}
    for name, value in tensors.items():
        if name.endswith("_scale"):
            continue
        scale = tensors.get(f"{name}_scale")
        if name == "model.shared.weight":
            result[name] = value.astype(np.float32) * scale[:, None]
            continue
        full = value.astype(np.float32) if scale is None else value.T.astype(np.float32) * scale[:, None]
        match = re.fullmatch(r"(.*\.)(qkv|kv)_proj\.(weight|bias)", name)
        if match:
            prefix, letters, part = match.groups()
            for letter, piece in zip(letters, np.split(full, len(letters))):
                result[f"{prefix}{letter}_proj.{part}"] = piece
        else:
            result[name] = full
    return result


DTYPES = {np.dtype(np.int8): "I8", np.dtype(np.float32): "F32", np.dtype(np.uint8): "U8"}


def write_safetensors(path, tensors, metadata):
    """Writes safetensors with every tensor at a multiple of 64 bytes. The format forbids holes between tensors, so the
    header is padded with spaces, and where a size is no multiple of 64 a `padding.N` tensor of zero bytes follows."""
    ordered = sorted(tensors.items(), key=lambda item: (item[1].nbytes % ALIGNMENT != 0, item[0]))
    header, blobs, offset = {"__metadata__": metadata}, [], 0

    def add(name, array):
        nonlocal offset
        header[name] = {
            "dtype": DTYPES[array.dtype],
            "shape": list(array.shape),
            "data_offsets": [offset, offset + array.nbytes],
        }
        blobs.append(np.ascontiguousarray(array))
        offset += array.nbytes

    for index, (name, array) in enumerate(ordered):
        add(name, array)
        if offset % ALIGNMENT and index + 1 < len(ordered):
            add(f"padding.{index}", np.zeros(-offset % ALIGNMENT, np.uint8))
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % ALIGNMENT)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)))
        file.write(text)
        for blob in blobs:
            file.write(blob.tobytes())


def matrix_errors(weights, restored):
    """[(name, relative Frobenius error)] of every matrix that was quantized, worst first."""
    errors = []
    for name, value in weights.items():
        if value.ndim == 2 and name in restored and not name.startswith("final_logits_bias"):
            value = value.astype(np.float32)
            errors.append((name, float(np.linalg.norm(restored[name] - value) / np.linalg.norm(value))))
    return sorted(errors, key=lambda item: -item[1])


def check_logits(checkpoint, restored, lines, limit):
    """Compares fp32 and dequantized logits and greedy choices, teacher-forced on dev pairs, both directions.
    Weights alone: the rounding of activations is the runtime's and is measured by evaluate.py."""
    import torch
    from tokenizers import Tokenizer
    from transformers import MarianMTModel

    tokenizer = Tokenizer.from_file(str(Path(checkpoint) / "tokenizer.json"))
    exact = MarianMTModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    rounded = MarianMTModel.from_pretrained(checkpoint, dtype=torch.float32).eval()
    state = rounded.state_dict()
    for name, value in restored.items():
        if name != "lm_head.weight" and name in state:
            state[name].copy_(torch.from_numpy(value).reshape(state[name].shape))
    # the output product has its own, coarser rounding than the lookup: untie the two
    rounded.lm_head.weight = torch.nn.Parameter(torch.from_numpy(restored["lm_head.weight"]))
    cosine = agree = tokens = nll_exact = nll_rounded = 0.0
    with torch.inference_mode():
        for line in Path(lines).read_text(encoding="utf-8").splitlines()[:limit]:
            english, korean = line.split("\t")
            for tag, source, target in (("<2ko>", english, korean), ("<2en>", korean, english)):
                source_ids = tokenizer.encode(f"{tag} {source}", add_special_tokens=False).ids[:255] + [1]
                target_ids = tokenizer.encode(target, add_special_tokens=False).ids[:255] + [1]
                source_ids = torch.tensor([source_ids])
                inputs = torch.tensor([[0, *target_ids[:-1]]])
                a, b = (
                    model(input_ids=source_ids, decoder_input_ids=inputs).logits[0] for model in (exact, rounded)
                )
                gold = torch.tensor(target_ids)
                cosine += torch.cosine_similarity(a, b, dim=-1).sum().item()
                agree += (a.argmax(-1) == b.argmax(-1)).sum().item()
                nll_exact += torch.nn.functional.cross_entropy(a, gold, reduction="sum").item()
                nll_rounded += torch.nn.functional.cross_entropy(b, gold, reduction="sum").item()
                tokens += len(target_ids)
    return {
        "tokens": int(tokens),
        "cosine": cosine / tokens,
        "greedy_agreement": agree / tokens,
        "nll_exact": nll_exact / tokens,
        "nll_rounded": nll_rounded / tokens,
    }


def write_card(out, config, name, parameters):
    """MODEL_CARD.md and LICENSE from the texts beside this script, the figures filled in from the model itself."""
    here = Path(__file__).parent
    values = {
        "name": name,
        "parameters": f"{parameters / 1e6:.1f} million",
        "megabytes": f"{(out / 'model.safetensors').stat().st_size / 1e6:.0f}",
        "d_model": config["d_model"],
        "encoder_layers": config["encoder_layers"],
        "decoder_layers": config["decoder_layers"],
        "heads": config["encoder_attention_heads"],
        "ffn": config["encoder_ffn_dim"],
        "vocabulary": f"{config['vocab_size']:,}",
        "results": (here / "results.md").read_text(encoding="utf-8").strip(),
    }
    card = (here / "model_card.md").read_text(encoding="utf-8")
    for key, value in values.items():
        card = card.replace("{{" + key + "}}", str(value))
    (out / "MODEL_CARD.md").write_text(card, encoding="utf-8")
    shutil.copyfile(here / "weights_license.txt", out / "LICENSE")


def write_model(checkpoint, out, tensors, name):
    """The model folder: configuration, generation settings, tokenizer, weights, card and licence."""
    checkpoint, out = Path(checkpoint), Path(out)
    out.mkdir(parents=True, exist_ok=True)
    config = json.loads((checkpoint / "config.json").read_text())
    config.pop("torch_dtype", None)
    config.pop("dtype", None)
    config["headlight"] = {"format": "int8", "version": 1, "name": name}
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    generation = json.loads((checkpoint / "generation_config.json").read_text())
    (out / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")
    for file in COPIED:
        shutil.copyfile(checkpoint / file, out / file)
    write_safetensors(out / "model.safetensors", tensors, {"format": "headlight-int8", "name": name})
    scales_and_copies = ("_scale", "lm_head.weight", "final_logits_bias")  # not parameters of the model
    parameters = sum(value.size for key, value in tensors.items() if not key.endswith(scales_and_copies))
    write_card(out, config, name, parameters)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("checkpoint", help="MarianMTModel folder")
    parser.add_argument("out", help="folder to write")
    parser.add_argument("--name", default="headlight-ko-en", help="the model's name, kept in its configuration")
    parser.add_argument("--levels", type=int, default=PRODUCT_LEVELS, help="largest magnitude of a multiplied weight")
    parser.add_argument("--check", help="TSV of pairs: compare logits of the exact and the rounded weights on it")
    parser.add_argument("--lines", type=int, default=200, help="pairs of --check to use")
    options = parser.parse_args()
    if not 1 <= options.levels <= 127:
        parser.error("--levels must be 1 to 127")
    weights = load_file(Path(options.checkpoint) / "model.safetensors")
    config = json.loads((Path(options.checkpoint) / "config.json").read_text())
    tensors = quantize(weights, config, options.levels)
    write_model(options.checkpoint, options.out, tensors, options.name)
    restored = dequantize(load_file(Path(options.out) / "model.safetensors"))
    for name, error in matrix_errors(weights, restored):
        print(f"{error:8.5f}  {name}")
    size = (Path(options.out) / "model.safetensors").stat().st_size
    print(f"model.safetensors: {size / 1e6:.1f} MB, {len(tensors)} tensors")
    if options.check:
        print(json.dumps(check_logits(options.checkpoint, restored, options.check, options.lines)))


if __name__ == "__main__":
    main()
