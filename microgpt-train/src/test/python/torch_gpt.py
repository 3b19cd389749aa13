"""GPT in PyTorch, float64, written plainly, sequence by sequence: what the recordings beside it are made with.

Nothing is drawn by PyTorch. Weights, dropout and data come from CounterRandom, which the Java tests have too, so that
a recording need not hold them.
"""

import json
import math
import pathlib
import platform
from dataclasses import dataclass

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

RESOURCES = pathlib.Path(__file__).parents[1] / "resources/dev/microgpt/train"
EPS = 1e-5
MASK = 2**64 - 1


class CounterRandom:
    """SplitMix64 by counter, as dev.microgpt.autograd.CounterRandom; the key is an unsigned number of 64 bits."""

    STEP = 0x9E3779B97F4A7C15
    CHILDREN = 0x5851F42D4C957F2D

    def __init__(self, key):
        self.key = key & MASK

    def child(self, index):
        return CounterRandom(self._mix(self._mix(self.key ^ self.CHILDREN) + self.STEP * (index + 1)))

    def bits(self, counter):
        return self._mix(self.key + self.STEP * (counter + 1))

    def uniform(self, counter):
        return (self.bits(counter) >> 11) * 2.0**-53

    def below(self, bound, counter):
        return int(self.uniform(counter) * bound)

    def signed_key(self):
        """The key as Java's long."""
        return self.key - 2**64 if self.key >= 2**63 else self.key

    @staticmethod
    def _mix(z):
        z &= MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)


@dataclass
class Config:
    vocab: int
    layers: int
    heads: int
    channels: int
    block: int


@dataclass
class Variant:
    norm: str
    activation: str
    bias: bool
    tie_head: bool
    embedding_norm: bool
    final_norm: bool
    dropout: float = 0.0


def shapes(config, variant):
    """Shapes of the parameters by name."""
    c = config.channels
    shapes = {}

    def norm(name):
        if variant.norm != "RMS":
            shapes[name + ".gain"] = (c,)
        if variant.norm == "LAYER_BIAS":
            shapes[name + ".bias"] = (c,)

    def linear(weight, bias, outputs, inputs):
        shapes[weight] = (outputs, inputs)
        if variant.bias:
            shapes[bias] = (outputs,)

    shapes["wte"] = (config.vocab, c)
    shapes["wpe"] = (config.block, c)
    if not variant.tie_head:
        shapes["lm_head"] = (config.vocab, c)
    if variant.embedding_norm:
        norm("embd_norm")
    for i in range(config.layers):
        layer = f"layer{i}."
        norm(layer + "attn_norm")
        for letter in "qkvo":
            linear(layer + "attn_w" + letter, layer + "attn_b" + letter, c, c)
        norm(layer + "mlp_norm")
        linear(layer + "mlp_fc1", layer + "mlp_b1", 4 * c, c)
        linear(layer + "mlp_fc2", layer + "mlp_b2", c, 4 * c)
    if variant.final_norm:
        norm("final_norm")
    return shapes


def stream(seed, name):
    """The random numbers of one tensor: child after child, one for each character of its name."""
    random = CounterRandom(seed)
    for character in name:
        random = random.child(ord(character))
    return random


def weights(config, variant, seed, scale):
    """Element i is scale · (u − 0.5), of a gain 1 + scale · (u − 0.5), where u is number i of the parameter's stream."""
    parameters = {}
    for name, shape in shapes(config, variant).items():
        random = stream(seed, name)
        middle = 1.0 if name.endswith(".gain") else 0.0
        numbers = [middle + scale * (random.uniform(i) - 0.5) for i in range(math.prod(shape))]
        parameters[name] = torch.tensor(numbers).reshape(shape).requires_grad_()
    return parameters


