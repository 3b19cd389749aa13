"""Records what PyTorch computes for variants of GPT, in float64, for TorchVariantsTest: loss, scores, all gradients.

    pip install torch numpy
    python3 microgpt-train/src/test/python/record_torch_variants.py

Writes src/test/resources/dev/microgpt/train/reference-torch-variants.json.
"""

from dataclasses import replace

from torch_gpt import Config, Variant, settings, single_pass, write

MICROGPT = Variant("RMS", "RELU", bias=False, tie_head=False, embedding_norm=True, final_norm=False)
GPT2 = Variant("LAYER_BIAS", "GELU_TANH", bias=True, tie_head=True, embedding_norm=False, final_norm=True)
NANO = Variant("LAYER", "GELU", bias=False, tie_head=True, embedding_norm=False, final_norm=True)

cases = {}


def record(name, variant, config, lengths, scale=1.0, first_sequence=0):
    """Records one model on sequences of so many tokens, of which the last is a target only."""
    recorded = single_pass(settings(config, variant), 1000 + len(cases), scale, lengths, first_sequence)
    cases[name] = {"config": vars(config), "variant": vars(variant), **recorded}


def record_choices(norm, activation, bias, tied, embedding, final, config, lengths):
    """Records a variant under a name made of its choices."""
    switches = {"bias": bias, "tied": tied, "embedding norm": embedding, "final norm": final}
    name = ", ".join([f"{norm} {activation}"] + [switch for switch, on in switches.items() if on])
    record(name, Variant(norm, activation, bool(bias), bool(tied), bool(embedding), bool(final)), config, lengths)


# lengths go from one position, which is two tokens, to the whole block
record("microgpt", MICROGPT, Config(13, 1, 4, 16, 8), [9, 4, 2])
record("gpt2", GPT2, Config(17, 2, 2, 8, 9), [6, 10, 2])
record("nano", NANO, Config(14, 2, 3, 12, 7), [8, 3, 5])

# with these nine every two choices meet in some variant, and each norm meets each activation
record_choices("RMS", "GELU", 1, 1, 0, 0, Config(11, 1, 2, 10, 7), [8, 5])
record_choices("RMS", "GELU_TANH", 1, 0, 0, 1, Config(12, 1, 3, 9, 8), [4, 7])
record_choices("RMS_GAIN", "RELU", 1, 1, 1, 1, Config(13, 2, 2, 8, 7), [8, 2, 5])
record_choices("RMS_GAIN", "GELU", 0, 1, 1, 0, Config(11, 1, 4, 24, 10), [11, 6])
record_choices("RMS_GAIN", "GELU_TANH", 0, 0, 0, 1, Config(15, 1, 3, 15, 8), [3, 9])
record_choices("LAYER", "RELU", 0, 1, 1, 1, Config(12, 1, 4, 16, 12), [13, 5])
record_choices("LAYER", "GELU_TANH", 1, 0, 1, 0, Config(13, 1, 2, 14, 7), [2, 8, 3])
record_choices("LAYER_BIAS", "RELU", 0, 0, 0, 0, Config(11, 3, 2, 8, 7), [7, 4])
record_choices("LAYER_BIAS", "GELU", 1, 0, 1, 0, Config(16, 1, 3, 12, 9), [10, 6])

# one position alone, where attention has no choice; and weights so small that a norm's constant counts
record("gpt2, one position", GPT2, Config(11, 1, 2, 8, 7), [2])
record("gpt2, tiny weights", GPT2, Config(11, 1, 2, 8, 7), [6, 3], scale=0.01)
record("microgpt, tiny weights", MICROGPT, Config(11, 1, 2, 8, 7), [6, 3], scale=0.01)

# dropout, of one sequence and of some that are not the first of their step
record("gpt2, dropout", replace(GPT2, dropout=0.2), Config(13, 2, 2, 8, 11), [12])
record("nano, dropout, packed", replace(NANO, dropout=0.2), Config(14, 2, 3, 12, 8), [9, 4, 2, 7], first_sequence=5)
both = Variant("RMS_GAIN", "RELU", bias=True, tie_head=False, embedding_norm=True, final_norm=True, dropout=0.35)
record("RMS_GAIN RELU, both norms, dropout, packed", both, Config(12, 1, 4, 16, 9), [5, 10], first_sequence=1)

# attention works through 64 queries at a time, and computes its probabilities anew where there are more than 256
record("nano, dropout, some blocks", replace(NANO, dropout=0.2), Config(11, 1, 2, 4, 140), [141, 6])
record("nano, dropout, beyond 256", replace(NANO, dropout=0.2), Config(11, 1, 2, 4, 300), [301, 72], first_sequence=3)

write(
    "reference-torch-variants.json",
    "record_torch_variants.py",
    "Variants of GPT in float64 as PyTorch computes them; torch_gpt.py says how the weights follow from seed and scale,"
    " and what is given of a large tensor.",
    4,
    {"cases": cases},
)
