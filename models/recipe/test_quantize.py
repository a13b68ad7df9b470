import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from model import Config, Transformer
from quantize import PRODUCT_LEVELS, dequantize, quantize, quantize_rows, write_safetensors

DEFAULT = Path(__file__).parent.parent / "default"


@pytest.fixture(scope="module")
def weights():
    network = Transformer(Config(vocabulary=70, d_model=20, encoder_layers=2, decoder_layers=1, heads=2, ffn=36))
    import torch

    network.initialize(torch.Generator().manual_seed(1))
    return {name: value.detach().numpy() for name, value in network.named_parameters()}


def offsets(path):
    with open(path, "rb") as file:
        (size,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
    return {name: 8 + size + entry["data_offsets"][0] for name, entry in header.items() if not name.startswith(("__", "padding."))}


def test_the_scale_is_the_best_of_many():
    matrix = np.random.default_rng(1).normal(size=(6, 400)).astype(np.float32)
    values, scale = quantize_rows(matrix, 7)
    error = np.square(values * scale[:, None] - matrix).sum(1)
    plain = np.abs(matrix).max(1) / 7
    rounded = np.clip(np.rint(matrix / plain[:, None]), -7, 7) * plain[:, None]
    assert (error < np.square(rounded - matrix).sum(1)).all()


def test_rows_of_zeros_stay_zeros():
    values, scale = quantize_rows(np.zeros((2, 5), np.float32), 64)
    assert not values.any() and np.isfinite(scale).all()


def test_names_shapes_and_a_small_error(weights, tmp_path):
    tensors = quantize(weights, {"static_position_embeddings": True})
    assert tensors["model.encoder.layers.0.self_attn.qkv_proj.weight"].shape == (20, 60)
    assert tensors["model.decoder.layers.0.encoder_attn.kv_proj.weight_scale"].shape == (40,)
    assert tensors["lm_head.weight"].shape == (20, 70)
    write_safetensors(tmp_path / "m.safetensors", tensors, {"format": "x"})
    restored = dequantize(load_file(tmp_path / "m.safetensors"))
    for name, value in weights.items():
        error = np.linalg.norm(restored[name] - value) / max(1e-9, np.linalg.norm(value))
        assert error < 0.02, name
    # odd sizes need padding tensors, and still every tensor is aligned
    assert all(offset % 64 == 0 for offset in offsets(tmp_path / "m.safetensors").values())


def test_no_product_can_saturate(weights):
    """255 * w0 + 255 * w1 must fit int16, see quantize.py."""
    for name, value in quantize(weights, {}).items():
        if value.dtype == np.int8 and name != "model.shared.weight":
            assert int(np.abs(value.astype(np.int32)).max()) * 2 * 255 <= 32767, name


def test_untied_embeddings_are_refused(weights):
    with pytest.raises(SystemExit, match="lm_head"):
        quantize({**weights, "lm_head.weight": weights["model.shared.weight"] + 1}, {})


def test_the_default_model_is_in_the_layout():
    config = json.loads((DEFAULT / "config.json").read_text())
    assert config["headlight"]["format"] == "int8"
    path = DEFAULT / "model.safetensors"
    tensors = load_file(path)
    restored = dequantize(tensors)
    expected = Transformer(Config.from_marian(config))
    assert {name: tuple(value.shape) for name, value in expected.named_parameters()} == {
        name: value.shape for name, value in restored.items() if name not in ("lm_head.weight", "final_logits_bias")
    }
    assert all(offset % 64 == 0 for offset in offsets(path).values())
    assert all(np.isfinite(value).all() for value in restored.values())
    for name, value in tensors.items():
        if value.dtype == np.int8 and name != "model.shared.weight":
            assert int(np.abs(value.astype(np.int32)).max()) <= PRODUCT_LEVELS
    generation = json.loads((DEFAULT / "generation_config.json").read_text())
    assert generation["bad_words_ids"] == [[0]]
    for file in ("tokenizer.json", "tokenizer_config.json", "MODEL_CARD.md", "LICENSE"):
        assert (DEFAULT / file).stat().st_size > 0
