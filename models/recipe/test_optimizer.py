import torch
from torch import nn

from model import Config, Transformer
from optimizer import Optimizer, orthogonalize


def test_orthogonalize_makes_singular_values_about_one():
    for shape in ((20, 20), (8, 30), (30, 8)):
        matrix = torch.randn(*shape, generator=torch.Generator().manual_seed(1))
        values = torch.linalg.svdvals(orthogonalize(matrix, 5))
        assert values.min() > 0.6 and values.max() < 1.3


def test_orthogonalize_keeps_the_singular_vectors():
    matrix = torch.randn(12, 7, generator=torch.Generator().manual_seed(2))
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    inner = u.T @ orthogonalize(matrix, 5) @ v.T
    assert torch.allclose(inner, torch.diag(torch.diagonal(inner)), atol=1e-4)


class Toy(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.linspace(-1, 1, 12).view(3, 4))


def test_adam_equals_torch():
    mine, theirs = Toy(), Toy()
    optimizer = Optimizer(mine, adam_rate=0.01, muon_rate=0.0)
    adam = torch.optim.Adam(theirs.parameters(), lr=0.01, betas=(0.9, 0.98), eps=1e-9)
    for step in range(5):
        gradient = torch.sin(torch.arange(12.0) + step).view(3, 4)
        optimizer.begin()
        optimizer.update("weight", gradient.clone(), 1.0)
        theirs.weight.grad = gradient
        adam.step()
    assert torch.allclose(mine.weight, theirs.weight, atol=1e-6)


def test_muon_takes_the_matrices_of_the_layers_only():
    network = Transformer(Config(50, 16, 1, 1, 2, 32, 20))
    optimizer = Optimizer(network, 1e-3, 0.01)
    muon = {name for name in optimizer.state if optimizer.uses_muon(name)}
    assert "model.encoder.layers.0.fc1.weight" in muon
    assert "model.shared.weight" not in muon
    assert all(name.endswith("weight") and "norm" not in name for name in muon)
    # 4 + 2 matrices of an encoder layer, 8 + 2 of a decoder layer
    assert len(muon) == 16


def test_bf16_weights_follow_float32_masters():
    toy = Toy().to(torch.bfloat16)
    optimizer = Optimizer(toy, adam_rate=1e-4, muon_rate=0.0)
    start = toy.weight.detach().clone()
    for _ in range(40):
        optimizer.begin()
        optimizer.update("weight", torch.ones(3, 4, dtype=torch.bfloat16), 1.0)
    # each step alone is below bf16's resolution near 1; the masters add them up
    assert torch.allclose(optimizer.state["weight"]["master"], start.float() - 0.004, atol=1e-4)
    assert torch.equal(toy.weight, optimizer.state["weight"]["master"].to(torch.bfloat16))


def test_muon_in_bf16_goes_nearly_where_it_goes_in_float32():
    exact, rounded = (Transformer(Config(50, 16, 1, 1, 2, 32, 20)) for _ in range(2))
    exact.initialize(torch.Generator().manual_seed(3))
    rounded.load_state_dict(exact.state_dict())
    name = "model.encoder.layers.0.fc1.weight"
    moved = []
    for network in (exact, rounded.to(torch.bfloat16)):
        optimizer = Optimizer(network, 1e-3, 0.01)
        start = optimizer.state[name]["master"].clone()
        optimizer.begin()
        optimizer.update(name, torch.randn(32, 16, generator=torch.Generator().manual_seed(4)), 1.0)
        master = optimizer.state[name]["master"]
        assert master.dtype == torch.float32
        moved.append((master - start).flatten())
    assert torch.cosine_similarity(*moved, dim=0) > 0.999
