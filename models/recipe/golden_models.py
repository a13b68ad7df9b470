"""The small random models of golden.py: their configurations, weights and folders."""

import json

import numpy as np
import torch
from transformers import (
    BlenderbotConfig,
    BlenderbotForConditionalGeneration,
    MarianConfig,
    MarianMTModel,
    MBartConfig,
    MBartForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
)


def sizes(vocab, d, layers, heads, inner, activation="relu", scale=True, positions=24):
    """Fields of config.json; `layers`, `heads`, `inner` are (encoder, decoder)."""
    return dict(
        vocab_size=vocab,
        d_model=d,
        encoder_layers=layers[0],
        decoder_layers=layers[1],
        encoder_attention_heads=heads[0],
        decoder_attention_heads=heads[1],
        encoder_ffn_dim=inner[0],
        decoder_ffn_dim=inner[1],
        activation_function=activation,
        scale_embedding=scale,
        max_position_embeddings=positions,
    )


# name -> (family, fields, what only Headlight's config.json can say, stored dtype)
CONFIGURATIONS = {
    "one-head": ("marian", sizes(53, 9, (1, 1), (1, 1), (13, 13)), {}, "F32"),
    "three-heads-gelu": ("marian", sizes(61, 27, (2, 2), (3, 3), (31, 31), "gelu"), {}, "F32"),
    "eight-heads-silu": ("marian", sizes(97, 32, (3, 3), (8, 8), (48, 48), "silu", False), {}, "F16"),
    "uneven-stacks": ("marian", sizes(71, 30, (3, 1), (5, 2), (41, 17)), {}, "F16"),
    "seven-heads": ("marian", sizes(83, 21, (1, 3), (7, 7), (19, 29), "swish"), {}, "F32"),
    "six-heads": ("marian", sizes(101, 36, (2, 1), (6, 4), (37, 37)), {}, "F16"),
    "opus-habits": ("marian", sizes(57, 22, (2, 2), (2, 2), (26, 26), "swish"), {}, "F16"),
    "learned": ("marian", sizes(67, 20, (2, 2), (4, 4), (33, 33)), {"positions": "learned"}, "F16"),
    "interleaved": ("marian", sizes(59, 15, (1, 2), (3, 3), (23, 23)), {"positions": "sinusoidalInterleaved"}, "F32"),
    "index": ("marian", sizes(47, 12, (1, 1), (2, 2), (17, 17)), {"positions": "index"}, "F16"),
    "normalized-index": ("marian", sizes(47, 12, (1, 1), (3, 3), (17, 17)), {"positions": "normalizedIndex"}, "F16"),
    "pre-norm": ("pegasus", sizes(73, 28, (2, 3), (4, 7), (35, 25)), {"norm": "pre"}, "F16"),
    "pre-norm-learned": ("blenderbot", sizes(89, 24, (3, 2), (8, 8), (29, 29), "gelu"), {"norm": "pre"}, "F32"),
    "pre-norm-offset": ("mbart", sizes(79, 18, (2, 2), (2, 6), (27, 27), "gelu"), {"norm": "pre", "positionOffset": 2}, "F16"),
}
# name -> what its generation_config.json says beyond the others', as the published OPUS-MT models' do
GENERATION = {"opus-habits": {"forced_eos_token_id": 1, "renormalize_logits": True}}
INT8_OF = {"int8": "eight-heads-silu"}

FAMILIES = {
    "marian": (MarianConfig, MarianMTModel),
    "pegasus": (PegasusConfig, PegasusForConditionalGeneration),
    "blenderbot": (BlenderbotConfig, BlenderbotForConditionalGeneration),
    "mbart": (MBartConfig, MBartForConditionalGeneration),
}


def special_tokens(vocab):
    """Like real Marian models: the end comes early, padding is the last token and starts the decoder."""
    return dict(pad_token_id=vocab - 1, eos_token_id=1, bos_token_id=None, decoder_start_token_id=vocab - 1, forced_eos_token_id=None)


