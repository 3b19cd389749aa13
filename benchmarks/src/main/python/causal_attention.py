"""Times PyTorch's fused causal attention, forward and backward, at the shapes of AttentionBenchmark.

usage: causal_attention.py [--threads N] [--seconds S] [--dtype float64|float32]

Prints one line of JSON for each shape, with the best and the median microseconds.
"""

import argparse
import json
import statistics
import time

import torch
import torch.nn.functional as F

SHAPES = ((12, 4, 64, 32), (4, 6, 256, 64), (1, 12, 1024, 64))


def measure(sequences, heads, length, width, seconds):
    def numbers():  # as a projection leaves them: the heads of a token next to each other
        return torch.randn(sequences, length, heads, width).transpose(1, 2)

    inputs = [numbers().requires_grad_() for _ in range(3)]
    gradient = numbers()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times) < 10:
        start = time.perf_counter()
        F.scaled_dot_product_attention(*inputs, is_causal=True).backward(gradient)
        times.append(1e6 * (time.perf_counter() - start))
        for x in inputs:
            x.grad = None
    warm = times[3:]
    return {"best_us": round(min(warm)), "median_us": round(statistics.median(warm)), "runs": len(warm)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--dtype", choices=["float64", "float32"], default="float64")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.set_default_dtype(getattr(torch, arguments.dtype))
    for shape in SHAPES:
        result = {"shape": "x".join(map(str, shape)), "threads": arguments.threads, "dtype": arguments.dtype}
        result.update(measure(*shape, arguments.seconds))
        print(json.dumps(result))


if __name__ == "__main__":
    main()
