"""Alignment on a made-up language whose words come in the reverse order, and the head that learns it."""

import random

import pytest
import torch

from align import Aligner, learn
from data import EOS, make_batch
from model import Config, Transformer

WORDS = 12  # pieces 10..21 of one language are 30..41 of the other


def batches(count, size, seed):
    rng = random.Random(seed)
    result = []
    for _ in range(count):
        pairs = []
        for _ in range(size):
            words = rng.sample(range(WORDS), rng.randint(3, 6))
            left, right = [10 + word for word in words] + [EOS], [30 + word for word in reversed(words)] + [EOS]
            pairs.append((left, right) if rng.random() < 0.5 else (right, left))
        result.append(make_batch(pairs))
    return result


@pytest.fixture(scope="module")
def table():
    return learn(batches(60, 16, 1), 48)


def other(piece):
    return piece if piece <= EOS else piece + 20 if piece < 30 else piece - 20


def test_words_find_their_translation(table):
    for piece in (*range(10, 10 + WORDS), *range(30, 30 + WORDS)):
        assert table[piece].argmax().item() == other(piece)
    assert torch.allclose(table[10].sum(), torch.tensor(1.0))


def test_rows_sum_to_one_where_both_directions_agree(table):
    batch = batches(1, 8, 2)[0]
    alignment = Aligner(table)(batch)
    assert alignment.shape == (*batch.targets.shape, batch.source.shape[1])
    sums = alignment.sum(2)
    assert ((sums - 1).abs() < 1e-5).logical_or(sums == 0).all()
    assert (sums[batch.targets == 0] == 0).all()
    taught = right = 0
    for row in range(len(batch.targets)):
        for position, piece in enumerate(batch.targets[row].tolist()):
            if sums[row, position] > 0:
                taught += 1
                right += batch.source[row, alignment[row, position].argmax()].item() == other(piece)
    assert taught > 0.9 * batch.target_tokens and right == taught


def test_the_head_learns_to_point(table):
    network = Transformer(Config(vocabulary=48, d_model=16, encoder_layers=1, decoder_layers=1, heads=2, ffn=32, max_positions=16))
    network.initialize(torch.Generator().manual_seed(1))
    aligner = Aligner(table)
    seen, unseen = batches(150, 16, 3), batches(4, 16, 4)

    def pointing():
        with torch.no_grad():
            plain = sum(network.loss(batch, 0.0)[0].item() for batch in unseen)
            guided = sum(network.loss(batch, 0.0, aligner(batch), 1.0)[0].item() for batch in unseen)
        return (guided - plain) / sum(batch.target_tokens for batch in unseen)

    before = pointing()
    optimizer = torch.optim.Adam(network.parameters(), lr=5e-3)
    for batch in seen:
        loss, _ = network.loss(batch, 0.0, aligner(batch), 1.0)
        optimizer.zero_grad()
        (loss / batch.target_tokens).backward()
        optimizer.step()
    assert pointing() < 0.5 * before


def test_no_weight_no_difference(table):
    network = Transformer(Config(vocabulary=48, d_model=16, encoder_layers=1, decoder_layers=1, heads=2, ffn=32, max_positions=16))
    network.initialize(torch.Generator().manual_seed(1))
    batch = batches(1, 4, 5)[0]
    plain, guided = network.loss(batch, 0.1), network.loss(batch, 0.1, Aligner(table)(batch), 0.0)
    assert torch.equal(plain[0], guided[0]) and torch.equal(plain[1], guided[1])
    assert network.model.decoder.layers[-1].encoder_attn.weights is None
