# SPDX-License-Identifier: Apache-2.0
"""TRL's own trainer, fed with groups as a reader of the topics hands them out, on the CPU.

Skipped where TRL is not installed: `pip install -e '.[dev,trl]'`, then `./check.sh --slow`.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("trl", reason="TRL is not installed")
pytestmark = pytest.mark.slow

from kritik import KritikError, Message, Result, Status, advantages  # noqa: E402
from kritik.kafka import GroupReward, RewardedGroup, RewardedMember  # noqa: E402

SIZE = 4
PER_BATCH = 2


def group(number: int, rewards: list[float | None], members: list[dict[str, Any]]) -> RewardedGroup:
    """A group as it comes from the topics."""
    made = tuple(
        RewardedMember(i, "SCORED", reward, advantage, text=f"{number} {i}", **member)
        for i, (reward, advantage, member) in enumerate(zip(rewards, advantages(rewards), members, strict=True))
    )
    result = Result(str(number), Status.OK, tuple(rewards), job_id="j")
    return RewardedGroup(GroupReward(result, 0, len(rewards)), (Message("user", "q"),), made)


def drawn(number: int) -> RewardedGroup:
    """A group of responses that nobody wrote, always the same for a number."""
    chance = random.Random(number)
    rewards = [None if number == 1 and i == 2 else float(chance.randint(1, 10)) for i in range(SIZE)]
    prompt = tuple(chance.choices(range(200), k=5))
    members: list[dict[str, Any]] = []
    for _ in rewards:
        ids = tuple(chance.choices(range(200), k=chance.randint(1, 6)))
        logprobs = tuple(chance.uniform(-6, -5) for _ in ids)
        tokens = {"prompt_token_ids": prompt, "response_token_ids": ids, "response_logprobs": logprobs}
        members.append({} if number == 2 and not members else tokens | {"policy_version": 0})
    return group(number, rewards, members)


class Source:
    """Hands out groups by number; its position is the next number."""

    job_id = "j"

    def __init__(self, groups: Any = drawn) -> None:
        """`groups`: the group of a number."""
        self.groups = groups
        self.next_one = 0
        self.seen: list[int] = []

    def open(self, deadline_s: float = 1.0) -> None:
        """Is."""

    def go_to(self, position: dict[str, Any]) -> None:
        self.next_one = position["next"]

    @property
    def position(self) -> dict[str, Any]:
        return {"next": self.next_one}

    def next(self, deadline_s: float) -> RewardedGroup | None:
        made = self.groups(self.next_one)
        self.seen.append(self.next_one)
        self.next_one += 1
        return made


def model(folder: Path) -> tuple[Any, Any]:
    import tiny
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(7)
    tokenizer = tiny.tokenizer()
    made = tiny.model(len(tokenizer))
    made.save_pretrained(folder / "model")
    made.config._name_or_path = str(folder / "model")  # where TRL finds the reference policy
    return made, tokenizer


def config(folder: Path, **others: Any) -> Any:
    from trl import GRPOConfig

    values: dict[str, Any] = {
        "max_steps": 4,
        "per_device_train_batch_size": PER_BATCH * SIZE,
        "num_generations": SIZE,
        "max_completion_length": 8,
        "learning_rate": 1e-2,
        "beta": 0.0,
        "logging_steps": 1,
        "report_to": [],
        "save_strategy": "steps",
        "save_steps": 1,
        "use_cpu": True,
        "bf16": False,
        "disable_tqdm": True,
        "seed": 7,
    }
    return GRPOConfig(output_dir=str(folder), **values | others)


def trainer(folder: Path, source: Any = None, **others: Any) -> Any:
    from kritik.trl_topic import TopicGRPOTrainer

    policy, tokenizer = model(folder)
    return TopicGRPOTrainer(policy, source or Source(), config(folder, **others), processing_class=tokenizer)


def weights(trainer: Any) -> dict[str, Any]:
    return {name: weight.detach().clone() for name, weight in trainer.model.named_parameters()}


@pytest.mark.parametrize("how", [{}, {"loss_type": "grpo", "beta": 0.04}, {"loss_type": "bnpo"}], ids=str)
def test_batch_loss_and_gradient_are_those_of_trls_own_batch(tmp_path: Path, how: dict[str, Any]) -> None:
    import torch
    from datasets import Dataset
    from trl import GRPOTrainer

    # Given
    policy, tokenizer = model(tmp_path)
    values = [1.0, 4.0, 2.0, 9.0, 3.0, 3.0, 5.0, 8.0]
    own = GRPOTrainer(
        model=policy,
        processing_class=tokenizer,
        train_dataset=Dataset.from_dict({"prompt": ["one", "another one"]}),
        reward_funcs=lambda **_: values,
        args=config(tmp_path / "own", **how),
    )
    rows = [{"prompt": text} for text in ("one", "another one") for _ in range(SIZE)]
    theirs = own._generate_and_score_completions(rows)
    kept = theirs["completion_ids"].size(1)
    ids = torch.cat([theirs["prompt_ids"], theirs["completion_ids"]], dim=1)
    mask = torch.cat([theirs["prompt_mask"], theirs["completion_mask"]], dim=1)
    with torch.no_grad():
        logprobs = own._get_per_token_logps_and_entropies(own.model, ids, mask, kept)[0]

    def wrote(number: int) -> RewardedGroup:
        members = []
        for row in range(number * SIZE, number * SIZE + SIZE):
            length = int(theirs["completion_mask"][row].sum())
            members.append(
                {
                    "prompt_token_ids": tuple(theirs["prompt_ids"][row][theirs["prompt_mask"][row].bool()].tolist()),
                    "response_token_ids": tuple(theirs["completion_ids"][row, :length].tolist()),
                    "response_logprobs": tuple(logprobs[row, :length].tolist()),
                    "policy_version": 0,
                }
            )
        return group(number, values[number * SIZE : number * SIZE + SIZE], members)

    # When
    fed = trainer(tmp_path / "fed", Source(wrote), **how)
    fed.model.load_state_dict(own.model.state_dict())
    ours = fed._generate_and_score_completions(rows)
    # Then
    for name in ("prompt_ids", "prompt_mask", "completion_ids", "completion_mask", "num_items_in_batch"):
        assert torch.equal(ours[name], theirs[name]), name
    assert ("ref_per_token_logps" in ours) == ("ref_per_token_logps" in theirs) == ("beta" in how)
    torch.testing.assert_close(ours["advantages"], theirs["advantages"], rtol=1e-3, atol=1e-3)  # TRL adds 1e-4 below
    theirs["advantages"] = ours["advantages"]
    gradients = []
    for each, batch in ((own, theirs), (fed, ours)):
        each.current_gradient_accumulation_steps = 1
        each.model.zero_grad()
        loss = each._compute_loss(each.model, batch)
        loss.backward()
        gradients.append((loss.detach(), {n: p.grad.clone() for n, p in each.model.named_parameters()}))
    torch.testing.assert_close(gradients[0][0], gradients[1][0], rtol=1e-5, atol=1e-6)
    for name, gradient in gradients[0][1].items():
        torch.testing.assert_close(gradient, gradients[1][1][name], rtol=1e-4, atol=1e-6, msg=name)
    assert any(gradient.abs().max() > 1e-3 for gradient in gradients[0][1].values())


@pytest.mark.parametrize("parts", [1, 2])
def test_a_run_that_was_killed_goes_on_exactly_once_and_ends_the_same(tmp_path: Path, parts: int) -> None:
    import torch

    # Given
    cut = {"gradient_accumulation_steps": parts, "per_device_train_batch_size": PER_BATCH * SIZE // parts}
    whole = trainer(tmp_path / "whole", straight := Source(), **cut)
    whole.train(resume_from_checkpoint=True)
    assert straight.seen == list(range(4 * PER_BATCH))
    logged = [line for line in whole.state.log_history if "kritik/missing" in line]
    assert [line["kritik/missing"] for line in logged] == [1 / 8, 0, 0, 0]
    assert [line["kritik/without_tokens"] for line in logged] == [0, 1 / 8, 0, 0]
    assert [line["kritik/staleness"] for line in logged] == [0, 1, 2, 3]

    class Killed(Exception):
        pass

    def dies(number: int) -> RewardedGroup:
        if number == 2 * PER_BATCH + 1:  # half of the third batch has been read
            raise Killed
        return drawn(number)

    first = trainer(tmp_path / "killed", Source(dies), **cut)
    with pytest.raises(Killed):
        first.train(resume_from_checkpoint=True)
    torn = tmp_path / "killed" / "checkpoint-3"  # a checkpoint that was being written
    torn.mkdir()
    (torn / "trainer_state.json").write_text('{"global_step": 3,', encoding="utf-8")
    # When
    second = trainer(tmp_path / "killed", again := Source(), **cut)
    second.train(resume_from_checkpoint=True)
    # Then
    assert again.seen == list(range(2 * PER_BATCH, 4 * PER_BATCH))
    expected = weights(whole)
    for name, weight in weights(second).items():
        torch.testing.assert_close(weight, expected[name], rtol=0, atol=0, msg=name)


def test_what_was_not_judged_moves_nothing(tmp_path: Path) -> None:
    import torch

    # Given
    nothing = trainer(tmp_path, Source(lambda number: group(number, [None] * SIZE, [{}] * SIZE)), max_steps=1)
    before = weights(nothing)
    # When
    nothing.train()
    # Then
    assert all(torch.equal(before[name], weight) for name, weight in weights(nothing).items())


def test_smaller_groups_leave_rows_empty_and_larger_ones_are_refused(tmp_path: Path) -> None:
    # Given
    def sized(number: int, size: int) -> RewardedGroup:
        member = {"prompt_token_ids": (1,), "response_token_ids": (2, 3), "response_logprobs": (-5.0, -5.0)}
        return group(number, [float(i + 1) for i in range(size)], [member] * size)

    # When
    small = trainer(tmp_path / "a", Source(lambda number: sized(number, SIZE - 1)))
    batch = small._generate_and_score_completions([{}] * (PER_BATCH * SIZE))
    # Then
    assert batch["completion_mask"].sum(dim=1).tolist() == [2] * 6 + [0] * 2
    assert batch["advantages"].tolist() == [-1, 0, 1, -1, 0, 1, 0, 0]
    large = trainer(tmp_path / "b", Source(lambda number: sized(number, SIZE + 1)))
    with pytest.raises(KritikError, match="num_generations: 4, but 0 is a group of 5"):
        large._generate_and_score_completions([{}] * (PER_BATCH * SIZE))


def test_what_was_cut_off_can_be_masked_as_trl_does(tmp_path: Path) -> None:
    # Given
    def ended(number: int) -> RewardedGroup:
        end = cutting.eos_token_ids[0]
        tokens = [
            {"prompt_token_ids": (10,), "response_token_ids": ids, "response_logprobs": (-5.0,) * len(ids)}
            for ids in [(10, end), (10, 11), (end, 10), (end,)]
        ]
        return group(number, [1.0, 2.0, 3.0, 4.0], tokens)

    # When
    cutting = trainer(tmp_path, Source(ended), mask_truncated_completions=True)
    batch = cutting._generate_and_score_completions([{}] * (PER_BATCH * SIZE))
    # Then
    assert batch["completion_mask"].sum(dim=1).tolist() == [2, 0, 0, 1] * PER_BATCH


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"num_iterations": 2}, "num_iterations: must be 1"),
        ({"steps_per_generation": 2}, "gradient_accumulation_steps: 1 is no multiple of steps_per_generation"),
        ({"save_only_model": True}, "save_only_model"),
        ({"max_steps": -1, "num_train_epochs": 1}, "max_steps"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(tmp_path: Path, wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(KritikError, match=told):
        trainer(tmp_path, **wrong)


def test_another_release_of_trl_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trl.__version__", "1.17.0")
    with pytest.raises(KritikError, match=r"trl 1\.17\.0: this trainer overrides a private method of trl 1\.16\.x"):
        trainer(tmp_path)
