"""Records what PyTorch computes, in float64, for the parts of modern transformer blocks: single passes for
TorchVariantsTest, and trainings of 100 steps for TorchRunTest.

    pip install torch numpy
    python3 microgpt-train/src/test/python/record_torch_modern.py

Writes three files to src/test/resources/dev/microgpt/train: reference-torch-modern.json, reference-torch-modern-runs.json
and, in about three minutes, reference-torch-preset-runs.json.
"""

from itertools import combinations

from torch_gpt import CounterRandom, Settings, Training, single_pass, train, write

ABOUT = "; torch_gpt.py says how the weights follow from seed and scale, and what is given of a large tensor."
LLAMA = {
    "norm": "rmsnorm-gain",
    "norm_eps": 1e-5,
    "positions": "rope",
    "mlp": "swiglu",
    "tie_head": True,
    "embedding_norm": False,
    "final_norm": True,
    "initialization": "scaled",
}
NANOCHAT = {
    "norm": "rmsnorm",
    "norm_eps": 1e-6,
    "positions": "rope",
    "qk_norm": "rmsnorm",
    "activation": "relu2",
    "softcap": 15.0,
    "final_norm": True,
    "initialization": "zero-out",
}
ROPE = {"positions": "rope"}

cases = {}


def record(name, lengths=(8, 5, 2), scale=1.0, first_sequence=0, **chosen):
    """Records one model; its sizes are odd where nothing else is said."""
    model = Settings(**{"vocab_size": 11, "n_embd": 12, "block_size": 7, "n_inner": 13, **chosen})
    recorded = single_pass(model, 2000 + len(cases), scale, lengths, first_sequence, few=True)
    cases[name] = {"settings": model.texts(), **recorded}


# heads of queries that share keys and values; widths of heads that have nothing to do with the channels
record("1 key head", n_kv_head=1)
record("2 key heads", n_kv_head=2, n_layer=2)
record("3 of 6 key heads, biases", n_head=6, n_kv_head=3, bias=True)
record("heads wider than the channels", n_head=3, head_dim=5, n_embd=10)
record("heads narrower than the channels", n_head=4, n_kv_head=2, head_dim=1, n_embd=11)
record("heads of layers scaled", n_layer=3, n_kv_head=2, attention_scale="head-and-layer")

# positions
record("no positions", positions="none")
for theta in 1.0, 10000.0, 1e7:
    record(f"rope, theta {theta:.0f}", **ROPE, rope_theta=theta, head_dim=6, n_embd=10, n_layer=2)
record("rope, grouped, biases", **ROPE, n_kv_head=2, head_dim=2, n_embd=9, bias=True)
record("rope, biases of queries, keys and values", **ROPE, qkv_bias=True, head_dim=4)
record("rope, 139 positions", [140, 7], **ROPE, n_head=2, head_dim=4, n_embd=5, block_size=139)

# windows, also around the 64 queries that attention works through at a time and beyond 256 positions
for window in 1, 2, 5, 7, 100:
    record(f"window {window}", window=window, n_kv_head=2)
for window in 63, 64, 65:
    record(f"140 positions, window {window}", [141, 70], window=window, n_head=2, head_dim=3, n_embd=5, block_size=140)
long = {"lengths": [301, 72, 2], "n_kv_head": 2, "head_dim": 2, "n_embd": 5, "block_size": 300}
record("300 positions, grouped", **long, **ROPE)
record("300 positions, grouped, window 70", **long, window=70)
record("300 positions, grouped, window 3", **long, **ROPE, window=3)
record("300 positions, grouped, window 257", **long, **ROPE, window=257, qk_norm="rmsnorm")

# norms of queries and keys, also of some that are so small that the constant counts
for norm in "rmsnorm", "rmsnorm-gain", "layernorm", "layernorm-bias":
    record(f"{norm} of queries and keys", qk_norm=norm, n_kv_head=2, head_dim=5, norm_eps=1e-3)
    record(f"{norm} of queries and keys, rope", **ROPE, qk_norm=norm, n_kv_head=1, head_dim=4, n_layer=2, qkv_bias=True)
record("tiny queries and keys", **ROPE, qk_norm="rmsnorm-gain", head_dim=4, scale=0.01)

# activations, gated MLPs, norms, heads
for activation in "relu2", "silu":
    record(activation, activation=activation)
    record(activation + ", biases", activation=activation, bias=True, n_inner=48)
for mlp in "swiglu", "geglu":
    record(mlp, mlp=mlp)
    record(mlp + ", biases", mlp=mlp, bias=True, n_inner=48, n_layer=2)
record("no norm", norm="none", final_norm=True, scale=0.7)
record("no norm, biases", norm="none", bias=True, scale=0.7)
for softcap in 1.0, 15.0:
    record(f"soft cap {softcap:.0f}", softcap=softcap)
    record(f"soft cap {softcap:.0f}, tied, large", softcap=softcap, tie_head=True, scale=4.0)
record("zeros, untied", initialization="zero-out", softcap=15.0)
record("zeros, tied, gated", initialization="zero-out", tie_head=True, mlp="swiglu", bias=True)

# dropout, of which query heads have masks of their own; packed, and beyond 256 positions
record("dropout, grouped", dropout=0.2, n_kv_head=2)
record("dropout, grouped, window", dropout=0.35, n_kv_head=1, head_dim=4, window=3, **ROPE, first_sequence=5)
record("dropout, gated", dropout=0.2, mlp="geglu", n_layer=2)
record("dropout, 300 positions, grouped, window 70", **long, dropout=0.2, window=70, first_sequence=3)

