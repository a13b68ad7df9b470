"""The Transformer of "Attention Is All You Need" (post-norm, ReLU, sinusoidal positions, tied embeddings), flat.

Parameter names are those of Hugging Face's MarianMTModel, so that a checkpoint of ours loads there and theirs here
(post-norm, ReLU, tied, sinusoidal: what `src/transformer` calls the paper's layout).

Shapes: B sentences, S source and T target positions, d = d_model, H heads, V vocabulary.
"""

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F

PAD, EOS = 0, 1  # also: the decoder starts with PAD


@dataclass
class Config:
    vocabulary: int = 16000
    d_model: int = 512
    encoder_layers: int = 6
    decoder_layers: int = 2
    heads: int = 8
    ffn: int = 2048
    max_positions: int = 512
    dropout: float = 0.0  # section 5.4: on every sub-layer's output and on embeddings + positions

    def to_marian(self):
        """The configuration as MarianMTModel's config.json has it."""
        return {
            "model_type": "marian",
            "architectures": ["MarianMTModel"],
            "vocab_size": self.vocabulary,
            "decoder_vocab_size": self.vocabulary,
            "d_model": self.d_model,
            "encoder_layers": self.encoder_layers,
            "decoder_layers": self.decoder_layers,
            "encoder_attention_heads": self.heads,
            "decoder_attention_heads": self.heads,
            "encoder_ffn_dim": self.ffn,
            "decoder_ffn_dim": self.ffn,
            "activation_function": "relu",
            "scale_embedding": True,
            "static_position_embeddings": True,
            "normalize_embedding": False,
            "normalize_before": False,
            "max_position_embeddings": self.max_positions,
            "pad_token_id": PAD,
            "eos_token_id": EOS,
            "bos_token_id": None,
            "decoder_start_token_id": PAD,
            "forced_eos_token_id": None,
            "tie_word_embeddings": True,
            "share_encoder_decoder_embeddings": True,
            "is_encoder_decoder": True,
            "dropout": self.dropout,
            "attention_dropout": 0.0,
            "activation_dropout": 0.0,
        }

    @staticmethod
    def from_marian(values):
        if values["activation_function"] != "relu" or values.get("normalize_before"):
            raise ValueError("only the paper's post-norm ReLU layout is trained here")
        return Config(
            vocabulary=values["vocab_size"],
            d_model=values["d_model"],
            encoder_layers=values["encoder_layers"],
            decoder_layers=values["decoder_layers"],
            heads=values["encoder_attention_heads"],
            ffn=values["encoder_ffn_dim"],
            max_positions=values["max_position_embeddings"],
            dropout=values["dropout"],
        )