def build(name, end_bias):
    """A model of random weights that float16 holds exactly, so that the stored dtype changes nothing."""
    family, fields, extra, _ = CONFIGURATIONS[name]
    config_type, model_type = FAMILIES[family]
    config = config_type(
        **fields,
        **special_tokens(fields["vocab_size"]),
        dropout=0.0,
        attention_dropout=0.0,
        activation_dropout=0.0,
        attn_implementation="eager",
        tie_word_embeddings=True,
    )
    generator = torch.Generator().manual_seed(seed_of(name))
    model = model_type(config).eval()
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if "embed_positions" in key and family in ("marian", "pegasus"):
                continue
            noise = torch.randn(parameter.shape, generator=generator)
            if "norm" in key:
                value = (1.0 if key.endswith("weight") else 0.0) + 0.2 * noise
            elif parameter.ndim == 2 and "shared" not in key and "embed" not in key:
                value = noise * 1.7 / parameter.shape[1] ** 0.5
            else:
                value = 0.35 * noise
            parameter.copy_(value.half().float())
        bias = 0.5 * torch.randn(model.final_logits_bias.shape, generator=generator)
        bias[0, config.eos_token_id] = end_bias
        model.final_logits_bias.copy_(bias.half().float())
        write_positions(model, fields, extra, generator)
    return model


def write_positions(model, fields, extra, generator):
    """Replaces MarianMTModel's sinusoids by another table, computed here independently of the TypeScript."""
    kind = extra.get("positions")
    if kind is None:
        return
    count, d = fields["max_position_embeddings"], fields["d_model"]
    position = np.arange(count, dtype=np.float64)[:, None]
    for side in (model.model.encoder, model.model.decoder):
        if kind == "learned":
            table = (0.5 * torch.randn((count, d), generator=generator)).half().float().numpy()
        elif kind == "index":
            table = np.repeat(position, d, axis=1)
        elif kind == "normalizedIndex":
            table = np.repeat(position / (count - 1), d, axis=1)
        else:
            table = np.zeros((count, d))
            frequency = 10000.0 ** (-np.arange(0, d, 2) / d)
            table[:, 0::2] = np.sin(position * frequency)
            table[:, 1::2] = np.cos(position * frequency[: d // 2])
        side.embed_positions.weight.copy_(torch.from_numpy(np.asarray(table)))


def checkpoint(model, family, extra):
    """MarianMTModel's tensors of a model; sinusoids are not stored."""
    learned = extra.get("positions") == "learned" or family in ("blenderbot", "mbart")
    state = {name: value.numpy() for name, value in model.state_dict().items()}
    return {
        name: value
        for name, value in state.items()
        if name in ("final_logits_bias", "model.shared.weight")
        or name.startswith("model.")
        and "embed_tokens" not in name
        and (learned or "embed_positions" not in name)
    }


def write_config(folder, name, extra, stored):
    family, fields, _, _ = CONFIGURATIONS[name]
    learned = family in ("blenderbot", "mbart")
    headlight = dict(extra)
    if learned:
        headlight["positions"] = "learned"
    config = {
        "model_type": "marian",
        "architectures": ["MarianMTModel"],
        **fields,
        **special_tokens(fields["vocab_size"]),
        "static_position_embeddings": True,
        "normalize_embedding": family == "mbart",
        "tie_word_embeddings": True,
        "share_encoder_decoder_embeddings": True,
        "is_encoder_decoder": True,
        "torch_dtype": stored,
        "headlight": headlight,
    }
    pad = config["pad_token_id"]
    generation = {"eos_token_id": 1, "decoder_start_token_id": pad, "bad_words_ids": [[pad]], **GENERATION.get(name, {})}
    for file, value in (("config.json", config), ("generation_config.json", generation)):
        (folder / file).write_text(json.dumps(value, indent=1) + "\n")


def seed_of(name):
    return sum(name.encode())
