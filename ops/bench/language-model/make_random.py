# SPDX-License-Identifier: Apache-2.0
"""Makes the random checkpoints of the generation benchmark: ``small`` (5.0 M parameters) and ``medium`` (153.0 M).

Both are float32 with a tokenizer and a chat template, and have no end-of-text token in their configuration, so that a
run writes exactly as many tokens as it was asked for. What they say is noise: only their speed means something.
"""

from __future__ import annotations

import argparse
import itertools
import json
import string
from collections.abc import Callable
from pathlib import Path

import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM, LlamaConfig, PreTrainedConfig, Qwen2Config

SPECIAL = ["<|pad|>", "<|bos|>", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
CHAT_TEMPLATE = (
    "{%- for message in messages %}"
    "{{- '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{%- endfor %}"
    "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}"
)


def small() -> PreTrainedConfig:
    """4,983,552 parameters: 3.9 M in five Llama layers, 1.0 M in the embedding, which is the head too."""
    return LlamaConfig(
        vocab_size=4096,
        hidden_size=256,
        intermediate_size=768,
        num_hidden_layers=5,
        num_attention_heads=8,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        tie_word_embeddings=True,
        bos_token_id=1,
        eos_token_id=None,
        pad_token_id=0,
    )


def medium() -> PreTrainedConfig:
    """152,995,584 parameters: 103.8 M in twelve Qwen2 layers, 24.6 M in the embedding and as many in the head."""
    return Qwen2Config(
        vocab_size=32000,
        hidden_size=768,
        intermediate_size=3072,
        num_hidden_layers=12,
        num_attention_heads=12,
        num_key_value_heads=4,
        max_position_embeddings=4096,
        tie_word_embeddings=False,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=0,
    )


CHECKPOINTS: dict[str, Callable[[], PreTrainedConfig]] = {"small": small, "medium": medium}


def tokenizer(size: int) -> Tokenizer:
    """Byte-level BPE of any size, not trained: all pairs of small letters are tokens, then pairs of such pairs."""
    tokens = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    pairs = list(itertools.product(string.ascii_lowercase, repeat=2))
    joined = ["".join(pair) for pair in pairs]
    merges = [*pairs, *itertools.product(joined, repeat=2)][: size - len(tokens)]
    tokens += ["".join(merge) for merge in merges]
    if len(tokens) != size:
        raise ValueError(f"{size} tokens asked for, but there are {len(tokens)}")
    made = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(tokens)}, merges=merges))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, special=True) for token in SPECIAL])
    return made


def make(name: str, folder: Path, seed: int) -> None:
    """Writes one checkpoint into a folder of its own."""
    torch.manual_seed(seed)
    config = CHECKPOINTS[name]()
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.save_pretrained(folder)
    tokenizer(config.vocab_size).save(str(folder / "tokenizer.json"), pretty=False)
    settings = {
        "add_bos_token": False,
        "bos_token": SPECIAL[1],
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": False,
        "eos_token": SPECIAL[3],
        "model_max_length": config.max_position_embeddings,
        "pad_token": SPECIAL[0],
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
    print(f"{folder}: {model.num_parameters():,} parameters")


def main() -> None:
    """Makes both, or the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder in which a folder for each checkpoint is made")
    parser.add_argument("--only", choices=CHECKPOINTS)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    for name in CHECKPOINTS:
        if args.only in (None, name):
            make(name, args.out / name, args.seed)


if __name__ == "__main__":
    main()
