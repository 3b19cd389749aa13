"""Records what PyTorch computes for the operations of microgpt-autograd, in float64, for GoldenOpTest.

    pip install torch numpy
    python3 microgpt-autograd/src/test/python/record_torch_ops.py

Writes src/test/resources/dev/microgpt/autograd/torch-ops.txt. Each case has the inputs, integers if there are any, the
output, a random gradient dy of the output, and the gradients of all inputs. Numbers are printed in full precision.
"""

import pathlib
import platform

import torch
from torch.nn import functional as F

SEED = 20260101
TARGET = pathlib.Path(__file__).parents[1] / "resources/dev/microgpt/autograd/torch-ops.txt"

torch.set_default_dtype(torch.float64)
torch.manual_seed(SEED)
torch.set_num_threads(1)

lines = [
    "# Operations in float64 as PyTorch computes them.",
    f"# torch {torch.__version__}, Python {platform.python_version()}, seed {SEED}",
    "# made by: pip install torch numpy && python3 microgpt-autograd/src/test/python/record_torch_ops.py",
    "#",
    "# case NAME / ints NAME INTEGERS / input NAME DIMENSIONS = NUMBERS / output … / dy … / gradient NAME …",
]


def tensor_line(kind, tensor):
    dims = " ".join(str(d) for d in tensor.shape)
    numbers = " ".join(repr(x) for x in tensor.detach().flatten().tolist())
    lines.append(f"{kind} {dims} = {numbers}".replace("  ", " "))


def record(case, function, ints=None, **inputs):
    lines.append(f"case {case}")
    for name, values in (ints or {}).items():
        lines.append(f"ints {name} " + " ".join(str(i) for i in values))
    leaves = {name: value.clone().requires_grad_() for name, value in inputs.items()}
    for name, value in leaves.items():
        tensor_line(f"input {name}", value)
    y = function(**leaves)
    dy = torch.randn(y.shape)
    y.backward(dy)
    tensor_line("output", y)
    tensor_line("dy", dy)
    for name, value in leaves.items():
        tensor_line(f"gradient {name}", value.grad)


def attention(heads, queries, keys):
    """Attention inside each of the packed sequences; queries are the last positions of their sequence."""

    def split(x, lengths):
        return [part.unflatten(1, (heads, -1)).transpose(0, 1) for part in x.split(lengths)]

    def function(q, k, v):
        results = []
        for qs, ks, vs in zip(split(q, queries), split(k, keys), split(v, keys)):
            t, u = qs.shape[1], ks.shape[1]
            seen = torch.ones(t, u, dtype=torch.bool).tril(diagonal=u - t)
            y = F.scaled_dot_product_attention(qs, ks, vs, attn_mask=seen)
            results.append(y.transpose(0, 1).flatten(1))
        return torch.cat(results)

    return function


def record_attention(case, channels, heads, queries, keys):
    record(
        case,
        attention(heads, queries, keys),
        ints={"heads": [heads], "queries": queries, "keys": keys},
        q=torch.randn(sum(queries), channels),
        k=torch.randn(sum(keys), channels),
        v=torch.randn(sum(keys), channels),
    )


def record_cross_entropy(case, logits, targets):
    record(case, lambda x: F.cross_entropy(x, torch.tensor(targets)), ints={"targets": targets}, x=logits)


# products
record("linear", F.linear, input=torch.randn(5, 7), weight=torch.randn(6, 7))
record("linear with bias", F.linear, input=torch.randn(9, 4), weight=torch.randn(5, 4), bias=torch.randn(5))
record("matmul", lambda a, b: a @ b, a=torch.randn(4, 9), b=torch.randn(9, 3))

# elements: the range of a network, and apart from it, for they would hide the rest, zeros and tails
arguments = 2 * torch.randn(34)
edges = [0.0, -0.0, 1e-8, -1e-8, 1e-300, 3.0, -3.0, 6.0, -6.0, 9.0, -9.0, 40.0, -40.0, 1e3, -1e3]
for suffix, x in ("", arguments), (" of extremes", torch.tensor(edges)):
    record("gelu" + suffix, lambda x: F.gelu(x), x=x)
    record("gelu tanh" + suffix, lambda x: F.gelu(x, approximate="tanh"), x=x)
    record("relu" + suffix, lambda x: F.relu(x), x=x)
