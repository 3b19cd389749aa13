"""Records trainings of a small network by PyTorch, in float64, for TorchTrainingTest.

    pip install torch numpy
    python3 microgpt-train/src/test/python/record_torch_adamw.py

Writes src/test/resources/dev/microgpt/train/reference-torch-adamw.json. A network of two linear layers with biases and
ReLU between them is trained for 100 steps with torch.optim.AdamW in nanoGPT's two parameter groups, gradients clipped by
clip_grad_norm_, two micro-batches of unequal size a step, and nanoGPT's learning rate. Numbers are printed in full
precision.
"""

import json
import math
import pathlib
import platform

import torch
from torch.nn import functional as F

SEED = 20260102
COMMAND = "pip install torch numpy && python3 microgpt-train/src/test/python/record_torch_adamw.py"
TARGET = pathlib.Path(__file__).parents[1] / "resources/dev/microgpt/train/reference-torch-adamw.json"

STEPS = 100
INPUTS, HIDDEN, CLASSES = 5, 8, 4
MICRO_BATCHES = (5, 3)  # rows of each; unequal, so that a mean of means would be wrong
BATCHES = 6  # they come again and again
BETAS, EPS, WEIGHT_DECAY, CLIP = (0.9, 0.95), 1e-8, 0.1, 1.0
SCHEDULES = {
    "cosine": {"learning_rate": 0.03, "min_lr": 0.003, "warmup_steps": 10},
    "linear": {"learning_rate": 0.03, "min_lr": 0.0, "warmup_steps": 0},
    "constant": {"learning_rate": 0.01, "min_lr": 0.0, "warmup_steps": 5},
}
RECORDED_AFTER = (1, 10, 100)

torch.set_default_dtype(torch.float64)
torch.manual_seed(SEED)
torch.set_num_threads(1)


def rate_at(kind, step, learning_rate, min_lr, warmup_steps):
    """nanoGPT's get_lr; its line and its constant are ours."""
    if step < warmup_steps:
        return learning_rate * (step + 1) / (warmup_steps + 1)
    ratio = (step - warmup_steps) / (STEPS - warmup_steps)
    if kind == "cosine":
        return min_lr + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (learning_rate - min_lr)
    if kind == "linear":
        return min_lr + (1.0 - ratio) * (learning_rate - min_lr)
    return learning_rate


def train(kind, settings, initial, batches):
    weights = {name: value.clone().requires_grad_() for name, value in initial.items()}
    groups = [
        {"params": [w for w in weights.values() if w.dim() >= 2], "weight_decay": WEIGHT_DECAY},
        {"params": [w for w in weights.values() if w.dim() < 2], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=1.0, betas=BETAS, eps=EPS)
    record = {"settings": settings, "rates": [], "losses": [], "norms": []}
    for step in range(STEPS):
        rate = rate_at(kind, step, **settings)
        for group in optimizer.param_groups:
            group["lr"] = rate
        loss = 0.0
        for x, targets in batches[step % BATCHES]:
            hidden = F.relu(F.linear(x, weights["fc1"], weights["fc1_bias"]))
            logits = F.linear(hidden, weights["fc2"], weights["fc2_bias"])
            part = F.cross_entropy(logits, targets, reduction="sum") / sum(MICRO_BATCHES)
            part.backward()
            loss += part.item()
        norm = torch.nn.utils.clip_grad_norm_(weights.values(), CLIP)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        record["rates"].append(rate)
        record["losses"].append(loss)
        record["norms"].append(norm.item())
        if step + 1 in RECORDED_AFTER:
            record[f"parameters_after_{step + 1}"] = {name: w.tolist() for name, w in weights.items()}
    return record


def micro_batch(rows):
    # inputs so large that about half of the gradients are clipped
    return 2 * torch.randn(rows, INPUTS), torch.randint(CLASSES, (rows,))


initial = {
    "fc1": 0.5 * torch.randn(HIDDEN, INPUTS),
    "fc1_bias": 0.5 * torch.randn(HIDDEN),
    "fc2": 0.5 * torch.randn(CLASSES, HIDDEN),
    "fc2_bias": 0.5 * torch.randn(CLASSES),
}
batches = [[micro_batch(rows) for rows in MICRO_BATCHES] for _ in range(BATCHES)]

recording = {
    "about": "Trainings of a small network by PyTorch in float64: torch.optim.AdamW in nanoGPT's parameter groups,"
    " clip_grad_norm_, two micro-batches a step, nanoGPT's learning rate.",
    "versions": f"torch {torch.__version__}, Python {platform.python_version()}, seed {SEED}",
    "command": COMMAND,
    "steps": STEPS,
    "beta1": BETAS[0],
    "beta2": BETAS[1],
    "adam_eps": EPS,
    "weight_decay": WEIGHT_DECAY,
    "grad_clip": CLIP,
    "initial_parameters": {name: value.tolist() for name, value in initial.items()},
    "inputs": {f"{b}.{part}": x.tolist() for b, step in enumerate(batches) for part, (x, _) in enumerate(step)},
    "targets": {f"{b}.{part}": t.tolist() for b, step in enumerate(batches) for part, (_, t) in enumerate(step)},
}
for kind, settings in SCHEDULES.items():
    recording[kind] = train(kind, settings, initial, batches)

TARGET.write_text(json.dumps(recording) + "\n", encoding="utf-8")
