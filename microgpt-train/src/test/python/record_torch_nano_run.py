"""Records 100 steps of nanoGPT's training of its own variant of GPT, with PyTorch in float64, for TorchNanoRunTest.

    pip install torch numpy
    python3 microgpt-train/src/test/python/record_torch_nano_run.py

Writes src/test/resources/dev/microgpt/train/reference-torch-nano-run.json: the data, all losses, gradient norms and
rates, and the final weights. Rate, groups and clipping are those of nanoGPT's train.py; the optimizer is
torch.optim.AdamW.
"""

import math

import torch
from torch_gpt import Config, CounterRandom, Gpt, Variant, figures, loss_and_logits, settings, weights, write

CONFIG = Config(vocab=13, layers=2, heads=2, channels=16, block=8)
VARIANT = Variant("LAYER", "GELU", bias=False, tie_head=True, embedding_norm=False, final_norm=True)
SEED = 7
SCALE = 0.4
STEPS = 100
BATCH = 3
LEARNING_RATE = 1e-3
MIN_LR = 1e-4
WARMUP = 10
BETAS = (0.9, 0.99)
EPS = 1e-8
WEIGHT_DECAY = 0.1
GRAD_CLIP = 2.0  # not nanoGPT's 1.0, which would clip every step: here 43 are clipped, and the others not


def text(random, length):
    """Tokens of which most follow from the one before."""
    tokens = [0]
    for i in range(1, length):
        surprise = random.below(5, 2 * i) == 0
        tokens.append(random.below(CONFIG.vocab, 2 * i + 1) if surprise else (3 * tokens[-1] + 5) % CONFIG.vocab)
    return tokens


def rate(step):
    """nanoGPT's get_lr: warm-up, then half a cosine."""
    if step < WARMUP:
        return LEARNING_RATE * (step + 1) / (WARMUP + 1)
    ratio = (step - WARMUP) / (STEPS - WARMUP)
    return MIN_LR + 0.5 * (1.0 + math.cos(math.pi * ratio)) * (LEARNING_RATE - MIN_LR)


random = CounterRandom(SEED)
tokens = text(random.child(1), 200)
starts = [[random.child(2).child(i).below(len(tokens) - CONFIG.block, s) for s in range(BATCH)] for i in range(STEPS)]

model = settings(CONFIG, VARIANT)
parameters = weights(model, SEED, SCALE)
gpt = Gpt(model, parameters)
matrices = [p for p in parameters.values() if p.dim() >= 2]
gains = [p for p in parameters.values() if p.dim() < 2]
groups = [{"params": matrices, "weight_decay": WEIGHT_DECAY}, {"params": gains, "weight_decay": 0.0}]
adam = torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=BETAS, eps=EPS, foreach=False, fused=False)

losses, norms, rates = [], [], []
for step in range(STEPS):
    for group in adam.param_groups:
        group["lr"] = rate(step)
    crops = [tokens[start : start + CONFIG.block + 1] for start in starts[step]]
    loss, _ = loss_and_logits(gpt, crops)
    adam.zero_grad()
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(parameters.values(), GRAD_CLIP, foreach=False)
    adam.step()
    losses.append(loss.item())
    norms.append(norm.item())
    rates.append(rate(step))

write(
    "reference-torch-nano-run.json",
    "record_torch_nano_run.py",
    "100 steps of nanoGPT's training in float64 by PyTorch; torch_gpt.py says how the first weights follow from seed"
    " and scale, and what is given of a large tensor.",
    2,
    {
        "config": vars(CONFIG),
        "variant": vars(VARIANT),
        "training": {
            "steps": STEPS,
            "batch_size": BATCH,
            "learning_rate": LEARNING_RATE,
            "min_lr": MIN_LR,
            "warmup": WARMUP,
            "beta1": BETAS[0],
            "beta2": BETAS[1],
            "eps": EPS,
            "weight_decay": WEIGHT_DECAY,
            "grad_clip": GRAD_CLIP,
        },
        "seed": SEED,
        "scale": SCALE,
        "tokens": tokens,
        "starts": starts,
        "losses": losses,
        "gradient_norms": norms,
        "rates": rates,
        "parameters": {name: figures(p, SEED, name) for name, p in parameters.items()},
    },
)