def sinusoidal_positions(count, d_model):
    """Section 3.5, [count, d]. Marian's channel order: all sines first, then all cosines."""
    position = torch.arange(count, dtype=torch.float64)[:, None]
    rate = torch.pow(10000.0, -2 * (torch.arange(d_model) // 2).double() / d_model)[None, :]
    angle = position * rate
    return torch.cat([angle[:, 0::2].sin(), angle[:, 1::2].cos()], dim=1).float()


class Dropout(nn.Module):
    """Dropout with the generator of its own copy of the model: the masks of a batch depend on the batch's seed alone,
    whichever thread computes it."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate
        self.generator = None

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        mask = torch.empty_like(x).bernoulli_(1 - self.rate, generator=self.generator)
        return x * mask.div_(1 - self.rate)


class Attention(nn.Module):
    """Multi-head attention (section 3.2.2): softmax(Q K^T / sqrt(d_k)) V per head. Written as matmul, softmax, matmul:
    on short masked rows the fused CPU kernel took a third of a training step."""

    def __init__(self, config):
        super().__init__()
        self.heads = config.heads
        self.watched = None  # a head whose weights are kept for a loss of their own
        self.weights = None
        for name in ("q_proj", "k_proj", "v_proj", "out_proj"):
            setattr(self, name, nn.Linear(config.d_model, config.d_model))

    def split(self, x):
        """[B, L, d] -> [B, H, L, d / H]"""
        return x.view(x.shape[0], x.shape[1], self.heads, -1).transpose(1, 2)

    def forward(self, query, memory, mask):
        """query [B, T, d], memory [B, S, d], mask [B or 1, 1, T or 1, S] added to the scores -> [B, T, d]"""
        q, k, v = self.split(self.q_proj(query)), self.split(self.k_proj(memory)), self.split(self.v_proj(memory))
        scores = torch.matmul(q * (1.0 / math.sqrt(q.shape[-1])), k.transpose(2, 3)) + mask
        weights = torch.softmax(scores, dim=-1)
        if self.watched is not None:
            self.weights = weights[:, self.watched]
        heads = torch.matmul(weights, v)
        return self.out_proj(heads.transpose(1, 2).reshape(query.shape))


class Layer(nn.Module):
    """An encoder layer, or with `cross` a decoder layer (section 3.1): LayerNorm(x + sub-layer(x)) each."""

    def __init__(self, config, cross):
        super().__init__()
        self.self_attn = Attention(config)
        self.self_attn_layer_norm = nn.LayerNorm(config.d_model)
        self.encoder_attn = Attention(config) if cross else None
        self.encoder_attn_layer_norm = nn.LayerNorm(config.d_model) if cross else None
        self.fc1 = nn.Linear(config.d_model, config.ffn)
        self.fc2 = nn.Linear(config.ffn, config.d_model)
        self.final_layer_norm = nn.LayerNorm(config.d_model)
        self.drop = Dropout(config.dropout)

    def forward(self, x, mask, memory=None, memory_mask=None):
        x = self.self_attn_layer_norm(x + self.drop(self.self_attn(x, x, mask)))
        if self.encoder_attn is not None:
            x = self.encoder_attn_layer_norm(x + self.drop(self.encoder_attn(x, memory, memory_mask)))
        return self.final_layer_norm(x + self.drop(self.fc2(F.relu(self.fc1(x), inplace=True))))


class Stack(nn.Module):
    def __init__(self, config, layers, cross):
        super().__init__()
        self.layers = nn.ModuleList(Layer(config, cross) for _ in range(layers))


class Body(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.shared = nn.Embedding(config.vocabulary, config.d_model)
        self.encoder = Stack(config, config.encoder_layers, cross=False)
        self.decoder = Stack(config, config.decoder_layers, cross=True)


class Transformer(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.config = config
        self.model = Body(config)
        self.drop = Dropout(config.dropout)
        self.scale = math.sqrt(config.d_model)  # section 3.4
        self.register_buffer("positions", sinusoidal_positions(config.max_positions, config.d_model), persistent=False)

    def initialize(self, generator):
        """Xavier for the matrices, N(0, 1 / d) for the embedding (the scale of section 3.4 makes its rows unit)."""
        for name, parameter in self.named_parameters():
            if name.endswith("shared.weight"):
                nn.init.normal_(parameter, std=self.config.d_model**-0.5, generator=generator)
            elif parameter.ndim == 2:
                nn.init.xavier_uniform_(parameter, generator=generator)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def seed(self, seed):
        """Dropout masks from here on follow from `seed`."""
        generator = torch.Generator(device=self.positions.device).manual_seed(seed)
        for module in self.modules():
            if isinstance(module, Dropout):
                module.generator = generator

    def embed(self, ids):
        x = self.model.shared(ids) * self.scale + self.positions[: ids.shape[1]].to(self.model.shared.weight.dtype)
        return self.drop(x)

    def padding_mask(self, lengths, width):
        """[B] lengths -> [B, 1, 1, width], -inf where there is no token."""
        beyond = torch.arange(width, device=lengths.device)[None, :] >= lengths[:, None]
        mask = torch.zeros(beyond.shape, dtype=self.model.shared.weight.dtype, device=lengths.device)
        return mask.masked_fill_(beyond, -math.inf)[:, None, None, :]

    def encode(self, source, source_lengths):
        mask = self.padding_mask(source_lengths, source.shape[1])
        x = self.embed(source)
        for layer in self.model.encoder.layers:
            x = layer(x, mask)
        return x, mask

    def decode(self, inputs, memory, memory_mask):
        """inputs [B, T] (the target moved right by one, the start token first) -> [B, T, d]"""
        width = inputs.shape[1]
        causal = torch.full((width, width), -math.inf, dtype=memory.dtype, device=memory.device).triu_(1)[None, None]
        x = self.embed(inputs)
        for layer in self.model.decoder.layers:
            x = layer(x, causal, memory, memory_mask)
        return x

    def forward(self, source, source_lengths, inputs):
        """-> the decoder's last states [B, T, d]; logits are states @ embedding^T."""
        return self.decode(inputs, *self.encode(source, source_lengths))

    def loss(self, batch, smoothing, alignment=None, alignment_weight=0.0):
        """Sum over the target tokens of the smoothed cross-entropy, and of the plain one (nats). `alignment` [B, T, S]:
        what share of each target token stands for which source token; rows of zeros ask for nothing. The first head of
        the last cross-attention is drawn to it (Garg et al. 2019: one head, cross-entropy), in the row that predicts the
        token."""
        head = self.model.decoder.layers[-1].encoder_attn
        head.watched = None if alignment is None else 0
        states = self(batch.source, batch.source_lengths, batch.inputs)
        real = batch.targets != PAD
        loss, plain = chunked_cross_entropy(states[real], self.model.shared.weight, batch.targets[real], smoothing)
        if alignment is not None:
            log_weights = head.weights.float().clamp_min(1e-6).log()
            loss = loss - alignment_weight * (alignment * log_weights).sum()
            head.watched = head.weights = None
        return loss, plain

    @torch.inference_mode()
    def greedy(self, source, source_lengths, limit):
        """[B, S] -> list of B id lists without the end token. For quick looks; evaluation proper uses the CLI."""
        memory, mask = self.encode(source, source_lengths)
        ids = torch.full((len(source), 1), PAD, device=source.device)
        for _ in range(limit):
            logits = self.decode(ids, memory, mask)[:, -1] @ self.model.shared.weight.T
            logits[:, PAD] = -math.inf
            step = logits.argmax(-1)
            step[(ids[:, 1:] == EOS).any(1)] = PAD
            ids = torch.cat([ids, step[:, None]], dim=1)
            if bool(((ids[:, 1:] == EOS).any(1)).all()):
                break
        rows = ids[:, 1:].tolist()
        return [row[: row.index(EOS)] if EOS in row else row for row in rows]


class ChunkedCrossEntropy(torch.autograd.Function):
    """Cross-entropy of [N, d] states against a [V, d] output matrix with label smoothing (section 5.4), N by chunks:
    the [chunk, V] logits become probabilities and then their own gradient in place, and never live to the backward
    pass. With q = (1 - e) onehot + e / V:  loss = logsumexp(z) - (1 - e) z_y - e mean(z),  dloss/dz = softmax(z) - q."""

    CPU_CHUNK, CHUNK = 512, 8192  # what stays in a core's cache; a GPU wants few and large products

    @staticmethod
    def forward(ctx, states, output, targets, smoothing):
        loss = torch.zeros((), dtype=torch.float32, device=states.device)
        plain = torch.zeros((), dtype=torch.float32, device=states.device)
        grad_states, grad_output = torch.empty_like(states), torch.zeros_like(output)
        size = ChunkedCrossEntropy.CPU_CHUNK if states.device.type == "cpu" else ChunkedCrossEntropy.CHUNK
        for start in range(0, len(states), size):
            x, y = states[start : start + size], targets[start : start + size, None]
            logits = (x @ output.T).float()
            total = torch.logsumexp(logits, dim=-1, keepdim=True)
            nll = total - logits.gather(1, y)
            plain += nll.sum()
            loss += (1 - smoothing) * nll.sum() + smoothing * (total[:, 0] - logits.mean(-1)).sum()
            gradient = logits.sub_(total).exp_().sub_(smoothing / len(output))
            gradient.scatter_add_(1, y, torch.full_like(nll, smoothing - 1))
            gradient = gradient.to(output.dtype)
            torch.mm(gradient, output, out=grad_states[start : start + size])
            grad_output.addmm_(gradient.T, x)
        ctx.save_for_backward(grad_states, grad_output)
        ctx.mark_non_differentiable(plain)
        return loss, plain

    @staticmethod
    def backward(ctx, grad_loss, _grad_plain):
        grad_states, grad_output = ctx.saved_tensors
        return grad_states.mul_(grad_loss), grad_output.mul_(grad_loss), None, None


def chunked_cross_entropy(states, output, targets, smoothing):
    if torch.is_grad_enabled():
        return ChunkedCrossEntropy.apply(states, output, targets, smoothing)
    logits = (states @ output.T).float()
    nll = F.cross_entropy(logits, targets, reduction="sum")
    return F.cross_entropy(logits, targets, reduction="sum", label_smoothing=smoothing), nll


def load_checkpoint(folder):
    """A MarianMTModel folder (fp32, fp16 or bf16) -> Transformer in float32."""
    folder = Path(folder)
    config = Config.from_marian(json.loads((folder / "config.json").read_text()))
    network = Transformer(config)
    state = {name: value.float() for name, value in load_file(folder / "model.safetensors").items()}
    ignored = ("final_logits_bias", "lm_head.weight", "embed_positions.weight", "embed_tokens.weight")
    bias = state.get("final_logits_bias")
    if bias is not None and bool(bias.any()):
        raise ValueError("final_logits_bias is not zero; the trainer has no such parameter")
    network.load_state_dict({name: value for name, value in state.items() if not name.endswith(ignored)})
    return network


def save_checkpoint(network, folder, tokenizer_folder, dtype=torch.float16):
    """Writes a MarianMTModel folder with the tokenizer's files beside the weights."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    state = {name: value.detach().to("cpu", dtype).contiguous() for name, value in network.named_parameters()}
    state["final_logits_bias"] = torch.zeros(1, network.config.vocabulary, dtype=dtype)
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(network.config.to_marian(), indent=2) + "\n")
    generation = {
        "decoder_start_token_id": PAD,
        "pad_token_id": PAD,
        "eos_token_id": EOS,
        "bad_words_ids": [[PAD]],
        "max_length": 256,
        "num_beams": 4,
    }
    (folder / "generation_config.json").write_text(json.dumps(generation, indent=2) + "\n")
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (folder / name).write_bytes((Path(tokenizer_folder) / name).read_bytes())


def describe(config):
    return json.dumps(asdict(config))
