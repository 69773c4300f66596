"""The llama architecture in a few lines of torch, float32."""
import math

import torch
import torch.nn.functional as F
from torch import nn

CONTEXT = 64


class RmsNorm(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-5) * self.weight


def rotary(x, cos, sin):
    """Rotates interleaved pairs, as ggml's "NORM" rope does for this architecture."""
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack((a * cos - b * sin, a * sin + b * cos), -1).flatten(-2)


class Block(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.attn_norm, self.ffn_norm = RmsNorm(width), RmsNorm(width)
        linear = lambda i, o: nn.Linear(i, o, bias=False)
        self.attn_q, self.attn_k, self.attn_v, self.attn_output = (linear(width, width) for _ in range(4))
        self.ffn_gate, self.ffn_up, self.ffn_down = linear(width, inner), linear(width, inner), linear(inner, width)

    def forward(self, x, cos, sin, mask):
        batch, length, width = x.shape
        size = width // self.heads
        split = lambda z: z.view(batch, length, self.heads, size).transpose(1, 2)
        y = self.attn_norm(x)
        q, k, v = rotary(split(self.attn_q(y)), cos, sin), rotary(split(self.attn_k(y)), cos, sin), split(self.attn_v(y))
        weights = (q @ k.transpose(-1, -2) / math.sqrt(size) + mask).softmax(-1)
        x = x + self.attn_output((weights @ v).transpose(1, 2).reshape(batch, length, width))
        y = self.ffn_norm(x)
        return x + self.ffn_down(F.silu(self.ffn_gate(y)) * self.ffn_up(y))


class Llama(nn.Module):
    """Its parameters bear the names of the GGUF tensors, `blk.0.attn_q.weight` and so on."""

    def __init__(self, vocabulary, width, layers, heads, inner):
        super().__init__()
        self.shape = dict(vocabulary=vocabulary, width=width, layers=layers, heads=heads, inner=inner)
        self.token_embd = nn.Embedding(vocabulary, width)
        self.blk = nn.ModuleList(Block(width, heads, inner) for _ in range(layers))
        self.output_norm = RmsNorm(width)
        self.output = nn.Linear(width, vocabulary, bias=False)
        size = width // heads
        angles = torch.outer(torch.arange(CONTEXT).float(), 10000.0 ** (-torch.arange(0, size, 2).float() / size))
        self.register_buffer("cos", angles.cos(), False)
        self.register_buffer("sin", angles.sin(), False)
        self.register_buffer("mask", torch.full((CONTEXT, CONTEXT), float("-inf")).triu(1), False)
        for name, weight in self.named_parameters():
            if weight.dim() == 2:
                nn.init.normal_(weight, 0, 1 / math.sqrt(weight.shape[1]) if name.startswith("blk") else 0.02)
            if name.endswith(("attn_output.weight", "ffn_down.weight")):
                weight.data.mul_(1 / math.sqrt(2 * layers))

    def hidden(self, tokens):
        length = tokens.shape[1]
        x = self.token_embd(tokens)
        for block in self.blk:
            x = block(x, self.cos[:length], self.sin[:length], self.mask[:length, :length])
        return self.output_norm(x)

    def forward(self, tokens):
        return self.output(self.hidden(tokens))


SHAPES = {
    "small": dict(width=64, layers=2, heads=2, inner=176),
    "large": dict(width=160, layers=4, heads=5, inner=416),
}


def save(model, path, **facts):
    torch.save(dict(shape=model.shape, weights=model.state_dict(), **facts), path)


def load(path):
    saved = torch.load(path)
    model = Llama(**saved["shape"])
    model.load_state_dict(saved["weights"])
    return model.eval()
