"""Records what transformers does with GPT-2 models that programs save differently, and with settings of tokenizers.

    pip install torch transformers
    python3 microgpt-train/src/test/python/record_transformers_gpt2.py

Writes two folders and transformers.json to src/test/resources/dev/microgpt/train/huggingface. The folders have a tied
model as safetensors' save_model stores it, which keeps only one of the two names, without and with torch.compile.
"""

import json
import shutil
import tempfile
from pathlib import Path

import torch
import transformers
from safetensors.torch import save_model
from transformers import AutoConfig, AutoTokenizer, GPT2Config, GPT2LMHeadModel

OUT = Path(__file__).parents[1] / "resources/dev/microgpt/train/huggingface"
TEXT = "The cat sat."
END = "<|endoftext|>"
IDS = [3, 10, 0, 7]


def saved_models():
    torch.manual_seed(1)
    config = GPT2Config(vocab_size=11, n_positions=5, n_embd=4, n_layer=1, n_head=2, bos_token_id=10, eos_token_id=10)
    config._attn_implementation = "eager"
    model = GPT2LMHeadModel(config).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
        result = model(torch.tensor([IDS])).logits[0].log_softmax(dim=1)
    cases = []
    for name, wrapped in {"save-model": model, "save-compiled": torch.compile(model)}.items():
        folder = OUT / name
        folder.mkdir(exist_ok=True)
        model.config.save_pretrained(folder)
        save_model(wrapped, str(folder / "model.safetensors"), {"format": "pt"})
        columns = list(range(11))
        cases.append({"folder": name, "config": {}, "ids": IDS, "columns": columns, "result": result.tolist()})
    return cases


def template(before, after):
    def special(token):
        return [{"SpecialToken": {"id": END, "type_id": 0}}] if token else []

    def sequence(name):
        return {"Sequence": {"id": name, "type_id": 0}}

    tokens = {END: {"id": END, "ids": [276], "tokens": [END]}} if before or after else {}
    single = special(before) + [sequence("A")] + special(after)
    pair = [sequence("A"), sequence("B")]
    return {"type": "TemplateProcessing", "single": single, "pair": pair, "special_tokens": tokens}


def tokenized(settings, is_json, processor):
    """Loads the tokenizer of the folder mixed with other settings and files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in "config.json", "vocab.json", "merges.txt":
            shutil.copy(OUT / "mixed" / file, folder)
        if is_json:
            AutoTokenizer.from_pretrained(folder).save_pretrained(folder)
            tokenizer = json.loads((folder / "tokenizer.json").read_text())
            tokenizer["post_processor"] = processor
            (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
            (folder / "vocab.json").unlink(missing_ok=True)
            (folder / "merges.txt").unlink(missing_ok=True)
        (folder / "tokenizer_config.json").write_text(json.dumps(settings))
        return AutoTokenizer.from_pretrained(folder)(TEXT)["input_ids"]


def tokenizers():
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    names = {"tokenizer_class": "GPT2Tokenizer", "bos_token": END, "eos_token": END, "unk_token": END}
    cases = []

    def add(settings, is_json, processor):
        settings = names | settings
        ids = tokenized(settings, is_json, processor)
        cases.append({"settings": settings, "json": is_json, "post_processor": processor, "ids": ids})

    for name in "add_prefix_space", "add_bos_token", "add_eos_token":
        for value in True, False:
            for is_json in True, False:
                add({name: value}, is_json, byte_level)
    for errors in "strict", "ignore":
        add({"errors": errors, "model_max_length": 3, "clean_up_tokenization_spaces": True}, False, None)
    sequence = {"type": "Sequence", "processors": [byte_level, template(False, False)]}
    for processor in None, byte_level, template(False, False), template(True, False), template(False, True), sequence:
        add({}, True, processor)
    return cases


def sizes():
    """The sizes that a file has for transformers if a general name contradicts the name of GPT-2."""
    cases = []
    base = {"model_type": "gpt2", "vocab_size": 11, "n_layer": 1, "n_head": 2, "n_embd": 4, "n_positions": 5}
    others = {"num_hidden_layers": 2, "num_attention_heads": 1, "hidden_size": 8, "max_position_embeddings": 6, "n_ctx": 7}
    for name, value in others.items():
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "config.json").write_text(json.dumps(base | {name: value}))
            read = AutoConfig.from_pretrained(folder)
        found = [read.n_layer, read.n_head, read.n_embd, read.n_positions]
        cases.append({"config": base | {name: value}, "sizes": found})
    return cases


def main():
    origin = f"record_transformers_gpt2.py with transformers {transformers.__version__}, torch {torch.__version__}"
    recorded = {"cases": saved_models(), "tokenizers": tokenizers(), "sizes": sizes()}
    lines = [f'{{"origin": "{origin}",\n"text": "{TEXT}"']
    for name, cases in recorded.items():
        lines.append(f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]")
    (OUT / "transformers.json").write_text(",\n".join(lines) + "}\n", encoding="utf-8")


main()