record("add", lambda a, b: a + b, a=torch.randn(3, 5), b=torch.randn(3, 5))
record("add of a row", lambda a, b: a + b, a=torch.randn(3, 5), b=torch.randn(5))
record("multiply", lambda a, b: a * b, a=torch.randn(3, 5), b=torch.randn(3, 5))
record("scale", lambda x: -1.7 * x, x=torch.randn(3, 5))
record("sum", lambda x: x.sum(), x=torch.randn(9, 7))
record("mean", lambda x: x.mean(), x=torch.randn(9, 7))

# norms: ordinary rows, rows of zeros and of equal numbers, large rows
kinds = {
    "": torch.randn(4, 17),
    " of zeros": torch.zeros(1, 17),
    " of equals": torch.full((1, 17), 0.75),
    " of thousands": 1e3 * torch.randn(1, 17),
}
for suffix, x in kinds.items():
    gain, bias = torch.randn(17), torch.randn(17)
    record("rmsNorm" + suffix, lambda x: F.rms_norm(x, (17,), eps=1e-5), x=x)
    record("layerNorm" + suffix, lambda x, gain: F.layer_norm(x, (17,), gain, eps=1e-5), x=x, gain=gain)
    record(
        "layerNorm with bias" + suffix,
        lambda x, gain, bias: F.layer_norm(x, (17,), gain, bias, eps=1e-5),
        x=x,
        gain=gain,
        bias=bias,
    )

# probabilities
extremes = torch.randn(3, 9) + torch.tensor([1e3, -1e3, 0, 1e3, 0, -1e3, 1e3, 5, 7])
logits = torch.cat([torch.randn(3, 9), extremes, torch.full((1, 9), 0.75), torch.full((1, 9), -1e3)])
record("softmax", lambda x: F.softmax(x, dim=1), x=torch.randn(6, 27))
record("softmax of extremes", lambda x: F.softmax(x, dim=1), x=logits)
record_cross_entropy("crossEntropy", torch.randn(6, 27), [0, 26, 3, 3, 13, 0])
record_cross_entropy("crossEntropy of extremes", logits, [0, 8, 4, 0, 1, 8, 8, 3])

# attention: one sequence beyond a block of 32 queries, packed ones, packed ones with a past
record_attention("attention", 4, 2, [40], [40])
record_attention("attention, packed", 6, 3, [3, 1, 5], [3, 1, 5])
record_attention("attention, packed with a past", 6, 2, [3, 1, 2], [3, 7, 4])

# an id that is picked three times, and one that is not picked
ids = [2, 0, 2, 4, 2, 1]
record("embedding", lambda table: F.embedding(torch.tensor(ids), table), ints={"ids": ids}, table=torch.randn(6, 5))

# more functions of elements and reductions, from a seed of their own
torch.manual_seed(SEED + 1)
arguments = 2 * torch.randn(34)
for suffix, x in ("", arguments), (" of extremes", torch.tensor(edges)):
    record("silu" + suffix, lambda x: F.silu(x), x=x)
    record("softplus" + suffix, lambda x: F.softplus(x, threshold=700), x=x)
    record("sigmoid" + suffix, lambda x: torch.sigmoid(x), x=x)
    record("tanh" + suffix, lambda x: torch.tanh(x), x=x)
    record("softCap" + suffix, lambda x: 5 * torch.tanh(x / 5), x=x)
    record("reluSquared" + suffix, lambda x: F.relu(x) ** 2, x=x)
    record("absolute" + suffix, lambda x: x.abs(), x=x)
    record("clamp" + suffix, lambda x: x.clamp(-3, 1.5), x=x)
positive = 0.01 + 5 * torch.rand(34)
record("exp", lambda x: x.exp(), x=arguments)
record("log", lambda x: x.log(), x=positive)
record("squareRoot", lambda x: x.sqrt(), x=positive)
record("power", lambda x: x**-2.5, x=positive)
functions = {
    "add": torch.add,
    "subtract": torch.subtract,
    "multiply": torch.multiply,
    "divide": torch.divide,
    "minimum": torch.minimum,
    "maximum": torch.maximum,
}
for name, function in functions.items():
    for suffix, dims in ("", (4, 5)), (" by rows", (5,)), (" by columns", (4, 1)):
        a, b = torch.randn(4, 5), torch.randn(dims)
        if name in ("minimum", "maximum"):  # some are equal
            a, b = torch.round(a), torch.round(b)
        if suffix or name not in ("add", "multiply"):
            record(name + suffix, function, **{"input": a, "other": b})
