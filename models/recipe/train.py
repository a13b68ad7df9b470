"""Trains the Transformer.

    python train.py --preset default --run runs/first --data FOLDER --tokenizer FOLDER --steps 20000
    python train.py --preset default --run runs/second --start CHECKPOINT --minutes 90 --decay-share 1.0 --start-share 0.3

One script for CPUs and a GPU. On CPUs the micro-batches of a step are shared among single-threaded workers (threads of
this process, each with its own gradients over common weights): a worker that loses its core to another program slows
only itself, where an operator split over two threads would wait at its every barrier. Gradients are then summed, and
the matrices of the optimizer are shared out the same way.

A run folder holds `log.jsonl`, `checkpoint.pt` (everything needed to go on: float32 weights, optimizer, data position,
clock) and `model/` (MarianMTModel, fp16, written at the end and with every checkpoint). Calling the same command again
goes on from `checkpoint.pt`. In the last part of a run (`--last-share`) examples are drawn by `data.LAST_WEIGHTS`. With `--steps` and one worker a resumed run repeats the uninterrupted one exactly; with
several workers the order of a float sum differs; with `--minutes` the schedule follows the clock.

In bf16 on cores with AMX or AVX-512 BF16 preload jemalloc with thp:always: page faults of freed and taken activations cost a third of the time
there, measured with a decay of -1. Give it a decay in milliseconds all the same: with -1, which never gives memory back, a resumed
float32 run grew from 1.4 to 22 GB. In float32 jemalloc gained nothing (Zen 3: 270 to 294 tokens a second, 286 to 295 without).
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before torch: workers are threads of ours, not of its operators
os.environ.setdefault("MKL_NUM_THREADS", "1")

import argparse
import copy
import json
import math
import queue
import random
import threading
import time
from dataclasses import replace
from pathlib import Path

import torch

import data
from align import Aligner
from averages import Ema, Snapshots
from model import Config, Transformer, describe, load_checkpoint, save_checkpoint
from optimizer import Optimizer

PRESETS = {
    # the model that ships: 35.5 M parameters, most of them where they cost least per generated token
    "default": Config(),
    # minutes on a laptop; what the tests train
    "tiny": Config(d_model=32, encoder_layers=1, decoder_layers=1, heads=2, ffn=64, max_positions=260),
    # what small Transformers on Multi30k are published with: see multi30k.py
    "multi30k": Config(d_model=128, encoder_layers=4, decoder_layers=4, heads=4, ffn=256, dropout=0.3),
}


def schedule(options, step, share):
    """The rate as a fraction of its peak. `share` is the part of the run that has passed (steps or clock)."""
    warm = min(1.0, (step + 1) / max(1, options.warmup))
    if options.schedule == "inverse-sqrt":  # section 5.3, with the peak given instead of d_model^-0.5
        return min(warm, math.sqrt(max(1, options.warmup) / (step + 1)))
    return warm * min(1.0, max(0.0, (1 - share) / options.decay_share))


class Workers:
    """Copies of the network over common weights, one per thread, each with its own gradients."""

    def __init__(self, network, count, aligner=None):
        self.network, self.aligner = network, aligner
        self.replicas = [network]
        for _ in range(count - 1):
            replica = copy.deepcopy(network)
            for mine, common in zip(replica.parameters(), network.parameters()):
                mine.data = common.data
            self.replicas.append(replica)

    def share(self, tasks, work):
        """Runs work(replica, task) for every task, each replica taking the next one when it is free."""
        waiting = queue.SimpleQueue()
        for task in tasks:
            waiting.put(task)
        failures = []

        def run(replica):
            while not failures:
                try:
                    task = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    work(replica, task)
                except BaseException as error:  # handed to the caller: a dead thread would be a silent loss
                    failures.append(error)

        threads = [threading.Thread(target=run, args=(replica,)) for replica in self.replicas[1:]]
        for thread in threads:
            thread.start()
        run(self.replicas[0])
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]

    def gradients(self, batches, options, step):
        """Sums the gradients of the micro-batches; -> (smoothed loss, plain nll) per target token, tokens."""
        tokens = sum(batch.target_tokens for batch in batches)
        totals, lock = [0.0, 0.0], threading.Lock()

        def work(replica, task):
            index, batch = task
            replica.train()
            replica.seed((options.seed * 1_000_003 + step) * 1009 + index)
            batch = batch.to(options.device)
            alignment = self.aligner(batch) if self.aligner else None
            loss, plain = replica.loss(batch, options.label_smoothing, alignment, options.align)
            (loss / tokens).backward()
            with lock:
                totals[0] += loss.item()
                totals[1] += plain.item()

        self.share(list(enumerate(batches)), work)
        return totals[0] / tokens, totals[1] / tokens, tokens

    def step(self, optimizer, factor):
        optimizer.begin()
        replicas = [dict(replica.named_parameters()) for replica in self.replicas]

        def work(_replica, name):
            gradient = None
            for parameters in replicas:
                mine = parameters[name].grad
                if mine is not None:
                    gradient = mine if gradient is None else gradient.add_(mine)
                    parameters[name].grad = None
            if gradient is None:
                return
            with torch.no_grad():
                optimizer.update(name, gradient, factor)

        # the largest first, so that no worker is left alone with one at the end
        self.share(sorted(replicas[0], key=lambda name: -replicas[0][name].numel()), work)

    def dev_loss(self, batches, options):
        """Plain nll per target token of prepared dev batches {set: [Batch]} -> {set: nats}."""
        totals, lock = {name: [0.0, 0] for name in batches}, threading.Lock()

        def work(replica, task):
            name, batch = task
            replica.eval()
            with torch.inference_mode():
                _, plain = replica.loss(batch.to(options.device), 0.0)
            with lock:
                totals[name][0] += plain.item()
                totals[name][1] += batch.target_tokens

        self.share([(name, batch) for name, rows in batches.items() for batch in rows], work)
        return {name: round(nll / max(1, tokens), 4) for name, (nll, tokens) in totals.items()}


class Data:
    """The two parts of a run: all rows, then rows that people wrote. Each has its own order, which it keeps."""

    def __init__(self, options, encoder):
        groups = data.load_groups(options.data, *options.more_data)
        settings = {"batch_tokens": options.batch_tokens, "window": options.window, "cli": options.cli}
        first = data.Stream(groups, encoder, options.seed, weights=data.WEIGHTS, readers=options.readers, **settings)
        last = data.Stream(
            groups, encoder, f"{options.seed} last", weights=data.LAST_WEIGHTS, readers=options.readers, **settings
        )
        self.streams = {"first": first, "last": last}
        self.last_share = options.last_share

    def part(self, share):
        """The part in which a run stands that is `share` of its length old."""
        return "last" if share >= 1 - self.last_share else "first"

    def step(self, part, tokens):
        """Micro-batches of at least `tokens` target tokens."""
        batches, total = [], 0
        while total < tokens:
            batches.append(self.streams[part].next())
            total += batches[-1].target_tokens
        return batches

    def state(self):
        return {name: stream.state() for name, stream in self.streams.items()}

    def restore(self, state):
        for name, stream in self.streams.items():
            stream.restore(state[name])

    def start(self):
        for stream in self.streams.values():
            stream.start()

    def close(self):
        for stream in self.streams.values():
            stream.close()


def prepare_dev(options, encoder):
    """{set and direction: [Batch]}"""
    examples = data.dev_pairs(options.data, options.dev_lines, options.cli) if options.dev_lines else {}
    return {
        name: [data.make_batch(rows) for rows in data.into_batches(encoder(pairs), 2000, random.Random(0))]
        for name, pairs in examples.items()
    }


def save(path, value):
    """Written beside and moved: a run killed while saving keeps its last checkpoint."""
    torch.save(value, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def train(options):
    if options.start_share and not options.start:
        raise SystemExit("--start-share needs --start: the checkpoint whose weights are to count")
    if options.cli and not Path(options.cli).exists():
        raise SystemExit(f"{options.cli} does not exist: npm run build, or name it with --cli (--cli '' goes without)")
    run = Path(options.run)
    run.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    if options.device != "cpu":
        torch.set_float32_matmul_precision("high")  # Muon's iteration on float32 weights, in TF32
    encoder = data.Encoder(Path(options.tokenizer) / "tokenizer.json")
    source = Data(options, encoder)
    source.start()
    preset = replace(PRESETS[options.preset], vocabulary=encoder.tokenizer.get_vocab_size())
    network = load_checkpoint(options.start) if options.start else Transformer(preset)
    if options.dropout is not None:
        network.config.dropout = options.dropout
        for module in network.modules():
            if hasattr(module, "rate"):
                module.rate = options.dropout
    if not options.start:
        network.initialize(torch.Generator().manual_seed(options.seed))
    network.to(options.device)
    network.to(torch.bfloat16 if options.bf16 else torch.float32)
    aligner = Aligner.load(options.alignments, options.device) if options.align else None
    # before the network is any other than the checkpoint, also where a run goes on
    origin = {name: value.data.float().clone() for name, value in network.named_parameters()} if options.start_share else {}
    workers = Workers(network, options.workers, aligner)
    optimizer = Optimizer(network, options.rate, options.muon_rate, options.beta2, options.weight_decay)
    ema = Ema(optimizer, options.ema) if options.ema else None
    snapshots = Snapshots(optimizer, options.average, options.average_every)
    dev = prepare_dev(options, encoder)
    step, tokens, elapsed = 0, 0, 0.0
    checkpoint_path = run / "checkpoint.pt"
    if checkpoint_path.exists():
        checkpoint = torch.load(checkpoint_path, map_location=options.device, weights_only=True)
        optimizer.load_state_dict(checkpoint["optimizer"])
        if ema:
            ema.mean = checkpoint["ema"]
        snapshots.states = checkpoint["snapshots"]
        source.restore(checkpoint["streams"])
        step, tokens, elapsed = checkpoint["step"], checkpoint["tokens"], checkpoint["elapsed"]

    log = (run / "log.jsonl").open("a", encoding="utf-8", buffering=1)

    def write(**values):
        log.write(json.dumps(values) + "\n")
        if not options.quiet:
            print(json.dumps(values), flush=True)

    def checkpoint(final=False):
        state = {
            "optimizer": optimizer.state_dict(),
            "streams": source.state(),
            "step": step,
            "tokens": tokens,
            "elapsed": elapsed,
            "ema": ema.mean if ema else None,
            "snapshots": snapshots.states,
        }
        save(checkpoint_path, state)
        exported = copy.deepcopy(network).float()
        for name, parameter in exported.named_parameters():
            parameter.data.copy_(ema.mean[name] if ema else snapshots.mean(name))
            if origin:
                parameter.data.lerp_(origin[name], options.start_share)
        save_checkpoint(exported, run / "model", options.tokenizer)
        write(event="checkpoint", step=step, final=final)

    def dev_event():
        if dev:
            write(event="dev", step=step, minutes=round(elapsed / 60, 2), nll=workers.dev_loss(dev, options))

    write(event="start", step=step, config=describe(network.config), options=vars(options))
    dev_event()
    last_saved = last_dev = elapsed
    began = time.monotonic() - elapsed
    while True:
        share = elapsed / 60 / options.minutes if options.minutes else step / options.steps
        stop = step >= options.stop_at if options.stop_at else False
        if share >= 1 or stop:
            break
        factor = schedule(options, step, share)
        part = source.part(share)
        batches = source.step(part, options.step_tokens)
        loss, nll, count = workers.gradients(batches, options, step)
        if not math.isfinite(loss):
            raise SystemExit(f"step {step}: the loss is {loss}; the last checkpoint is intact")
        workers.step(optimizer, factor)
        if ema:
            ema.update()
        step, tokens = step + 1, tokens + count
        if options.average:
            snapshots.update(step)
        before, elapsed = elapsed, time.monotonic() - began
        write(
            step=step,
            loss=round(loss, 5),
            nll=round(nll, 5),
            factor=round(factor, 4),
            part=part,
            tokens=tokens,
            minutes=round(elapsed / 60, 2),
            speed=round(count / max(1e-9, elapsed - before)),
        )
        if elapsed - last_dev >= options.dev_every * 60:
            dev_event()
            last_dev = elapsed
        if elapsed - last_saved >= options.save_every * 60:
            checkpoint()
            last_saved = elapsed
        elapsed = time.monotonic() - began
    checkpoint(final=True)
    dev_event()
    log.close()
    source.close()
    return network


def parser():
    here = Path(__file__).parent
    result = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = result.add_argument
    add("--run", required=True, help="folder of this run; an interrupted run goes on")
    add("--data", default=str(here / "../../../shared/data"))
    add("--more-data", nargs="*", default=[], help="folders with further rows, such as what synthesize.py writes")
    add("--tokenizer", default=str(here / "../default"), help="folder with tokenizer.json")
    add("--cli", default=str(data.default_cli()), help="built CLI that protects spans; '': spans.py's rules alone")
    add("--preset", choices=sorted(PRESETS), default="default")
    add("--start", help="MarianMTModel folder to go on from, with a new optimizer")
    add("--start-share", type=float, default=0.0, help="export the mean with the checkpoint of --start, which counts so much")
    add("--seed", type=int, default=1)
    add("--steps", type=int, default=20000, help="length of the run in steps")
    add("--minutes", type=float, help="length of the run by the clock instead")
    add("--stop-at", type=int, help="stop at this step, as an interruption would")
    add("--batch-tokens", type=int, default=1500, help="positions of a micro-batch a side, padding counted")
    add("--step-tokens", type=int, default=5000, help="target tokens of a step (5.1: about 25,000)")
    add("--window", type=int, default=20000, help="examples sorted into batches at a time")
    add("--last-share", type=float, default=0.25, help="last part of the run, on rows that people wrote; 0: none")
    add("--readers", type=int, default=0, help="processes that prepare examples ahead; a GPU needs one per free core")
    add("--rate", type=float, default=1e-3, help="peak rate of Adam (5.3)")
    add("--muon-rate", type=float, default=0.01, help="peak rate of Muon; 0: Adam for everything, as in the paper")
    add("--beta2", type=float, default=0.98, help="Adam's beta2 (5.3)")
    add("--weight-decay", type=float, default=0.0, help="on Muon's matrices")
    add("--schedule", choices=("wsd", "inverse-sqrt"), default="wsd", help="wsd: warm-up, stable, linear to zero")
    add("--warmup", type=int, default=60, help="steps (5.3)")
    add("--decay-share", type=float, default=0.3, help="last part of a wsd run, linear to zero")
    add("--label-smoothing", type=float, default=0.1, help="5.4")
    add("--dropout", type=float, help="5.4; default: the preset's or the checkpoint's")
    add("--align", type=float, default=0.0, help="weight of the guided-alignment loss on one head; 0.05 is usual")
    add("--alignments", help="align.py's table, for --align")
    add("--ema", type=float, default=0.0, help="decay of the averaged weights that are exported; 0: the weights")
    add("--average", type=int, default=0, help="export the mean of this many last snapshots instead of the weights (6.1)")
    add("--average-every", type=int, default=100, help="steps between snapshots")
    add("--workers", type=int, default=max(1, (os.cpu_count() or 1)), help="threads; use 1 on a GPU")
    add("--device", default="cpu")
    add("--bf16", action="store_true", help="weights and activations in bf16 (GPU, AMX, AVX-512 BF16), float32 masters")
    add("--save-every", type=float, default=10, help="minutes")
    add("--dev-every", type=float, default=10, help="minutes")
    add("--dev-lines", type=int, default=60, help="lines of each dev set for the dev loss")
    add("--quiet", action="store_true")
    return result


if __name__ == "__main__":
    train(parser().parse_args())
