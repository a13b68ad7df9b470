"""The model against MarianMTModel, and its loss against PyTorch's."""

import pytest
import torch
from torch.nn import functional as F
from transformers import MarianConfig, MarianMTModel

from model import EOS, PAD, Config, Transformer, chunked_cross_entropy, load_checkpoint, save_checkpoint

CONFIG = Config(vocabulary=90, d_model=24, encoder_layers=2, decoder_layers=3, heads=4, ffn=40, max_positions=30)


def network(config=CONFIG, seed=3):
    result = Transformer(config)
    result.initialize(torch.Generator().manual_seed(seed))
    return result.eval()


def reference(ours):
    """The same weights in MarianMTModel."""
    values = ours.config.to_marian()
    values.pop("architectures")
    model = MarianMTModel(MarianConfig(**values)).eval()
    state = model.state_dict()
    with torch.no_grad():
        for name, value in ours.named_parameters():
            state[name].copy_(value)
    return model


def sample():
    source = torch.tensor([[5, 9, 11, 7, EOS], [8, 6, EOS, PAD, PAD], [4, EOS, PAD, PAD, PAD]])
    inputs = torch.tensor([[PAD, 12, 30, 41], [PAD, 15, 16, 17], [PAD, 77, 3, 9]])
    return source, torch.tensor([5, 3, 2]), inputs


def test_logits_equal_the_reference():
    ours = network()
    source, lengths, inputs = sample()
    mask = (source != PAD).long()
    with torch.inference_mode():
        expected = reference(ours)(input_ids=source, attention_mask=mask, decoder_input_ids=inputs).logits
        actual = ours(source, lengths, inputs) @ ours.model.shared.weight.T
    assert torch.allclose(actual, expected, atol=1e-5)


def test_greedy_equals_the_reference():
    ours = network()
    source, lengths, _ = sample()
    expected = reference(ours).generate(
        input_ids=source,
        attention_mask=(source != PAD).long(),
        max_new_tokens=12,
        num_beams=1,
        do_sample=False,
        decoder_start_token_id=PAD,
        pad_token_id=PAD,
        eos_token_id=EOS,
        bad_words_ids=[[PAD]],
    )
    rows = [row[1:].tolist() for row in expected]
    rows = [row[: row.index(EOS)] if EOS in row else [token for token in row if token != PAD] for row in rows]
    assert ours.greedy(source, lengths, 12) == rows


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("count", [1, 512, 1300])
def test_chunked_cross_entropy_equals_torch(count, smoothing):
    generator = torch.Generator().manual_seed(count)
    states = torch.randn(count, 8, generator=generator, dtype=torch.float64, requires_grad=True)
    output = torch.randn(37, 8, generator=generator, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(0, 37, (count,), generator=generator)
    loss, plain = chunked_cross_entropy(states, output, targets, smoothing)
    (loss * 0.5).backward()
    mine = states.grad.clone(), output.grad.clone()
    states.grad = output.grad = None
    logits = states @ output.T
    expected = F.cross_entropy(logits, targets, reduction="sum", label_smoothing=smoothing)
    (expected * 0.5).backward()
    assert torch.allclose(loss.double(), expected, rtol=1e-5)
    assert torch.allclose(plain.double(), F.cross_entropy(logits, targets, reduction="sum"), rtol=1e-5)
    assert torch.allclose(mine[0], states.grad, atol=1e-5)
    assert torch.allclose(mine[1], output.grad, atol=1e-4)


def test_padding_changes_nothing():
    ours = network()
    source, lengths, inputs = sample()
    with torch.inference_mode():
        together = ours(source, lengths, inputs)[1]
        alone = ours(source[1:2, :3], lengths[1:2], inputs[1:2])[0]
    assert torch.allclose(together, alone, atol=1e-5)


def test_dropout_follows_the_seed():
    config = Config(vocabulary=50, d_model=16, encoder_layers=1, decoder_layers=1, heads=2, ffn=16, dropout=0.3)
    ours = network(config).train()
    source, lengths, inputs = sample()
    source, inputs = source % 50, inputs % 50
    outputs = []
    for seed in (1, 1, 2):
        ours.seed(seed)
        outputs.append(ours(source, lengths, inputs))
    assert torch.equal(outputs[0], outputs[1])
    assert not torch.equal(outputs[0], outputs[2])


def test_a_saved_checkpoint_loads_here_and_in_transformers(tmp_path):
    ours = network()
    tokenizer = tmp_path / "tokenizer"
    tokenizer.mkdir()
    (tokenizer / "tokenizer.json").write_text("{}")
    (tokenizer / "tokenizer_config.json").write_text("{}")
    save_checkpoint(ours, tmp_path / "model", tokenizer, torch.float32)
    again = load_checkpoint(tmp_path / "model").eval()
    theirs = MarianMTModel.from_pretrained(tmp_path / "model", dtype=torch.float32).eval()
    source, lengths, inputs = sample()
    with torch.inference_mode():
        states = ours(source, lengths, inputs)
        assert torch.equal(states, again(source, lengths, inputs))
        logits = theirs(
            input_ids=source, attention_mask=(source != PAD).long(), decoder_input_ids=inputs
        ).logits
        assert torch.allclose(states @ ours.model.shared.weight.T, logits, atol=1e-5)
    assert again.config == ours.config
