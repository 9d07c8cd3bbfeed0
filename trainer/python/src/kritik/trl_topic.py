# SPDX-License-Identifier: Apache-2.0
"""TRL's GRPOTrainer, fed from the topics of rollouts and rewards instead of its own generation.

from kritik.trl_topic import TopicGRPOTrainer

with RewardedGroups("kafka1:9092", "http://registry:8081", "run-7") as groups: trainer = TopicGRPOTrainer(model, groups,
processing_class=tokenizer, args=GRPOConfig(max_steps=..., num_generations=8, ...));
trainer.train(resume_from_checkpoint=True)

Needs TRL 1.16, of which it overrides a private method: the one that generates and scores.
"""

from __future__ import annotations

import json
import logging
import math
import statistics
import time
from pathlib import Path
from typing import Any

import torch
import trl
from datasets import Dataset
from trl import GRPOConfig, GRPOTrainer

from kritik.errors import KritikError
from kritik.kafka import RewardedGroup, RewardedGroups
from kritik.rows import Rows

__all__ = ["TopicGRPOTrainer", "last_checkpoint", "position_of"]

log = logging.getLogger("kritik.trl")
RELEASE = "1.16."
KEY = "KritikPosition"  # in trainer_state.json of a checkpoint
STATE = "trainer_state.json"  # written after model, optimizer and random state


