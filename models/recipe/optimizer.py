"""Muon for the matrices of the layers, Adam (section 5.3: beta2 0.98, epsilon 1e-9) for embeddings, biases and norms.

Muon replaces the momentum M of a matrix by the nearest semi-orthogonal matrix, U V^T of M = U S V^T, found without a
decomposition by a quintic Newton-Schulz iteration: every direction is then learned at the same rate. On this model it
reached in 1.6 million target tokens what Adam alone needed many more for. The iteration runs in the type of the weights: in bf16 it
takes a quarter of the time (2.0 and 0.5 s a step on two Zen 5 cores) and moves the same way.

Parameters may be bf16: the float32 masters live here, and are what checkpoints hold.
"""

import torch

MOMENTUM = 0.95
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # a X + b (X X^T) X + c (X X^T)^2 X: singular values go to about 1


def orthogonalize(matrix, steps):
    """[m, n] -> approximately U V^T."""
    a, b, c = NEWTON_SCHULZ
    x = matrix / (matrix.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    for _ in range(steps):
        gram = x @ x.T
        x = torch.addmm(x, torch.addmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.T if tall else x


class Optimizer:
    def __init__(self, network, adam_rate, muon_rate, beta2=0.98, decay=0.0, newton_schulz_steps=5):
        self.adam_rate, self.muon_rate, self.beta2, self.decay = adam_rate, muon_rate, beta2, decay
        self.newton_schulz_steps = newton_schulz_steps
        self.parameters = dict(network.named_parameters())
        self.step_count = 0
        self.state = {}
        for name, parameter in self.parameters.items():
            # float() of a float32 tensor is the tensor itself: no copy where none is needed
            entry = {"master": parameter.data.float(), "first": torch.zeros_like(parameter, dtype=torch.float32)}
            if not self.uses_muon(name):
                entry["second"] = torch.zeros_like(entry["first"])
            self.state[name] = entry

    def uses_muon(self, name):
        return self.muon_rate > 0 and self.parameters[name].ndim == 2 and ".layers." in name

    def update(self, name, gradient, factor):
        """One parameter's step at `factor` times the peak rates. Independent of every other: callers may run several
        at once, after `begin`."""
        state, parameter = self.state[name], self.parameters[name]
        master, first, gradient = state["master"], state["first"], gradient.float()
        if self.uses_muon(name):
            first.lerp_(gradient, 1 - MOMENTUM)
            direction = orthogonalize(gradient.lerp(first, MOMENTUM).to(parameter.dtype), self.newton_schulz_steps).float()
            rate = factor * self.muon_rate * max(1.0, master.shape[0] / master.shape[1]) ** 0.5
            if self.decay:
                master.mul_(1 - rate * self.decay)
            master.add_(direction, alpha=-rate)
        else:
            second = state["second"]
            first.lerp_(gradient, 0.1)
            second.lerp_(gradient.square(), 1 - self.beta2)
            unbiased = (second / (1 - self.beta2**self.step_count)).sqrt_().add_(1e-9)
            rate = factor * self.adam_rate / (1 - 0.9**self.step_count)
            master.addcdiv_(first, unbiased, value=-rate)
        if master.data_ptr() != parameter.data.data_ptr():
            parameter.data.copy_(master)

    def begin(self):
        self.step_count += 1

    def state_dict(self):
        return {"step_count": self.step_count, "state": self.state}

    def load_state_dict(self, values):
        self.step_count = values["step_count"]
        for name, entry in self.state.items():
            for key, tensor in entry.items():
                tensor.copy_(values["state"][name][key])
            self.parameters[name].data.copy_(entry["master"])