class Gpt:
    def __init__(self, config, variant, parameters):
        self.config = config
        self.variant = variant
        self.p = parameters

    def logits(self, ids, random=None):
        """One sequence's scores, shape (T, V). Its stream of random numbers switches dropout on."""
        p, variant = self.p, self.variant
        x = p["wte"][torch.tensor(ids)] + p["wpe"][: len(ids)]
        x = self._drop_rows(x, random, 0)
        if variant.embedding_norm:
            x = self._norm(x, "embd_norm")
        for i in range(self.config.layers):
            layer = f"layer{i}."
            y = self._attention(self._norm(x, layer + "attn_norm"), layer, random, 1 + 3 * i)
            x = x + self._drop_rows(y, random, 2 + 3 * i)
            h = self._linear(self._norm(x, layer + "mlp_norm"), layer + "mlp_fc1", layer + "mlp_b1")
            y = self._linear(self._activation(h), layer + "mlp_fc2", layer + "mlp_b2")
            x = x + self._drop_rows(y, random, 3 + 3 * i)
        if variant.final_norm:
            x = self._norm(x, "final_norm")
        return x @ p["wte" if variant.tie_head else "lm_head"].T

    def _linear(self, x, weight, bias):
        return F.linear(x, self.p[weight], self.p[bias] if self.variant.bias else None)

    def _norm(self, x, name):
        dims = (self.config.channels,)
        match self.variant.norm:
            case "RMS":
                return F.rms_norm(x, dims, eps=EPS)
            case "RMS_GAIN":
                return F.rms_norm(x, dims, self.p[name + ".gain"], eps=EPS)
            case "LAYER":
                return F.layer_norm(x, dims, self.p[name + ".gain"], eps=EPS)
            case "LAYER_BIAS":
                return F.layer_norm(x, dims, self.p[name + ".gain"], self.p[name + ".bias"], eps=EPS)
        raise ValueError(self.variant.norm)

    def _activation(self, x):
        match self.variant.activation:
            case "RELU":
                return F.relu(x)
            case "GELU":
                return F.gelu(x)
            case "GELU_TANH":
                return F.gelu(x, approximate="tanh")
        raise ValueError(self.variant.activation)

    def _attention(self, x, layer, random, site):
        heads, t = self.config.heads, len(x)

        def split(letter):
            y = self._linear(x, layer + "attn_w" + letter, layer + "attn_b" + letter)
            return y.unflatten(1, (heads, -1)).transpose(0, 1)

        q, k, v = split("q"), split("k"), split("v")
        scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[2])
        future = torch.ones(t, t, dtype=torch.bool).triu(diagonal=1)
        probabilities = F.softmax(scores.masked_fill(future, -math.inf), dim=2)
        if self._drops(random):
            indices = [(h << 48) | (i << 24) | j for h in range(heads) for i in range(t) for j in range(t)]
            probabilities = probabilities * self._mask(random, site, indices).reshape(heads, t, t)
        y = (probabilities @ v).transpose(0, 1).flatten(1)
        return self._linear(y, layer + "attn_wo", layer + "attn_bo")

    def _drop_rows(self, x, random, site):
        if not self._drops(random):
            return x
        return x * self._mask(random, site, range(x.numel())).reshape(x.shape)

    def _drops(self, random):
        return random is not None and self.variant.dropout > 0

    def _mask(self, random, site, indices):
        """0 where an element is dropped, 1 / (1 − rate) where it stays."""
        rate = self.variant.dropout
        stream = random.child(site)
        return torch.tensor([0.0 if stream.uniform(i) < rate else 1 / (1 - rate) for i in indices])


def loss_and_logits(gpt, sequences, step=None, first_sequence=0):
    """The mean loss of all targets, and the scores of all sequences, one below the other."""
    logits = []
    for s, tokens in enumerate(sequences):
        random = None if step is None else step.child(first_sequence + s)
        logits.append(gpt.logits(tokens[:-1], random))
    targets = torch.tensor([token for tokens in sequences for token in tokens[1:]])
    logits = torch.cat(logits)
    return F.cross_entropy(logits, targets), logits


def figures(numbers, seed, name, whole=64):
    """What is written of a tensor: of a small one all elements, of a larger one the largest magnitude, the sum, the sum
    of squares, a sum where element i counts u − 0.5 times, so that no two can swap unnoticed, and some elements. The
    numbers u are those of a child of the stream of that name. Sums are exact and rounded once."""
    shape = list(numbers.shape)
    numbers = numbers.detach().flatten().tolist()
    n = len(numbers)
    if n <= whole:
        return {"shape": shape, "elements": numbers}
    random = stream(seed, name)
    factors, chooser = random.child(0), random.child(1)
    at = sorted({chooser.below(n, i) for i in range(10)})
    return {
        "shape": shape,
        "largest": max(abs(x) for x in numbers),
        "sum": math.fsum(numbers),
        "squares": math.fsum(x * x for x in numbers),
        "weighted": math.fsum((factors.uniform(i) - 0.5) * numbers[i] for i in range(n)),
        "at": at,
        "elements": [numbers[i] for i in at],
    }


def write(name, script, about, depth, recording):
    """Writes a JSON object with its origin first, and a line for each entry of its objects down to a depth."""
    origin = {
        "about": about,
        "versions": f"torch {torch.__version__}, Python {platform.python_version()}",
        "command": f"pip install torch numpy && python3 microgpt-train/src/test/python/{script}",
    }

    def lines(value, depth):
        if depth == 0 or not isinstance(value, dict) or not value:
            return json.dumps(value)
        return "{\n" + ",\n".join(f"{json.dumps(k)}: {lines(v, depth - 1)}" for k, v in value.items()) + "\n}"

    (RESOURCES / name).write_text(lines({**origin, **recording}, depth) + "\n", encoding="utf-8")