# the models that have a name, small
SMALL = {"lengths": [9, 4, 2], "n_layer": 2, "n_embd": 16, "block_size": 8}
record("llama", **SMALL, **LLAMA, n_kv_head=2, n_inner=48)
record("nanochat", **SMALL, **NANOCHAT, n_inner=64)
record("nanochat, trained", **SMALL, **{**NANOCHAT, "initialization": "scaled"}, n_inner=64)

# models in which every two choices meet
CHOICES = [
    [{"norm": norm} for norm in ("rmsnorm", "rmsnorm-gain", "layernorm", "layernorm-bias", "none")],
    [{"activation": function} for function in ("relu", "gelu", "gelu-tanh", "relu2", "silu")]
    + [{"mlp": mlp} for mlp in ("swiglu", "geglu")],
    [{"qk_norm": norm} for norm in ("none", "rmsnorm", "rmsnorm-gain", "layernorm", "layernorm-bias")],
    [{"positions": positions} for positions in ("learned", "none", "rope")],
    [{"n_kv_head": 1}, {"n_kv_head": 2}, {"n_kv_head": 4}],
    [{"head_dim": 4}, {"head_dim": 6}],
    [{"window": 0}, {"window": 3}],
    [{"softcap": 0.0}, {"softcap": 2.0}],
    [{"dropout": 0.0}, {"dropout": 0.2}],
    *[[{name: False}, {name: True}] for name in ("bias", "qkv_bias", "tie_head", "embedding_norm", "final_norm")],
]
random = CounterRandom(1)
drawn = 0
missing = {
    pair
    for one, other in combinations(range(len(CHOICES)), 2)
    for pair in ((one, i, other, j) for i in range(len(CHOICES[one])) for j in range(len(CHOICES[other])))
}
while missing:
    draws = [[random.child(d).below(len(c), i) for i, c in enumerate(CHOICES)] for d in range(drawn, drawn + 500)]
    drawn += len(draws)
    pairs = [{(a, draw[a], b, draw[b]) for a, b in combinations(range(len(draw)), 2)} for draw in draws]
    best = max(range(len(draws)), key=lambda d: len(pairs[d] & missing))
    missing -= pairs[best]
    mixed = {}
    for choice, level in zip(CHOICES, draws[best]):
        mixed |= choice[level]
    record(f"mixed {len(cases)}", n_embd=16, **mixed)

write(
    "reference-torch-modern.json",
    "record_torch_modern.py",
    "Parts of modern transformer blocks in float64 as PyTorch computes them" + ABOUT,
    4,
    {"cases": cases},
)


def write_runs(name, training, seed, scale, length, runs):
    """Trains models on the same crops of the same text."""
    recorded = {}
    for run, model in runs.items():
        shared = train(model, training, seed, scale, length, few=True)
        own = {key: shared.pop(key) for key in ("losses", "gradient_norms", "parameters")}
        recorded[run] = {"settings": model.texts(), **own}
        print(run, own["losses"][0], own["losses"][-1])
    write(name, "record_torch_modern.py", "Trainings in float64 by PyTorch" + ABOUT, 4, {**shared, "runs": recorded})


def small(**chosen):
    nano = {"norm": "layernorm", "activation": "gelu", "tie_head": True, "embedding_norm": False, "final_norm": True}
    return Settings(**{"vocab_size": 13, "n_layer": 2, "n_head": 4, "n_embd": 16, "block_size": 8, **nano, **chosen})


# biases with rotary positions alone: without, that of the keys has gradients of rounding, which Adam makes larger
write_runs(
    "reference-torch-modern-runs.json",
    Training(grad_clip=2.0),
    7,
    0.4,
    200,
    {
        "grouped": small(n_kv_head=2),
        "one key head": small(n_kv_head=1, head_dim=3),
        "window": small(window=3),
        "rope": small(**ROPE),
        "rope, biases": small(**ROPE, bias=True),
        "no positions": small(positions="none"),
        "rmsnorm of queries and keys": small(**ROPE, qk_norm="rmsnorm"),
        "gains of queries and keys": small(qk_norm="rmsnorm-gain"),
        "layernorm-bias of queries and keys": small(**ROPE, qk_norm="layernorm-bias"),
        "swiglu": small(mlp="swiglu", n_inner=43),
        "geglu, biases": small(**ROPE, mlp="geglu", bias=True),
        "relu2": small(activation="relu2"),
        "silu": small(activation="silu"),
        "no norm": small(norm="none"),
        "soft cap": small(softcap=1.0),
        "zeros": small(initialization="zero-out", tie_head=False),
        "dropout, grouped, window": small(dropout=0.2, n_kv_head=2, window=3, **ROPE),
        "llama": small(**{**LLAMA, "activation": "relu"}, n_kv_head=2, n_inner=48),
        "nanochat": small(**{**NANOCHAT, "tie_head": False, "embedding_norm": True}),
    },
)

sizes = {"vocab_size": 65, "n_layer": 4, "n_head": 4, "n_embd": 128, "block_size": 64}
write_runs(
    "reference-torch-preset-runs.json",
    Training(batch_size=12),
    7,
    0.15,
    2000,
    {
        "llama": Settings(**sizes, n_kv_head=2, n_inner=384, **LLAMA),
        "nanochat": Settings(**sizes, **NANOCHAT),
    },
)
