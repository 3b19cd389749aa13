"""Makes two tiny GPT-2 in Hugging Face's layout, and records what PyTorch computes with them in float64.

    pip install torch numpy safetensors
    python3 microgpt-train/src/test/python/record_torch_gpt2_folders.py

Writes folders beside src/test/resources/dev/microgpt/train/huggingface/log-probabilities.json. The model is written out
here, not taken from transformers, so that a change there changes nothing here; both gave the same numbers to 6e-15 with
transformers 5.18.
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

OUT = Path(__file__).parents[1] / "resources/dev/microgpt/train/huggingface"
TEXT = "The cat sat on the mat. The rat sat on the hat, and the cat sat on that rat.\n"


def log_probabilities(w, config, ids):
    """GPT-2 as transformers computes it, given float64 weights without prefix."""
    n, heads = config["n_embd"], config["n_head"]
    eps = config["layer_norm_epsilon"]
    act = {
        "gelu_new": lambda x: torch.nn.functional.gelu(x, approximate="tanh"),
        "gelu": torch.nn.functional.gelu,
        "relu": torch.relu,
    }[config["activation_function"]]

    def norm(x, name):
        return torch.nn.functional.layer_norm(x, (n,), w[name + ".weight"], w[name + ".bias"], eps)

    def product(x, name):
        return x @ w[name + ".weight"] + w[name + ".bias"]

    t = len(ids)
    future = torch.ones(t, t, dtype=torch.bool).triu(1)
    x = w["wte.weight"][ids] + w["wpe.weight"][:t]
    for i in range(config["n_layer"]):
        h = f"h.{i}."
        q, k, v = product(norm(x, h + "ln_1"), h + "attn.c_attn").split(n, dim=1)
        q, k, v = (y.view(t, heads, n // heads).transpose(0, 1) for y in (q, k, v))
        scores = q @ k.transpose(1, 2)
        if config["scale_attn_weights"]:
            scores = scores / (n // heads) ** 0.5
        if config["scale_attn_by_inverse_layer_idx"]:
            scores = scores / (i + 1)
        p = scores.masked_fill(future, float("-inf")).softmax(dim=2)
        x = x + product((p @ v).transpose(0, 1).reshape(t, n), h + "attn.c_proj")
        x = x + product(act(product(norm(x, h + "ln_2"), h + "mlp.c_fc")), h + "mlp.c_proj")
    head = w["wte.weight"] if config["tie_word_embeddings"] else w["lm_head.weight"]
    return (norm(x, "ln_f") @ head.T).log_softmax(dim=1)


def weights(config, seed):
    """Random weights, large enough that attention is not flat and every bias counts."""
    random = torch.Generator().manual_seed(seed)
    n, inner = config["n_embd"], config["n_inner"] or 4 * config["n_embd"]
    shapes = {"wte.weight": (config["vocab_size"], n), "wpe.weight": (config["n_positions"], n)}
    for i in range(config["n_layer"]):
        for name, shape in {
            "ln_1": (n,),
            "attn.c_attn": (n, 3 * n),
            "attn.c_proj": (n, n),
            "ln_2": (n,),
            "mlp.c_fc": (n, inner),
            "mlp.c_proj": (inner, n),
        }.items():
            shapes[f"h.{i}.{name}.weight"] = shape
            shapes[f"h.{i}.{name}.bias"] = shape[-1:]
    shapes |= {"ln_f.weight": (n,), "ln_f.bias": (n,)}
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (config["vocab_size"], n)
    w = {name: 0.3 * torch.randn(shape, generator=random, dtype=torch.float64) for name, shape in shapes.items()}
    return {name: x + 1 if "ln_" in name and name.endswith("weight") else x for name, x in w.items()}


def write_json(path, value, **style):
    path.write_text(json.dumps(value, ensure_ascii=False, **style) + "\n", encoding="utf-8")


def byte_letters():
    """GPT-2's letters for the 256 bytes."""
    own = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [b for b in range(256) if b not in own]
    return {b: chr(b) for b in own} | {b: chr(256 + i) for i, b in enumerate(others)}


def write_tokenizer(folder, merges):
    """A BPE of so many merges, learned from TEXT without a split into words beyond that before a space."""
    letters = byte_letters()
    tokens = [letters[b] for b in sorted(letters, key=letters.get)]
    words = [[letters[b] for b in word.encode()] for word in TEXT.replace(" ", "\0 ").split("\0")]
    pairs = []
    for _ in range(merges):
        counts = {}
        for word in words:
            for pair in zip(word, word[1:]):
                counts[pair] = counts.get(pair, 0) + 1
        best = max(counts, key=lambda pair: (counts[pair], pair))
        pairs.append(best)
        tokens.append("".join(best))
        for word in words:
            i = 0
            while i < len(word) - 1:
                if (word[i], word[i + 1]) == best:
                    word[i : i + 2] = ["".join(best)]
                i += 1
    tokens.append("<|endoftext|>")
    write_json(folder / "vocab.json", {token: i for i, token in enumerate(tokens)})
    (folder / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in pairs), encoding="utf-8")
    return len(tokens)


