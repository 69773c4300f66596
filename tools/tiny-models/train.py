"""Trains one of the pair from scratch: python3 train.py small|large OUT.pt
or goes on with a later cycle of it:      python3 train.py large OUT.pt CYCLE FROM.pt

Every number is fixed: the seed, the steps, the schedule by step (not by time), one thread. The
same torch on the same kind of processor gives the same weights.
"""
import os
import random
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import torch
import torch.nn.functional as F

from model import SHAPES, Llama, load, save
from task import BOS, EOS, VOCABULARY, encode, sample

BATCH = 256
ADAM_SHARE, WARM_UP = 0.15, 50
# Harder kinds more often; a question asked of the pair is of every kind alike.
HARD = {"add": 2, "sub": 2, "mul": 3, "mod": 2, "sort": 2, "date": 2, "lookup": 1, "max": 1}
EVEN = {"add": 2, "sub": 2, "mul": 2, "mod": 2, "sort": 3, "date": 2, "lookup": 2, "max": 2}
# What the large model was weakest at on the validation part after two cycles.
WEAK = {"add": 2, "sub": 2, "mul": 2, "mod": 3, "sort": 4, "date": 1, "lookup": 3, "max": 2}
# Sorting, the one kind at which the small model was still better after three.
SORTS = {"add": 1, "sub": 1, "mul": 1, "mod": 1, "sort": 8, "date": 1, "lookup": 2, "max": 1}
# The rate falls to 0 over the last share `decay` of a cycle's steps.
FIRST = dict(steps=5000, rate=0.02, decay=0.4, mix=HARD)
SECOND = dict(steps=2000, rate=0.008, decay=1.0, mix=EVEN)
THIRD = dict(steps=3500, rate=0.01, decay=1.0, mix=WEAK)
FOURTH = dict(steps=1500, rate=0.008, decay=1.0, mix=SORTS)
FIFTH = dict(steps=2800, rate=0.01, decay=1.0, mix=SORTS)
CYCLES = {"small": [FIRST], "large": [FIRST, SECOND, THIRD, FOURTH, FIFTH]}


def orthogonal(gradient):
    """The nearest semi-orthogonal matrix, by five Newton-Schulz steps (Jordan et al. 2024, Muon)."""
    x = gradient / (gradient.norm() + 1e-7)
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if tall else x


def batches(rng, mix):
    """Questions with their answers; four batches at a time, short and long ones apart."""
    kinds, weights = list(mix), list(mix.values())
    while True:
        asked = (sample(rng, "train", kind) for kind in rng.choices(kinds, weights, k=4 * BATCH))
        drawn = [(encode(q), encode(a)) for _, q, a, _ in asked]
        drawn.sort(key=lambda pair: len(pair[0]) + len(pair[1]))
        parts = [drawn[start : start + BATCH] for start in range(0, len(drawn), BATCH)]
        rng.shuffle(parts)
        for one in parts:
            length = max(len(q) + len(a) for q, a in one) + 1
            tokens = [[BOS] + q + a + [EOS] * (length - 1 - len(q) - len(a)) for q, a in one]
            # Only the answer and its end are learned.
            targets = [[-100] * len(q) + a + [EOS] + [-100] * (length - 1 - len(q) - len(a)) for q, a in one]
            yield torch.tensor(tokens), torch.tensor(targets)


def train(model, path, cycle, steps, rate, decay, mix):
    """One cycle, with fresh optimisers and questions of its own."""
    source = batches(random.Random(cycle), mix)
    inner = [p for n, p in model.named_parameters() if p.dim() == 2 and n.startswith("blk")]
    outer = [p for n, p in model.named_parameters() if not (p.dim() == 2 and n.startswith("blk"))]
    adam = torch.optim.Adam(outer, betas=(0.9, 0.98))
    momenta = [torch.zeros_like(p) for p in inner]
    started, total, count = time.time(), 0.0, 0
    for step in range(steps):
        now = rate * min(1, (step + 1) / WARM_UP) * min(1, (1 - step / steps) / decay)
        tokens, targets = next(source)
        learned = targets >= 0
        loss = F.cross_entropy(model.output(model.hidden(tokens)[learned]), targets[learned])
        for p in model.parameters():
            p.grad = None
        loss.backward()
        for group in adam.param_groups:
            group["lr"] = ADAM_SHARE * now
        adam.step()
        with torch.no_grad():
            for p, momentum in zip(inner, momenta):
                momentum.mul_(0.95).add_(p.grad)
                scale = max(1, p.shape[0] / p.shape[1]) ** 0.5
                p.add_(orthogonal(p.grad + 0.95 * momentum), alpha=-now * scale)
        total, count = total + loss.item(), count + 1
        if (step + 1) % 100 == 0:
            print(f"cycle {cycle}, step {step + 1} of {steps}: loss {total / count:.4f}, {time.time() - started:.0f} s", flush=True)
            total, count = 0.0, 0
            save(model, path)
    save(model, path)


def main(name, path, start=1, source=None):
    torch.set_num_threads(1)
    # Denormal numbers take a hundred times as long, and say nothing.
    torch.set_flush_denormal(True)
    torch.manual_seed(1)
    model = Llama(VOCABULARY, **SHAPES[name]) if source is None else load(source)
    print(name, sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    for cycle, schedule in enumerate(CYCLES[name], 1):
        if cycle >= int(start):
            train(model, path, cycle, **schedule)


if __name__ == "__main__":
    main(*sys.argv[1:5])
