"""Writes a trained model as GGUF version 3: python3 export.py IN.pt OUT.gguf NAME

In float32: with float16 matrices, engines round what they multiply with to float16 as well, and log-probabilities
move by a hundredth. The tokenizer is llama's SentencePiece one with
single bytes for pieces, so that every engine of the llama architecture reads the file.
"""
import struct
import sys

import numpy as np

from model import CONTEXT, load

UINT32, INT32, FLOAT32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
ALIGNMENT = 32


def text(value):
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def pack(kind, value):
    if kind == STRING:
        return text(value)
    if kind == ARRAY:
        inner, values = value
        return struct.pack("<IQ", inner, len(values)) + b"".join(pack(inner, one) for one in values)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def metadata(shape, name):
    vocabulary, width, heads = shape["vocabulary"], shape["width"], shape["heads"]
    # The space has a piece of its own, because this tokenizer writes spaces as U+2581.
    pieces = ["▁" if byte == 0x20 else f"<0x{byte:02X}>" for byte in range(256)]
    kinds = [1 if byte == 0x20 else 6 for byte in range(256)]  # 1 normal, 2 unknown, 3 control, 6 byte
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, name),
        ("general.file_type", UINT32, 0),
        ("general.alignment", UINT32, ALIGNMENT),
        ("llama.context_length", UINT32, CONTEXT),
        ("llama.embedding_length", UINT32, width),
        ("llama.block_count", UINT32, shape["layers"]),
        ("llama.feed_forward_length", UINT32, shape["inner"]),
        ("llama.attention.head_count", UINT32, heads),
        ("llama.attention.head_count_kv", UINT32, heads),
        ("llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5),
        ("llama.rope.dimension_count", UINT32, width // heads),
        ("llama.rope.freq_base", FLOAT32, 10000.0),
        ("llama.vocab_size", UINT32, vocabulary),
        ("tokenizer.ggml.model", STRING, "llama"),
        ("tokenizer.ggml.pre", STRING, "default"),
        ("tokenizer.ggml.tokens", ARRAY, (STRING, ["<unk>", "<s>", "</s>"] + pieces)),
        ("tokenizer.ggml.scores", ARRAY, (FLOAT32, [0.0] * vocabulary)),
        ("tokenizer.ggml.token_type", ARRAY, (INT32, [2, 3, 3] + kinds)),
        ("tokenizer.ggml.bos_token_id", UINT32, 1),
        ("tokenizer.ggml.eos_token_id", UINT32, 2),
        ("tokenizer.ggml.unknown_token_id", UINT32, 0),
        ("tokenizer.ggml.add_bos_token", BOOL, True),
        ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.ggml.add_space_prefix", BOOL, False),
    ]


def export(source, target, name):
    model = load(source)
    # The matrices of torch are (out, in), which is ggml's order reversed: only the shape is turned.
    tensors = [(key, weight.numpy().astype(np.float32)) for key, weight in model.state_dict().items()]
    facts = metadata(model.shape, name)
    head = bytearray(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts)))
    for key, kind, value in facts:
        head += text(key) + struct.pack("<I", kind) + pack(kind, value)
    offset = 0
    for key, values in tensors:
        head += text(key) + struct.pack("<I", values.ndim)
        head += b"".join(struct.pack("<Q", size) for size in reversed(values.shape))
        head += struct.pack("<IQ", 0, offset)
        offset += -(-values.nbytes // ALIGNMENT) * ALIGNMENT
    head += b"\0" * (-len(head) % ALIGNMENT)
    for _, values in tensors:
        head += values.tobytes() + b"\0" * (-values.nbytes % ALIGNMENT)
    with open(target, "wb") as file:
        file.write(head)
    print(target, len(head), "bytes")


if __name__ == "__main__":
    export(*sys.argv[1:4])
