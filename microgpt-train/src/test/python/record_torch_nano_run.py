"""Records 100 steps of nanoGPT's training of its own variant of GPT, with PyTorch in float64, for TorchRunTest.

    pip install torch numpy
    python3 microgpt-train/src/test/python/record_torch_nano_run.py

Writes src/test/resources/dev/microgpt/train/reference-torch-nano-run.json: the data, all losses, gradient norms and
rates, and the final weights.
"""

from torch_gpt import Config, Training, Variant, settings, train, write

CONFIG = Config(vocab=13, layers=2, heads=2, channels=16, block=8)
VARIANT = Variant("LAYER", "GELU", bias=False, tie_head=True, embedding_norm=False, final_norm=True)
TRAINING = Training(grad_clip=2.0)  # not nanoGPT's 1.0, which would clip every step: here 43 are clipped, others not

write(
    "reference-torch-nano-run.json",
    "record_torch_nano_run.py",
    "100 steps of nanoGPT's training in float64 by PyTorch; torch_gpt.py says how the first weights follow from seed"
    " and scale, and what is given of a large tensor.",
    2,
    {
        "config": vars(CONFIG),
        "variant": vars(VARIANT),
        **train(settings(CONFIG, VARIANT), TRAINING, seed=7, scale=0.4, length=200),
    },
)
