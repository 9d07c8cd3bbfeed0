# SPDX-License-Identifier: Apache-2.0
"""What the examples train: a transformer of some 400,000 weights over bytes, and a few tasks; nothing is downloaded."""

from __future__ import annotations

import json
import pathlib
import random
from collections.abc import Iterator
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

TEMPLATE = (
    "{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] }}<|end|>{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
Task = dict[str, Any]


def sums(count: int) -> list[Task]:
    """Tasks that are made here: the right answer, and three that are not."""
    made: list[Task] = []
    for i in range(count):
        a, b = 1 + i % 4, 1 + i // 4 % 4
        wrong = [a + b + 1, a + b + 2, max(0, a + b - 1)]
        message = {"role": "user", "content": f"What is {a} + {b}?"}
        made.append({"messages": [message], "responses": [str(answer) for answer in (a + b, *wrong)], "best": 0})
    return made


def read_tasks(file: pathlib.Path, longest: int) -> list[Task]:
    """Tasks of a file of JSON lines, without those that are too long for the policy."""
    tasks = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    short = [task for task in tasks if sum(len(turn["content"].encode()) for turn in task["messages"]) <= longest]
    if not short:
        raise SystemExit(f"{file}: none of {len(tasks)} tasks has {longest} bytes or fewer")
    return short


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """One token for each byte, and a chat template."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    special = ["<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    tokenizer = Tokenizer(models.BPE(vocab={token: i for i, token in enumerate(alphabet + special)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>", padding_side="left"
    )
    fast.add_special_tokens({"additional_special_tokens": special[:3]})
    fast.chat_template = TEMPLATE
    return fast


def policy(vocabulary: int) -> LlamaForCausalLM:
    """A transformer with random weights."""
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary,
            hidden_size=96,
            intermediate_size=256,
            num_hidden_layers=3,
            num_attention_heads=4,
            num_key_value_heads=4,
            max_position_embeddings=1024,
        )
    )


def batches(tasks: list[Task], tokenizer: PreTrainedTokenizerFast, chance: random.Random) -> Iterator[dict[str, Any]]:
    """Conversations that end with a response drawn by lot; only the response counts."""
    while True:
        rows = []
        for task in chance.choices(tasks, k=16):
            head = tokenizer.apply_chat_template(task["messages"], add_generation_prompt=True, tokenize=False)
            begin = tokenizer(head, add_special_tokens=False)["input_ids"]
            end = tokenizer(chance.choice(task["responses"]) + "<|end|>", add_special_tokens=False)["input_ids"]
            rows.append((begin + end, [-100] * len(begin) + end))
        width = max(len(ids) for ids, _ in rows)
        pad = tokenizer.pad_token_id
        yield {
            "input_ids": torch.tensor([ids + [pad] * (width - len(ids)) for ids, _ in rows]),
            "attention_mask": torch.tensor([[1] * len(ids) + [0] * (width - len(ids)) for ids, _ in rows]),
            "labels": torch.tensor([labels + [-100] * (width - len(labels)) for _, labels in rows]),
        }


def warm_up(
    model: LlamaForCausalLM, tasks: list[Task], tokenizer: PreTrainedTokenizerFast, steps: int, seed: int
) -> None:
    """Teaches the form of an answer."""
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    model.train()
    for step, batch in zip(range(steps), batches(tasks, tokenizer, random.Random(seed)), strict=False):
        loss = model(**batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if step % 50 == 0 or step == steps - 1:
            print(f"warm-up step {step:4d}  loss {loss.item():.3f}", flush=True)