class TopicGRPOTrainer(GRPOTrainer):
    """Trains on the groups that a reader hands out, each exactly once.

    Loss, optimizer, schedule and logs are TRL's own. Advantages, tokens and the old policy's log-probabilities are
    those of the topic: TRL's `scale_rewards`, `reward_weights` and reward functions have no say, `temperature` must be
    that at which the rollouts were drawn. One batch is `generation_batch_size / num_generations` groups, whichever end
    next; a group of another size than `num_generations` is an error if it is larger, and leaves rows empty if it is
    smaller. What has no reward, or no tokens and log-probabilities, is left out of the loss.

    Each checkpoint holds the reader's position. `train(resume_from_checkpoint=True)` goes on from the newest checkpoint
    that is whole, or begins where there is none; so does the next run after a kill at any point. For that, a checkpoint
    must not fall into the middle of a batch: `gradient_accumulation_steps` is a multiple of `steps_per_generation`, and
    `num_iterations` is 1. Not with vLLM, PEFT with `beta`, several processes, or an evaluation of TRL's.

    Whoever generates in the same process overrides `produce`.
    """

    def __init__(
        self,
        model: Any,
        groups: RewardedGroups,
        args: GRPOConfig,
        *,
        deadline_s: float = 3600.0,
        train_dataset: Any = None,
        **others: Any,
    ) -> None:
        """`deadline_s`: seconds after which a batch that is not complete is an error. `train_dataset` only counts
        steps, unless `produce` makes use of it; `others` go to GRPOTrainer.
        """
        check(args)
        if train_dataset is None:
            per_batch = (args.generation_batch_size or 1) // (args.num_generations or 1)
            train_dataset = Dataset.from_list([{"prompt": ""}] * max(1, per_batch))
        super().__init__(model=model, args=args, train_dataset=train_dataset, reward_funcs=kritik, **others)
        if self.accelerator.num_processes != 1:
            raise KritikError("trains in one process only: the position is that of one reader")
        if self.beta != 0.0 and self.ref_model is None:
            raise KritikError("beta: 0 with PEFT; the reference policy would be the model without its adapter")
        self.groups = groups
        self.deadline_s = deadline_s
        self.batch: list[RewardedGroup] = []

    def produce(self) -> None:
        """Called before each batch is read; does nothing, for others write the rollouts."""

    def train(self, resume_from_checkpoint: Any = None, **others: Any) -> Any:
        """Trains; with `resume_from_checkpoint=True` on from the newest whole checkpoint, if there is one."""
        if resume_from_checkpoint is True:
            resume_from_checkpoint = last_checkpoint(self.args.output_dir)
        if resume_from_checkpoint:
            position = position_of(resume_from_checkpoint)
            if position is None:
                raise KritikError(f"{resume_from_checkpoint}: is no whole checkpoint of this trainer")
            self.groups.go_to(position)
        self.groups.open()
        return super().train(resume_from_checkpoint=resume_from_checkpoint, **others)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        """Puts the position into the state that TRL writes last."""
        self.state.stateful_callbacks[KEY] = {"args": {}, "attributes": {"position": self.groups.position}}
        super()._save_checkpoint(model, trial)

    def _generate_and_score_completions(self, inputs: Any) -> dict[str, Any]:
        """A batch from the topics."""
        if not self.model.training:
            raise KritikError("evaluation needs generation, which is done elsewhere; evaluate what produces rollouts")
        self.produce()
        begun = time.monotonic()
        size = self.num_generations
        self.batch = self.take(len(inputs) // size, begun + self.deadline_s)
        waited = time.monotonic() - begun
        rows = Rows.of(self.batch, self._tokenizer.pad_token_id)
        self.tell(rows, waited)
        tensors = self.tensors(rows, len(inputs))
        if self.beta != 0.0:
            tensors["ref_per_token_logps"] = self.logprobs(self.ref_model, tensors)
        return tensors

    def take(self, count: int, deadline: float) -> list[RewardedGroup]:
        """The next groups, however they ended."""
        taken: list[RewardedGroup] = []
        while len(taken) < count:
            group = self.groups.next(max(0.0, deadline - time.monotonic()))
            if group is None:
                raise KritikError(
                    f"{len(taken)} of {count} groups ended in {self.deadline_s:g} s: are rollouts of job "
                    f"{self.groups.job_id} written, and does Kritik judge them?"
                )
            if len(group.members) > self.num_generations:
                raise KritikError(
                    f"num_generations: {self.num_generations}, but {group.id.group} is a group of {len(group.members)}"
                )
            taken.append(group)
        return taken

    def tensors(self, rows: Rows, count: int) -> dict[str, Any]:
        """What TRL's loss reads: `count` rows, the last ones empty where groups were smaller."""
        device = self.accelerator.device
        loss_mask = torch.tensor(rows.loss_mask)
        if self.mask_truncated_completions:
            ends = {*self.eos_token_ids, self._tokenizer.pad_token_id}
            last = [ids[max(0, length - 1)] for ids, length in zip(rows.response_ids, rows.lengths, strict=True)]
            loss_mask *= torch.tensor([[int(token in ends)] for token in last])
        filled = {
            "prompt_ids": torch.tensor(rows.prompt_ids),
            "prompt_mask": torch.tensor(rows.prompt_mask),
            "completion_ids": torch.tensor(rows.response_ids),
            # TRL has one mask for what is seen and what is learned from.
            "completion_mask": loss_mask,
            "advantages": torch.tensor(rows.advantages),
            "old_per_token_logps": torch.tensor(rows.old_logprobs),
        }
        short = count - len(rows.groups)
        # A row that sees its prompt's first place and learns from nothing.
        whole = {name: torch.cat([t, t[:1].expand(short, *t.shape[1:])]) if short else t for name, t in filled.items()}
        if short:
            whole["completion_mask"][-short:] = 0
            whole["advantages"][-short:] = 0
        tensors = {name: tensor.to(device) for name, tensor in whole.items()}
        return {**tensors, "num_items_in_batch": tensors["completion_mask"].sum()}

    def logprobs(self, model: Any, tensors: dict[str, Any]) -> Any:
        """The log-probabilities of the responses under a model, without gradients."""
        ids = torch.cat([tensors["prompt_ids"], tensors["completion_ids"]], dim=1)
        mask = torch.cat([tensors["prompt_mask"], tensors["completion_mask"]], dim=1)
        kept = tensors["completion_ids"].size(1)
        with torch.no_grad():
            size = self.args.per_device_train_batch_size
            return self._get_per_token_logps_and_entropies(model, ids, mask, kept, batch_size=size)[0]

    def tell(self, rows: Rows, waited: float) -> None:
        """Logs what came, under TRL's names where it has one."""
        metrics = self._metrics["train"]
        known = [reward for reward in rows.rewards if reward is not None]
        members = [member for group in self.batch for member in group.members]
        ages = [self.state.global_step - m.policy_version for m in members if m.policy_version is not None]
        tokens = sum(map(sum, rows.prompt_mask)) + sum(rows.lengths)
        self.state.num_input_tokens_seen += tokens
        metrics["num_tokens"] = [self.state.num_input_tokens_seen]
        metrics["completions/mean_length"].append(statistics.fmean(rows.lengths))
        metrics["reward"].append(statistics.fmean(known) if known else math.nan)
        metrics["reward_std"].append(statistics.stdev(known) if len(known) > 1 else math.nan)
        metrics["frac_reward_zero_std"].append(statistics.fmean(float(group.flat) for group in self.batch))
        metrics["kritik/missing"].append(1 - len(known) / len(members))
        untrained = sum(member.reward is not None and not member.trainable for member in members)
        metrics["kritik/without_tokens"].append(untrained / len(members))
        metrics["kritik/staleness"].append(statistics.fmean(ages) if ages else math.nan)
        metrics["kritik/seconds"].append(waited)
        if untrained:
            log.warning(
                "%d of %d members have no tokens and log-probabilities: not trained on", untrained, len(members)
            )
        for group in self.batch:
            messages = [{"role": message.role, "content": message.content} for message in group.messages]
            self._logs["prompt"].extend([messages] * len(group.members))
            self._logs["completion"].extend(member.text or "" for member in group.members)
            self._logs["rewards"]["kritik"].extend(group.rewards)
            self._logs["advantages"].extend(member.advantage for member in group.members)


def kritik(**_: Any) -> list[float | None]:
    """What TRL wants to be given, and names in its logs; the rewards stand in the groups."""
    raise KritikError("rewards come with the groups, from the topic")


def check(args: GRPOConfig) -> None:
    """Refuses what this trainer can't do, and names it."""
    if not trl.__version__.startswith(RELEASE):
        raise KritikError(f"trl {trl.__version__}: this trainer overrides a private method of trl {RELEASE}x")
    if args.use_vllm:
        raise KritikError("use_vllm: must be false; rollouts come from the topic")
    if args.num_iterations != 1:
        raise KritikError(f"num_iterations: must be 1, not {args.num_iterations}")
    if args.gradient_accumulation_steps % (args.steps_per_generation or 1):
        raise KritikError(
            f"gradient_accumulation_steps: {args.gradient_accumulation_steps} is no multiple of steps_per_generation "
            f"({args.steps_per_generation}); a checkpoint would fall into the middle of a batch"
        )
    if args.save_only_model:
        raise KritikError("save_only_model: must be false; a run could not go on from such a checkpoint")
    if args.max_steps <= 0:
        raise KritikError("max_steps: must be given; there is no dataset whose end could be the end of training")


def position_of(checkpoint: str | Path) -> dict[str, Any] | None:
    """The reader's position in a checkpoint; None where it has none, or was not written to its end."""
    try:
        state = json.loads((Path(checkpoint) / STATE).read_text(encoding="utf-8"))
        return state["stateful_callbacks"][KEY]["attributes"]["position"]
    except (OSError, ValueError, KeyError, TypeError):
        return None


def last_checkpoint(folder: str | Path) -> str | None:
    """The newest whole checkpoint of a run; None where there is none."""
    found = Path(folder).glob("checkpoint-*")
    numbered = [(int(path.name.split("-")[-1]), path) for path in found if path.name.split("-")[-1].isdecimal()]
    whole = (str(path) for _, path in sorted(numbered, reverse=True) if position_of(path) is not None)
    return next(whole, None)
