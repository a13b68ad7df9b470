"""Means of the weights over the steps of a run: what is exported, smoother than where the last step stands."""

import torch


class Ema:
    """Exponential moving average of the weights, in float32."""

    def __init__(self, optimizer, decay):
        self.optimizer, self.decay = optimizer, decay
        self.mean = {name: entry["master"].clone() for name, entry in optimizer.state.items()}

    def update(self):
        for name, mean in self.mean.items():
            mean.lerp_(self.optimizer.state[name]["master"], 1 - self.decay)


class Snapshots:
    """The last `count` states of the weights, `every` steps apart, whose mean is exported (6.1: "averaging the last 5
    checkpoints")."""

    def __init__(self, optimizer, count, every):
        self.optimizer, self.count, self.every = optimizer, count, every
        self.states = []

    def update(self, step):
        if step % self.every == 0:
            state = {name: entry["master"].clone() for name, entry in self.optimizer.state.items()}
            self.states = [*self.states, state][-self.count :]

    def mean(self, name):
        if not self.states:
            return self.optimizer.state[name]["master"]
        return torch.stack([state[name] for state in self.states]).mean(0)
