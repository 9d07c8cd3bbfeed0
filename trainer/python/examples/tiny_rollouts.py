# SPDX-License-Identifier: Apache-2.0
"""Rollouts of the examples' policy, with the tokens and log-probabilities that a trainer needs, for Kritik's topic."""

from __future__ import annotations

import pathlib
import uuid

import torch
from tiny_policy import Task
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

from kritik import Message
from kritik.kafka import GroupWriter, RewardedGroups, Rollout

LONGEST = 48  # tokens of a response


def draw(
    model: LlamaForCausalLM,
    tokenizer: PreTrainedTokenizerFast,
    tasks: list[Task],
    numbers: range,
    size: int,
    job: str,
    version: int,
) -> list[list[Rollout]]:
    """A group of `size` responses for each number, to the task whose turn it is; at temperature 1."""
    mine = [tasks[number % len(tasks)] for number in numbers]
    texts = [tokenizer.apply_chat_template(t["messages"], add_generation_prompt=True, tokenize=False) for t in mine]
    prompts = tokenizer([text for text in texts for _ in range(size)], add_special_tokens=False)["input_ids"]
    width = max(map(len, prompts))
    training = model.training
    model.eval()
    drawn = model.generate(
        input_ids=torch.tensor([[tokenizer.pad_token_id] * (width - len(ids)) + ids for ids in prompts]),
        attention_mask=torch.tensor([[0] * (width - len(ids)) + [1] * len(ids) for ids in prompts]),
        do_sample=True,
        temperature=1.0,
        top_k=0,
        max_new_tokens=LONGEST,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        return_dict_in_generate=True,
        output_logits=True,
    )
    model.train(training)
    logprobs = model.compute_transition_scores(drawn.sequences, drawn.logits, normalize_logits=True).tolist()
    rollouts: list[Rollout] = []
    for row, ids in enumerate(drawn.sequences[:, width:].tolist()):
        ended = tokenizer.eos_token_id in ids
        length = ids.index(tokenizer.eos_token_id) + 1 if ended else len(ids)
        rollouts.append(
            Rollout(
                job_id=job,
                group_id=f"{numbers[row // size]:06d}",
                index=row % size,
                group_size=size,
                messages=tuple(Message(**message) for message in mine[row // size]["messages"]),
                response=tokenizer.decode(ids[:length], skip_special_tokens=True),
                policy_version=version,
                prompt_token_ids=tuple(prompts[row]),
                response_token_ids=tuple(ids[:length]),
                response_logprobs=tuple(logprobs[row][:length]),
                metadata={"finish_reason": "stop" if ended else "length"},
            )
        )
    return [rollouts[begin : begin + size] for begin in range(0, len(rollouts), size)]


class Ahead:
    """Writes the groups of a run, by ascending number, before they are due."""

    def __init__(
        self, writer: GroupWriter, groups: RewardedGroups, tasks: list[Task], size: int, per_batch: int, last: int
    ) -> None:
        """`per_batch` groups of `size` go into one transaction; there are `last` in all."""
        self.writer, self.groups, self.tasks = writer, groups, tasks
        self.size, self.per_batch, self.last = size, per_batch, last
        self.written: int | None = None

    def write(
        self, model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, trained: int, ahead: int, version: int
    ) -> None:
        """Writes what is missing: `trained` groups are done, the next batch and `ahead` more must be on the topic."""
        if self.written is None:
            # All that an earlier process wrote was trained on, or stands on the topic and waits.
            self.groups.catch_up(60)
            numbers = [int(id.group) for id in self.groups.waiting]
            self.written = max(numbers, default=trained - 1) + 1
            print(f"{trained} groups trained on, {len(numbers)} more on the topic", flush=True)
        wanted = min(trained + (1 + ahead) * self.per_batch, self.last)
        while self.written < wanted:
            numbers = range(self.written, min(self.written + self.per_batch, wanted))
            self.writer.write(draw(model, tokenizer, self.tasks, numbers, self.size, self.groups.job_id, version))
            self.written = numbers.stop


def kept_name(folder: pathlib.Path) -> str:
    """The name of the run in this folder, made up once: what an earlier run wrote must not be taken for its own."""
    file = folder / "job"
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        file.write_text(f"topic-{uuid.uuid4().hex[:8]}", encoding="utf-8")
    return file.read_text(encoding="utf-8")
