"""Which piece of the source a piece of the target stands for, learned from the pairs alone: the teacher of one
cross-attention head (`train.py --align 0.05 --alignments FILE`).

    python align.py OUT.safetensors --data FOLDER [--tokenizer FOLDER] [--examples 400000] [--device cuda]

IBM Model 1 (Brown et al. 1993) with a prior for the diagonal (Dyer et al. 2013), by expectation maximization. One table
holds both directions: row a, column b is the probability that piece a is written as piece b in the other language, since
training has every pair both ways. Posteriors of the two directions are multiplied (Liang et al. 2006), and only what both
are sure of is taught.
"""

import argparse
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

import data

TENSION = 2.0  # of the prior: exp(-tension |i / S - j / T|); Korean puts its verbs last, so it is slack
SURE = 0.3  # least product of the two posteriors that is taught


class Aligner:
    def __init__(self, table):
        """table [V, V]"""
        self.table = table

    @staticmethod
    def load(path, device):
        if not path:
            raise SystemExit("--align needs --alignments: the table that align.py writes")
        return Aligner(load_file(path)["table"].to(device))

    def scores(self, batch):
        """-> (forward, backward) [B, T, S], the unnormalized probabilities of both directions; 0 on padding."""
        source, target = batch.source[:, None, :], batch.targets[:, :, None]
        rows = torch.arange(source.shape[2], device=source.device) / batch.source_lengths[:, None]
        lengths = (batch.targets != data.PAD).sum(1, keepdim=True)
        columns = torch.arange(target.shape[1], device=source.device) / lengths
        prior = torch.exp(-TENSION * (rows[:, None, :] - columns[:, :, None]).abs())
        prior = prior * (source != data.PAD) * (target != data.PAD)
        if self.table is None:
            return prior, prior
        return self.table[source, target].float() * prior, self.table[target, source].float() * prior

    def posteriors(self, batch):
        """-> two [B, T, S]: of each target piece over the source, and of each source piece over the target."""
        forward, backward = self.scores(batch)
        tiny = 1e-30
        return forward / (forward.sum(2, keepdim=True) + tiny), backward / (backward.sum(1, keepdim=True) + tiny)

    def __call__(self, batch):
        """-> [B, T, S]: rows that sum to 1 where both directions agree, else rows of 0."""
        forward, backward = self.posteriors(batch)
        both = forward * backward
        both = both * (both >= SURE)
        total = both.sum(2, keepdim=True)
        return torch.where(total > 0, both / total.clamp_min(1e-30), torch.zeros_like(both))


def learn(batches, vocabulary, rounds=5, device="cpu"):
    """[Batch] -> table [V, V]: rounds of expectation (posteriors) and maximization (their sums, normalized)."""
    aligner = Aligner(None)
    for _ in range(rounds):
        counts = torch.zeros(vocabulary * vocabulary, device=device)
        for batch in batches:
            batch = batch.to(device)
            forward, backward = aligner.posteriors(batch)
            source, target = torch.broadcast_tensors(batch.source[:, None, :], batch.targets[:, :, None])
            counts.index_add_(0, (source * vocabulary + target).flatten(), forward.flatten())
            counts.index_add_(0, (target * vocabulary + source).flatten(), backward.flatten())
        counts = counts.view(vocabulary, vocabulary)
        aligner.table = counts / counts.sum(1, keepdim=True).clamp_min(1e-30)
    return aligner.table


def main():
    here = Path(__file__).parent
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    parser.add_argument("--data", default=str(here / "../../../shared/data"))
    parser.add_argument("--tokenizer", default=str(here / "../default"))
    parser.add_argument("--cli", default=str(data.default_cli()))
    parser.add_argument("--examples", type=int, default=400000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--readers", type=int, default=0)
    options = parser.parse_args()
    encoder = data.Encoder(Path(options.tokenizer) / "tokenizer.json")
    weights = {name: share for name, share in data.LAST_WEIGHTS.items() if name.endswith((">ko", ">en", "plain"))}
    stream = data.Stream(
        data.load_groups(options.data), encoder, 1, 4000, weights=weights, cli=options.cli, readers=options.readers
    )
    stream.start()
    batches, examples = [], 0
    while examples < options.examples:
        batches.append(stream.next())
        examples += len(batches[-1].source)
    stream.close()
    table = learn(batches, encoder.tokenizer.get_vocab_size(), options.rounds, options.device)
    save_file({"table": table.half().cpu()}, options.out)


if __name__ == "__main__":
    main()
