"""GPT in PyTorch, float64, written plainly, sequence by sequence: what the recordings beside it are made with.

Nothing is drawn by PyTorch. Weights, dropout and data come from CounterRandom, which the Java tests have too, so that
a recording need not hold them.
"""

import json
import math
import pathlib
import platform
from dataclasses import dataclass, fields

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

RESOURCES = pathlib.Path(__file__).parents[1] / "resources/dev/microgpt/train"
MASK = 2**64 - 1
DROPOUT = int.from_bytes(b"drop")  # the child of a seed that dev.microgpt.train.Trainer takes for dropout


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
class Settings:
    """The settings of GptConfig by their names in files, with their defaults."""

    vocab_size: int
    n_layer: int = 1
    n_head: int = 4
    n_kv_head: int = 0  # n_head
    n_embd: int = 16
    head_dim: int = 0  # n_embd / n_head
    block_size: int = 16
    n_inner: int = 0  # 4 n_embd
    norm: str = "rmsnorm"
    norm_eps: float = 1e-5
    activation: str = "relu"
    bias: bool = False
    qkv_bias: bool = False
    tie_head: bool = False
    embedding_norm: bool = True
    final_norm: bool = False
    dropout: float = 0.0
    initialization: str = "microgpt"
    attention_scale: str = "head"
    window: int = 0  # all
    qk_norm: str = "none"
    mlp: str = "plain"
    positions: str = "learned"
    rope_theta: float = 10000.0
    softcap: float = 0.0  # none

    def texts(self):
        """Those that differ from their defaults, in an order in which they can be set."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self)}
        defaults = {field.name: field.default for field in fields(self)}
        return {name: str(value).lower() for name, value in chosen.items() if value != defaults[name]}

    @property
    def kv_heads(self):
        return self.n_kv_head or self.n_head

    @property
    def head_width(self):
        return self.head_dim or self.n_embd // self.n_head

    @property
    def inner(self):
        return self.n_inner or 4 * self.n_embd


@dataclass
class Config:
    """The sizes, as some recordings spell them."""

    vocab: int
    layers: int
    heads: int
    channels: int
    block: int


@dataclass
class Variant:
    """The parts, as some recordings spell them."""

    norm: str
    activation: str
    bias: bool
    tie_head: bool
    embedding_norm: bool
    final_norm: bool
    dropout: float = 0.0


NORMS = {"RMS": "rmsnorm", "RMS_GAIN": "rmsnorm-gain", "LAYER": "layernorm", "LAYER_BIAS": "layernorm-bias"}
ACTIVATIONS = {"RELU": "relu", "GELU": "gelu", "GELU_TANH": "gelu-tanh"}


def settings(config, variant):
    parts = {**vars(variant), "norm": NORMS[variant.norm], "activation": ACTIVATIONS[variant.activation]}
    return Settings(config.vocab, config.layers, config.heads, 0, config.channels, 0, config.block, **parts)


def shapes(model):
    """Shapes of the parameters by name."""
    c = model.n_embd
    queries, keys = model.n_head * model.head_width, model.kv_heads * model.head_width
    shapes = {}

    def norm(name, kind=model.norm, width=c):
        if kind in ("rmsnorm-gain", "layernorm", "layernorm-bias"):
            shapes[name + ".gain"] = (width,)
        if kind == "layernorm-bias":
            shapes[name + ".bias"] = (width,)

    def linear(weight, bias, outputs, inputs, biased=model.bias):
        shapes[weight] = (outputs, inputs)
        if biased:
            shapes[bias] = (outputs,)

    shapes["wte"] = (model.vocab_size, c)
    if model.positions == "learned":
        shapes["wpe"] = (model.block_size, c)
    if not model.tie_head:
        shapes["lm_head"] = (model.vocab_size, c)
    if model.embedding_norm:
        norm("embd_norm")
    for i in range(model.n_layer):
        layer = f"layer{i}."
        norm(layer + "attn_norm")
        for letter, outputs in ("q", queries), ("k", keys), ("v", keys):
            linear(layer + "attn_w" + letter, layer + "attn_b" + letter, outputs, c, model.bias or model.qkv_bias)
        linear(layer + "attn_wo", layer + "attn_bo", c, queries)
        norm(layer + "attn_q_norm", model.qk_norm, model.head_width)
        norm(layer + "attn_k_norm", model.qk_norm, model.head_width)
        norm(layer + "mlp_norm")
        if model.mlp == "plain":
            linear(layer + "mlp_fc1", layer + "mlp_b1", model.inner, c)
            linear(layer + "mlp_fc2", layer + "mlp_b2", c, model.inner)
        else:
            linear(layer + "mlp_gate", layer + "mlp_bgate", model.inner, c)
            linear(layer + "mlp_up", layer + "mlp_bup", model.inner, c)
            linear(layer + "mlp_down", layer + "mlp_bdown", c, model.inner)
    if model.final_norm:
        norm("final_norm")
    return shapes


def stream(seed, name):
    """The random numbers of one tensor: child after child, one for each character of its name."""
    random = CounterRandom(seed)
    for character in name:
        random = random.child(ord(character))
    return random


def weights(model, seed, scale):
    """Element i is scale · (u − 0.5), of a gain 1 + scale · (u − 0.5), where u is number i of the parameter's stream.
    What the initialization zero-out has begin as zeros does so here."""
    parameters = {}
    for name, shape in shapes(model).items():
        random = stream(seed, name)
        middle = 1.0 if name.endswith(".gain") else 0.0
        numbers = [middle + scale * (random.uniform(i) - 0.5) for i in range(math.prod(shape))]
        if model.initialization == "zero-out" and name.endswith(("attn_wo", "mlp_fc2", "mlp_down", "lm_head")):
            numbers = [0.0] * len(numbers)
        parameters[name] = torch.tensor(numbers).reshape(shape).requires_grad_()
    return parameters


class Gpt:
    def __init__(self, model, parameters):
        self.model = model
        self.p = parameters

    def logits(self, ids, random=None):
        """One sequence's scores, shape (T, V). Its stream of random numbers switches dropout on."""
        p, model = self.p, self.model
        assert len(ids) <= model.block_size, len(ids)
        x = p["wte"][torch.tensor(ids)]
        if model.positions == "learned":
            x = x + p["wpe"][: len(ids)]
        x = self._drop_rows(x, random, 0)
        if model.embedding_norm:
            x = self._norm(x, "embd_norm", model.norm)
        for i in range(model.n_layer):
            layer = f"layer{i}."
            y = self._attention(self._norm(x, layer + "attn_norm", model.norm), i, random, 1 + 3 * i)
            x = x + self._drop_rows(y, random, 2 + 3 * i)
            y = self._mlp(self._norm(x, layer + "mlp_norm", model.norm), layer)
            x = x + self._drop_rows(y, random, 3 + 3 * i)
        if model.final_norm:
            x = self._norm(x, "final_norm", model.norm)
        logits = x @ p["wte" if model.tie_head else "lm_head"].T
        return model.softcap * torch.tanh(logits / model.softcap) if model.softcap > 0 else logits

    def _linear(self, x, weight, bias):
        return F.linear(x, self.p[weight], self.p.get(bias))

    def _norm(self, x, name, kind):
        dims, eps = x.shape[-1:], self.model.norm_eps
        match kind:
            case "none":
                return x
            case "rmsnorm":
                return F.rms_norm(x, dims, eps=eps)
            case "rmsnorm-gain":
                return F.rms_norm(x, dims, self.p[name + ".gain"], eps=eps)
            case "layernorm":
                return F.layer_norm(x, dims, self.p[name + ".gain"], eps=eps)
            case "layernorm-bias":
                return F.layer_norm(x, dims, self.p[name + ".gain"], self.p[name + ".bias"], eps=eps)
        raise ValueError(kind)

    def _activation(self, x):
        match self.model.activation:
            case "relu":
                return F.relu(x)
            case "gelu":
                return F.gelu(x)
            case "gelu-tanh":
                return F.gelu(x, approximate="tanh")
            case "relu2":
                return F.relu(x).square()
            case "silu":
                return F.silu(x)
        raise ValueError(self.model.activation)

    def _mlp(self, x, layer):
        match self.model.mlp:
            case "plain":
                h = self._activation(self._linear(x, layer + "mlp_fc1", layer + "mlp_b1"))
                return self._linear(h, layer + "mlp_fc2", layer + "mlp_b2")
            case "swiglu":
                function = F.silu
            case "geglu":
                function = F.gelu
            case _:
                raise ValueError(self.model.mlp)
        gate = function(self._linear(x, layer + "mlp_gate", layer + "mlp_bgate"))
        h = gate * self._linear(x, layer + "mlp_up", layer + "mlp_bup")
        return self._linear(h, layer + "mlp_down", layer + "mlp_bdown")

    def _attention(self, x, index, random, site):
        model, layer, t = self.model, f"layer{index}.", len(x)
        heads, width = model.n_head, model.head_width

        def split(letter):
            y = self._linear(x, layer + "attn_w" + letter, layer + "attn_b" + letter)
            return y.unflatten(1, (-1, width)).transpose(0, 1)

        q, k, v = split("q"), split("k"), split("v")
        q = self._norm(q, layer + "attn_q_norm", model.qk_norm)
        k = self._norm(k, layer + "attn_k_norm", model.qk_norm)
        if model.positions == "rope":
            q, k = self._rotate(q), self._rotate(k)
        k, v = (y.repeat_interleave(heads // model.kv_heads, dim=0) for y in (k, v))
        scores = q @ k.transpose(1, 2) / self._divisor(index)
        hidden = torch.ones(t, t, dtype=torch.bool).triu(diagonal=1)
        if model.window > 0:
            hidden |= torch.ones(t, t, dtype=torch.bool).tril(diagonal=-model.window)
        probabilities = F.softmax(scores.masked_fill(hidden, -math.inf), dim=2)
        if self._drops(random):
            indices = [(h << 48) | (i << 24) | j for h in range(heads) for i in range(t) for j in range(t)]
            probabilities = probabilities * self._mask(random, site, indices).reshape(heads, t, t)
        y = (probabilities @ v).transpose(0, 1).flatten(1)
        return self._linear(y, layer + "attn_wo", layer + "attn_bo")

    def _divisor(self, index):
        width = math.sqrt(self.model.head_width)
        divisors = {"head": width, "layer": index + 1, "head-and-layer": width * (index + 1), "none": 1}
        return divisors[self.model.attention_scale]

    def _rotate(self, x):
        """Rotates channels i and i + d/2 of each row t of each head by t · theta^(−2i/d), as a complex number."""
        _, t, width = x.shape
        assert width % 2 == 0, width
        half = width // 2
        speeds = [math.pow(self.model.rope_theta, -2.0 * i / width) for i in range(half)]
        angles = torch.tensor([[row * speed for speed in speeds] for row in range(t)])
        y = torch.complex(x[..., :half], x[..., half:]) * torch.polar(torch.ones_like(angles), angles)
        return torch.cat([y.real, y.imag], dim=2)

    def _drop_rows(self, x, random, site):
        if not self._drops(random):
            return x
        return x * self._mask(random, site, range(x.numel())).reshape(x.shape)

    def _drops(self, random):
        return random is not None and self.model.dropout > 0

    def _mask(self, random, site, indices):
        """0 where an element is dropped, 1 / (1 − rate) where it stays."""
        rate = self.model.dropout
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


def figures(numbers, seed, name, whole=64, some=10):
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
    at = sorted({chooser.below(n, i) for i in range(some)})
    return {
        "shape": shape,
        "largest": max(abs(x) for x in numbers),
        "sum": math.fsum(numbers),
        "squares": math.fsum(x * x for x in numbers),
        "weighted": math.fsum((factors.uniform(i) - 0.5) * numbers[i] for i in range(n)),
        "at": at,
        "elements": [numbers[i] for i in at],
    }


def single_pass(model, seed, scale, lengths, first_sequence, few=False):
    """Loss, scores and all gradients on sequences of so many tokens, of which the last is a target only."""
    random = CounterRandom(seed)
    data, dropout = random.child(1), random.child(2)
    sequences = [[data.child(s).below(model.vocab_size, i) for i in range(n)] for s, n in enumerate(lengths)]
    step = dropout if model.dropout > 0 else None
    parameters = weights(model, seed, scale)
    loss, logits = loss_and_logits(Gpt(model, parameters), sequences, step, first_sequence)
    loss.backward()
    size = {"whole": 8, "some": 4} if few else {}
    return {
        "seed": seed,
        "scale": scale,
        "sequences": sequences,
        "first_sequence": first_sequence,
        "dropout_key": dropout.signed_key(),
        "loss": loss.item(),
        "logits": figures(logits, seed, "logits", **(size or {"whole": 256})),
        "gradients": {name: figures(p.grad, seed, name, **size) for name, p in parameters.items()},
    }


@dataclass
class Training:
    """The settings of nanoGPT's training; rate, groups and clipping are those of its train.py."""

    steps: int = 100
    batch_size: int = 3
    learning_rate: float = 1e-3
    min_lr: float = 1e-4
    warmup: int = 10
    beta1: float = 0.9
    beta2: float = 0.99
    eps: float = 1e-8
    weight_decay: float = 0.1
    grad_clip: float = 1.0

    def rate(self, step):
        """nanoGPT's get_lr: warm-up, then half a cosine."""
        if step < self.warmup:
            return self.learning_rate * (step + 1) / (self.warmup + 1)
        ratio = (step - self.warmup) / (self.steps - self.warmup)
        return self.min_lr + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (self.learning_rate - self.min_lr)


def text(random, vocab, length):
    """Tokens of which most follow from the one before."""
    tokens = [0]
    for i in range(1, length):
        surprise = random.below(5, 2 * i) == 0
        tokens.append(random.below(vocab, 2 * i + 1) if surprise else (3 * tokens[-1] + 5) % vocab)
    return tokens


def train(model, training, seed, scale, length, few=False):
    """A training with torch.optim.AdamW on crops of a text: all of it, losses, gradient norms, rates, final weights."""
    random = CounterRandom(seed)
    dropout = random.child(DROPOUT)
    tokens = text(random.child(1), model.vocab_size, length)
    places = len(tokens) - model.block_size
    steps, batch = range(training.steps), range(training.batch_size)
    starts = [[random.child(2).child(i).below(places, s) for s in batch] for i in steps]

    parameters = weights(model, seed, scale)
    gpt = Gpt(model, parameters)
    matrices = [p for p in parameters.values() if p.dim() >= 2]
    gains = [p for p in parameters.values() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": training.weight_decay}, {"params": gains, "weight_decay": 0.0}]
    betas = training.beta1, training.beta2
    rate = training.learning_rate
    adam = torch.optim.AdamW(groups, lr=rate, betas=betas, eps=training.eps, foreach=False, fused=False)

    losses, norms = [], []
    for step in steps:
        for group in adam.param_groups:
            group["lr"] = training.rate(step)
        crops = [tokens[start : start + model.block_size + 1] for start in starts[step]]
        loss, _ = loss_and_logits(gpt, crops, dropout.child(step))
        adam.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), training.grad_clip, foreach=False)
        adam.step()
        losses.append(loss.item())
        norms.append(norm.item())
    size = {"whole": 8, "some": 4} if few else {}
    return {
        "training": vars(training),
        "seed": seed,
        "scale": scale,
        "tokens": tokens,
        "starts": starts,
        "losses": losses,
        "gradient_norms": norms,
        "rates": [training.rate(step) for step in steps],
        "parameters": {name: figures(p, seed, name, **size) for name, p in parameters.items()},
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