for axis, of in (1, "OfEachRow"), (0, "OfEachColumn"):
    record("sum" + of, lambda x: x.sum(axis, keepdim=axis == 1), x=torch.randn(9, 7))
    record("mean" + of, lambda x: x.mean(axis, keepdim=axis == 1), x=torch.randn(9, 7))
    record("max" + of, lambda x: x.max(axis, keepdim=axis == 1).values, x=torch.round(torch.randn(9, 7)))
record("max", lambda x: x.max(), x=torch.randn(9, 7))

# losses and the logarithm of softmax, from a seed of their own
torch.manual_seed(SEED + 2)


def record_binary(case, logits, tenths):
    target = torch.tensor(tenths) / 10.0
    ints = {"tenths": tenths}
    record(case, lambda x: F.binary_cross_entropy_with_logits(x, target), ints=ints, x=logits)


record("logSoftmax", lambda x: F.log_softmax(x, dim=1), x=torch.randn(6, 27))
record("logSoftmax of extremes", lambda x: F.log_softmax(x, dim=1), x=logits)
record("meanSquaredError", F.mse_loss, input=torch.randn(5, 7), target=torch.randn(5, 7))
record_binary("binaryCrossEntropyWithLogits", torch.randn(9), [0, 10, 0, 10, 3, 7, 5, 1, 10])
certain = torch.tensor([1e3, -1e3, 1e3, -1e3, 40.0])
record_binary("binaryCrossEntropyWithLogits of extremes", certain, [0, 10, 10, 0, 10])

# shapes
record("reshape", lambda x: x.reshape(4, 1, 3), ints={"shape": [4, 1, 3]}, x=torch.randn(2, 6))
record("transpose", lambda x: x.T, x=torch.randn(3, 5))
record("sliceRows", lambda x: x[1:4], ints={"range": [1, 4]}, x=torch.randn(5, 3))
record("sliceColumns", lambda x: x[:, 2:5], ints={"range": [2, 5]}, x=torch.randn(3, 6))
record("concatenateRows", lambda a, b: torch.cat([a, b], dim=0), a=torch.randn(2, 3), b=torch.randn(4, 3))
record("concatenateColumns", lambda a, b: torch.cat([a, b], dim=1), a=torch.randn(3, 2), b=torch.randn(3, 4))
record("stack", lambda a, b: torch.stack([a, b]), a=torch.randn(2, 3), b=torch.randn(2, 3))
indices = [2, 2, 0, 1, 0, 0, 2, 1, 0, 3, 3, 3]
columns = torch.tensor(indices).view(3, 4)
record("gather", lambda x: x.gather(1, columns), ints={"indices": indices}, x=torch.randn(3, 5))

# rotary positions, from a seed of their own
torch.manual_seed(SEED + 3)


def record_rotary(case, heads, width, theta, positions):
    """Each pair of channels of a head is a complex number, multiplied by one of absolute value 1."""
    frequencies = theta ** (-torch.arange(0, width, 2) / width)
    turns = torch.polar(torch.ones(len(positions), width // 2), torch.outer(torch.tensor(positions) * 1.0, frequencies))

    def function(x):
        pairs = torch.complex(*x.unflatten(1, (heads, 2, -1)).unbind(2)) * turns[:, None]
        return torch.stack([pairs.real, pairs.imag], 2).flatten(1)

    ints = {"heads": [heads], "theta": [theta], "positions": positions}
    record(case, function, ints=ints, x=torch.randn(len(positions), heads * width))


# one sequence, packed ones and one that goes on, a slow base, heads of a single pair
record_rotary("rotary", 1, 8, 10_000, [0, 1, 2, 3, 4])
record_rotary("rotary, heads", 3, 6, 10_000, [0, 1, 2, 0, 5, 6])
record_rotary("rotary, theta 1e6", 2, 16, 1_000_000, [90, 99])
record_rotary("rotary, pairs", 4, 2, 10_000, [3, 0, 7])

# root mean square norms with a gain, from a seed of their own; the rows are those of the other norms
torch.manual_seed(SEED + 4)
for suffix, x in kinds.items():
    record("rmsNormGain" + suffix, lambda x, gain: F.rms_norm(x, (17,), gain, eps=1e-5), x=x, gain=torch.randn(17))

TARGET.parent.mkdir(parents=True, exist_ok=True)
TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
