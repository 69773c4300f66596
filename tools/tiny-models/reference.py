"""What torch says, for the test that holds the GGUF files to it:
python3 reference.py SMALL.pt LARGE.pt OUT.jsonl
"""
import json
import random
import sys

import torch

from model import load
from task import BOS, EOS, decode, distinct, encode

QUESTIONS = 100
MOST = 12


@torch.no_grad()
def greedy(model, question):
    tokens, logprobs, entropies = [BOS] + encode(question), [], []
    start = len(tokens)
    while len(tokens) - start < MOST:
        step = model(torch.tensor([tokens]))[0, -1].double().log_softmax(-1)
        best = int(step.argmax())
        if best == EOS:
            break
        logprobs.append(float(step[best]))
        entropies.append(float(-(step.exp() * step).sum()))
        tokens.append(best)
    return decode(tokens[start:]), logprobs, entropies


def main(small, large, out):
    torch.set_num_threads(1)
    questions = [question for _, question, _, _ in distinct(1, "test", 1000)]
    chosen = random.Random(1).sample(questions, QUESTIONS)
    with open(out, "w") as file:
        for name, path in (("small", small), ("large", large)):
            model = load(path)
            for question in chosen:
                answer, logprobs, entropies = greedy(model, question)
                row = {"model": name, "question": question, "answer": answer, "logprobs": logprobs, "entropies": entropies}
                file.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:4])
