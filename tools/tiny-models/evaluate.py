"""Accuracy by kind, by torch: python3 evaluate.py MODEL.pt … [--part test|validation] [--count N]

Development looks at the validation part only; the test part is for the figures in README.md.
"""
import argparse

import torch

from model import load
from task import BOS, EOS, KINDS, decode, distinct, encode

MOST = 12  # tokens of an answer


@torch.no_grad()
def answers(model, questions):
    """Greedy answers, those of equal length of the question together, so that nothing is padded."""
    by_length = {}
    for row, question in enumerate(questions):
        by_length.setdefault(len(question), []).append(row)
    found = [None] * len(questions)
    for rows in by_length.values():
        tokens = torch.tensor([[BOS] + encode(questions[row]) for row in rows])
        start, chosen, logprobs = tokens.shape[1], [], []
        for _ in range(MOST):
            step = model(tokens)[:, -1].log_softmax(-1)
            best = step.argmax(-1)
            chosen.append(best)
            logprobs.append(step.gather(1, best[:, None])[:, 0])
            tokens = torch.cat((tokens, best[:, None]), 1)
        logprobs = torch.stack(logprobs, 1)
        for place, row in enumerate(rows):
            out = tokens[place, start:].tolist()
            end = out.index(EOS) if EOS in out else len(out)
            found[row] = (decode(out[:end]), logprobs[place, :end].tolist())
    return found


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("models", nargs="+")
    arguments.add_argument("--part", default="validation")
    arguments.add_argument("--count", type=int, default=4000)
    given = arguments.parse_args()
    torch.set_num_threads(1)
    questions = distinct(7, given.part, given.count)
    right = {}
    for path in given.models:
        found = answers(load(path), [question for _, question, _, _ in questions])
        right[path] = [answer == text for (_, _, answer, _), (text, _) in zip(questions, found)]
    print(f"{'':8}{'count':>6}", *(f"{path.split('/')[-1]:>12}" for path in given.models))
    for kind in ["all", *KINDS]:
        rows = [row for row, one in enumerate(questions) if kind in ("all", one[0])]
        shares = (sum(hits[row] for row in rows) / len(rows) for hits in right.values())
        print(f"{kind:8}{len(rows):6}", *(f"{share:12.3f}" for share in shares))


if __name__ == "__main__":
    main()
