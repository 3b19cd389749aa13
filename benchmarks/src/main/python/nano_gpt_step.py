"""Times a training step of nanoGPT's smallest model in PyTorch, the peer of NanoGptStepBenchmark.

usage: nano_gpt_step.py [--threads N] [--seconds S] [--dtype float64|float32]

The model is GptConfig.nano(65): 4 layers, 4 heads, 128 channels, 64 positions, layer norm with a gain, exact GELU, the
head tied to the embeddings, no biases, no dropout; a step is 12 sequences of 64 tokens, forward, backward and Adam.
Prints one line of JSON with the best and the median milliseconds for each form of Adam that PyTorch has.
"""

import argparse
import json
import math
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, HEADS, CHANNELS, POSITIONS, BATCH, TOKENS = 4, 4, 128, 64, 12, 65


class LayerNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.gain = nn.Parameter(torch.ones(CHANNELS))

    def forward(self, x):
        return F.layer_norm(x, (CHANNELS,), self.gain, None, 1e-5)


def linear(inputs, outputs):
    layer = nn.Linear(inputs, outputs, bias=False)
    nn.init.normal_(layer.weight, std=0.02)
    return layer


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.norm2 = LayerNorm(), LayerNorm()
        self.qkv = linear(CHANNELS, 3 * CHANNELS)
        self.out = linear(CHANNELS, CHANNELS)
        self.up = linear(CHANNELS, 4 * CHANNELS)
        self.down = linear(4 * CHANNELS, CHANNELS)

    def forward(self, x):
        heads = [part.view(BATCH, POSITIONS, HEADS, -1).transpose(1, 2) for part in self.qkv(self.norm1(x)).chunk(3, 2)]
        attended = F.scaled_dot_product_attention(*heads, is_causal=True)
        x = x + self.out(attended.transpose(1, 2).reshape(BATCH, POSITIONS, CHANNELS))
        return x + self.down(F.gelu(self.up(self.norm2(x))))


class NanoGpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.tokens = nn.Embedding(TOKENS, CHANNELS)
        self.positions = nn.Embedding(POSITIONS, CHANNELS)
        nn.init.normal_(self.tokens.weight, std=0.02)
        nn.init.normal_(self.positions.weight, std=0.02)
        self.blocks = nn.ModuleList(Block() for _ in range(LAYERS))
        self.norm = LayerNorm()

    def forward(self, ids, targets):
        x = self.tokens(ids) + self.positions(torch.arange(POSITIONS))
        for block in self.blocks:
            x = block(x)
        logits = self.norm(x) @ self.tokens.weight.T
        return F.cross_entropy(logits.view(-1, TOKENS), targets.reshape(-1))


def measure(seconds, fused):
    torch.manual_seed(42)
    model = NanoGpt()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, betas=(0.9, 0.99), eps=1e-8, fused=fused)
    ids = torch.randint(0, TOKENS, (BATCH, POSITIONS + 1))
    losses, times = [], []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = model(ids[:, :-1], ids[:, 1:])
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        times.append(1000 * (time.perf_counter() - start))
    # as NanoGptStepBenchmark verifies its own: guessing first, then learning
    if abs(losses[0] - math.log(TOKENS)) >= 0.4 or losses[5] >= losses[0]:
        raise SystemExit(f"the loss is {losses[0]} initially and {losses[5]} after 5 steps")
    warm = times[3:]
    return {"best_ms": round(min(warm), 1), "median_ms": round(statistics.median(warm), 1), "steps": len(warm)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_default_dtype(getattr(torch, arguments.dtype))
    result = {
        "torch": torch.__version__,
        "cpu": torch.backends.cpu.get_cpu_capability(),
        "threads": arguments.threads,
        "dtype": arguments.dtype,
    }
    for name, fused in (("adam", False), ("fused_adam", True)):
        result[name] = measure(arguments.seconds, fused)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
