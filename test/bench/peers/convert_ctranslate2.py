"""Writes a CTranslate2 model from a float MarianMTModel folder: python convert_ctranslate2.py MODEL OUT float32|int8

CTranslate2's stock Marian loader takes <pad> for the last id and starts from a zero embedding, as opus-mt models want;
ours has pad = 0 and starts from it. So the weights go into CTranslate2's own Transformer specification directly.
"""
import json
import math
import os
import sys

import ctranslate2
import numpy
from safetensors.numpy import load_file
from tokenizers import Tokenizer

ACTIVATIONS = {
    "relu": ctranslate2.specs.Activation.RELU,
    "gelu": ctranslate2.specs.Activation.GELU,
    "silu": ctranslate2.specs.Activation.SWISH,
    "swish": ctranslate2.specs.Activation.SWISH,
}


def sinusoids(count, size):
    """Marian's channel order: all sines, then all cosines (paper section 3.5 interleaves them)."""
    angles = numpy.arange(count)[:, None] / 10000 ** (2 * numpy.arange(size // 2)[None, :] / size)
    return numpy.concatenate([numpy.sin(angles), numpy.cos(angles)], axis=1).astype(numpy.float32)


class Folder:
    def __init__(self, path):
        with open(os.path.join(path, "config.json"), encoding="utf-8") as file:
            self.config = json.load(file)
        self.weights = {k: v.astype(numpy.float32) for k, v in load_file(os.path.join(path, "model.safetensors")).items()}

    def linear(self, target, *names):
        """Several projections of one input become one matrix product."""
        target.weight = numpy.concatenate([self.weights[f"{name}.weight"] for name in names])
        target.bias = numpy.concatenate([self.weights[f"{name}.bias"] for name in names])

    def norm(self, target, name):
        target.gamma, target.beta = self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def stack(self, spec, side):
        size = self.config["d_model"]
        embedding = spec.embeddings[0] if isinstance(spec.embeddings, list) else spec.embeddings
        embedding.weight = self.weights["model.shared.weight"]
        spec.scale_embeddings = math.sqrt(size) if self.config["scale_embedding"] else 1.0
        spec.position_encodings.encodings = sinusoids(self.config["max_position_embeddings"], size)
        for i, layer in enumerate(spec.layer):
            at = f"model.{side}.layers.{i}"
            self.linear(layer.self_attention.linear[0], *(f"{at}.self_attn.{x}_proj" for x in "qkv"))
            self.linear(layer.self_attention.linear[1], f"{at}.self_attn.out_proj")
            self.norm(layer.self_attention.layer_norm, f"{at}.self_attn_layer_norm")
            if side == "decoder":
                self.linear(layer.attention.linear[0], f"{at}.encoder_attn.q_proj")
                self.linear(layer.attention.linear[1], f"{at}.encoder_attn.k_proj", f"{at}.encoder_attn.v_proj")
                self.linear(layer.attention.linear[2], f"{at}.encoder_attn.out_proj")
                self.norm(layer.attention.layer_norm, f"{at}.encoder_attn_layer_norm")
            self.linear(layer.ffn.linear_0, f"{at}.fc1")
            self.linear(layer.ffn.linear_1, f"{at}.fc2")
            self.norm(layer.ffn.layer_norm, f"{at}.final_layer_norm")


def main(model, out, quantization):
    folder, tokenizer = Folder(model), Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
    config = folder.config
    spec = ctranslate2.specs.TransformerSpec.from_config(
        (config["encoder_layers"], config["decoder_layers"]),
        config["encoder_attention_heads"],
        pre_norm=False,
        activation=ACTIVATIONS[config["activation_function"]],
    )
    folder.stack(spec.encoder, "encoder")
    folder.stack(spec.decoder, "decoder")
    spec.decoder.projection.weight = folder.weights["model.shared.weight"]
    bias = folder.weights["final_logits_bias"].reshape(-1)
    if bias.any():
        spec.decoder.projection.bias = bias
    tokens = [tokenizer.id_to_token(i) for i in range(config["vocab_size"])]
    spec.register_source_vocabulary(tokens)
    spec.register_target_vocabulary(tokens)
    spec.config.eos_token = tokens[config["eos_token_id"]]
    spec.config.unk_token = "<unk>"
    spec.config.decoder_start_token = tokens[config["decoder_start_token_id"]]
    spec.validate()
    spec.optimize(quantization=None if quantization == "float32" else quantization)
    os.makedirs(out, exist_ok=True)
    spec.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
