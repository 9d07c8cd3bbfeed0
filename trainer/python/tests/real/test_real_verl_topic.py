# SPDX-License-Identifier: Apache-2.0
"""Groups from the topics in verl's own functions."""

from __future__ import annotations

import random
from typing import Any

import pytest

pytest.importorskip("verl", reason="verl is not installed")
pytest.importorskip("tensordict", reason="verl's tensordict is not installed")

from kritik import Message, Result, Status, advantages
from kritik.kafka import GroupReward, RewardedGroup, RewardedMember
from kritik.verl import batch

PAD = 0
SEED = random.randrange(2**32)


def group(chance: random.Random, name: str, rewards: list[float | None]) -> RewardedGroup:
    members = []
    prompt = tuple(chance.choices(range(1, 50), k=chance.randint(1, 5)))
    for i, (reward, advantage) in enumerate(zip(rewards, advantages(rewards), strict=True)):
        ids = tuple(chance.choices(range(1, 50), k=chance.randint(1, 6)))
        logprobs = tuple(chance.uniform(-5, -3) for _ in ids)
        members.append(
            RewardedMember(
                i,
                "SCORED",
                reward,
                advantage,
                prompt_token_ids=prompt,
                response_token_ids=ids,
                response_logprobs=logprobs,
            )
        )
    reward = GroupReward(Result(name, Status.OK, tuple(rewards), job_id="j"), 0, len(rewards))
    return RewardedGroup(reward, (Message("user", "q"),), tuple(members))


def groups(missing: bool) -> list[RewardedGroup]:
    print("seed", SEED)
    chance = random.Random(SEED)
    rewards = [[1.0, 2.0, 6.0], [4.0, None if missing else 3.0, 9.0], [5.0, 5.0, 5.0]]
    return [group(chance, f"g{i}", each) for i, each in enumerate(rewards)]


def test_it_is_what_verls_own_trainer_reckons_of_the_same_rewards() -> None:
    import torch
    from verl.trainer.ppo.core_algos import compute_grpo_outcome_advantage
    from verl.trainer.ppo.ray_trainer import compute_response_mask
    from verl.utils.model import compute_position_id_with_mask

    # When
    data = batch(groups(missing=False), PAD)
    # Then
    tensors = data.batch
    assert torch.equal(tensors["response_mask"], compute_response_mask(data))
    assert torch.equal(tensors["position_ids"], compute_position_id_with_mask(tensors["attention_mask"]))
    assert torch.equal(tensors["input_ids"], torch.cat([tensors["prompts"], tensors["responses"]], dim=1))
    theirs, returns = compute_grpo_outcome_advantage(
        tensors["token_level_rewards"], tensors["response_mask"], data.non_tensor_batch["uid"]
    )
    torch.testing.assert_close(tensors["advantages"], theirs, rtol=1e-5, atol=1e-5)
    torch.testing.assert_close(tensors["returns"], returns, rtol=1e-5, atol=1e-5)
    assert list(data.non_tensor_batch["uid"][::3]) == ["j/g0/0", "j/g1/0", "j/g2/0"]


def loss_of(data: Any, mode: str) -> Any:
    """Loss and gradient as in verl's actor worker; the gradient by log-probability."""
    import torch
    from verl.utils import tensordict_utils
    from verl.workers.config import ActorConfig
    from verl.workers.utils.losses import ppo_loss
    from verl.workers.utils.padding import left_right_2_no_padding

    config = ActorConfig(
        strategy="fsdp", rollout_n=3, ppo_mini_batch_size=3, ppo_micro_batch_size_per_gpu=9, loss_agg_mode=mode
    )
    made = left_right_2_no_padding(data.to_tensordict())
    tokens = int(data.batch["response_mask"].sum())
    rows = int((data.batch["response_mask"].sum(dim=1) > 0).sum())
    tensordict_utils.assign_non_tensor(made, dp_size=1, batch_num_tokens=tokens, global_batch_size=rows)
    offsets = made["input_ids"].offsets()
    values = torch.linspace(-5, -3, int(offsets[-1]), requires_grad=True)
    nested = torch.nested.nested_tensor_from_jagged(values, offsets=offsets)
    loss, _ = ppo_loss(config, {"log_probs": nested}, made)
    loss.backward()
    return loss.detach(), values.grad


@pytest.mark.parametrize("mode", ["token-mean", "seq-mean-token-mean"])
def test_verls_loss_is_that_of_grpo_by_hand_and_leaves_out_what_was_not_judged(mode: str) -> None:
    import torch

    # Given
    made = groups(missing=True)
    data = batch(made, PAD)
    # When
    loss, gradient = loss_of(data, mode)
    # Then
    assert list(data.non_tensor_batch["kritik_ok"]) == [True] * 4 + [False] + [True] * 4
    assert data.batch["response_mask"][4].sum() == 0
    per_row, place = [], 0
    members = [member for group in made for member in group.members]
    values = torch.linspace(-5, -3, int(data.batch["attention_mask"].sum()), dtype=torch.float32)
    for member in members:
        ids, prompt = member.response_token_ids or (), member.prompt_token_ids or ()
        begin = place + len(prompt) - 1
        new = values[begin : begin + len(ids)]
        own = gradient[place : place + len(prompt) + len(ids)]
        place += len(prompt) + len(ids)
        if member.advantage is None:
            assert own.abs().sum() == 0
            continue
        ratio = torch.exp(new - torch.tensor(member.response_logprobs))
        clipped = torch.minimum(ratio * member.advantage, ratio.clamp(0.8, 1.2) * member.advantage)
        if member.advantage < 0:
            clipped = torch.maximum(clipped, torch.full_like(clipped, 3.0 * member.advantage))  # verl's dual clip
        per_row.append(-clipped)
    expected = torch.cat(per_row).mean() if mode == "token-mean" else torch.stack([r.mean() for r in per_row]).mean()
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-6)