def double(w):
    return {name: x.double() for name, x in w.items()}


def main():
    cases = []

    # with the prefix, tied, all number types, the masks of old files, more rows than tokens
    folder = OUT / "mixed"
    folder.mkdir(parents=True, exist_ok=True)
    size = write_tokenizer(folder, 20)
    config = {
        "activation_function": "gelu_new",
        "architectures": ["GPT2LMHeadModel"],
        "attn_pdrop": 0.1,
        "bos_token_id": size - 1,
        "embd_pdrop": 0.1,
        "eos_token_id": size - 1,
        "initializer_range": 0.02,
        "layer_norm_epsilon": 1e-5,
        "model_type": "gpt2",
        "n_ctx": 12,
        "n_embd": 16,
        "n_head": 4,
        "n_layer": 2,
        "n_positions": 12,
        "resid_pdrop": 0.1,
        "summary_type": "cls_index",
        "task_specific_params": {"text-generation": {"do_sample": True, "max_length": 50}},
        "vocab_size": 288,
    }
    write_json(folder / "config.json", config, indent=2)
    known = config | {"n_inner": None, "tie_word_embeddings": True}
    known |= {"scale_attn_weights": True, "scale_attn_by_inverse_layer_idx": False}
    w = weights(known, 1)
    for name in w:
        layer = name.split(".")[1]
        w[name] = w[name].to({"0": torch.float32, "1": torch.float16}.get(layer, torch.bfloat16))
    w["ln_f.bias"] = w["ln_f.bias"].double() / 3
    stored = {"transformer." + name: x for name, x in w.items()}
    for i in range(2):
        stored[f"transformer.h.{i}.attn.bias"] = torch.ones(12, 12, dtype=torch.uint8).tril().view(1, 1, 12, 12)
        stored[f"transformer.h.{i}.attn.masked_bias"] = torch.tensor(-1e4)
    save_file(stored, folder / "model.safetensors", {"format": "pt"})
    ids = [51, 71, 68, 256, 260, 276, 275, 287, 0, 259]
    columns = list(range(0, 288, 9))
    result = log_probabilities(double(w), known, ids)[:, columns]
    cases.append({"folder": "mixed", "config": {}, "ids": ids, "columns": columns, "result": result.tolist()})

    # without the prefix, untied, in two files, and with all that GPT-2 itself has not
    folder = OUT / "sharded"
    folder.mkdir(parents=True, exist_ok=True)
    config = {
        "activation_function": "gelu_new",
        "add_cross_attention": False,
        "attn_pdrop": 0.0,
        "embd_pdrop": 0.0,
        "layer_norm_epsilon": 1e-3,
        "model_type": "gpt2",
        "n_embd": 16,
        "n_head": 4,
        "n_inner": 24,
        "n_layer": 2,
        "n_positions": 9,
        "reorder_and_upcast_attn": False,
        "resid_pdrop": 0.0,
        "scale_attn_by_inverse_layer_idx": True,
        "scale_attn_weights": True,
        "tie_word_embeddings": False,
        "vocab_size": 11,
    }
    write_json(folder / "config.json", config, indent=2)
    w = weights(config, 2)
    parts = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
    places = {name: parts[name.startswith("h.1") or name in ("ln_f.weight", "lm_head.weight")] for name in w}
    for part in parts:
        save_file({name: x for name, x in w.items() if places[name] == part}, folder / part, {"format": "pt"})
    total = sum(8 * x.numel() for x in w.values())
    index = {"metadata": {"total_size": total}, "weight_map": places}
    write_json(folder / "model.safetensors.index.json", index, indent=2)
    ids = [3, 10, 0, 7, 7, 2, 5, 9, 1]
    for change in [
        {},
        {"activation_function": "gelu"},
        {"activation_function": "relu"},
        {"scale_attn_weights": False},
        {"scale_attn_by_inverse_layer_idx": False},
        {"scale_attn_weights": False, "scale_attn_by_inverse_layer_idx": False},
        {"layer_norm_epsilon": 0.5},
        {"n_head": 2},
    ]:
        result = log_probabilities(w, config | change, ids)
        columns = list(range(11))
        cases.append({"folder": "sharded", "config": change, "ids": ids, "columns": columns, "result": result.tolist()})

    origin = f"record_torch_gpt2_folders.py with torch {torch.__version__}"
    lines = ",\n".join(json.dumps(case) for case in cases)
    (OUT / "log-probabilities.json").write_text(f'{{"origin": "{origin}",\n"cases": [\n{lines}\n]}}\n')


main()
