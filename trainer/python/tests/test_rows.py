# SPDX-License-Identifier: Apache-2.0
"""Members of groups as padded rows."""

from __future__ import annotations

from typing import Any

import pytest

from kritik import Message, Result, Status
from kritik.kafka import GroupReward, RewardedGroup, RewardedMember
from kritik.rows import Rows

PAD = 0


def member(index: int, advantage: float | None, **others: Any) -> RewardedMember:
    reward = None if advantage is None else 5.0 + advantage
    return RewardedMember(index, "SCORED", reward, advantage, **others)


def tokens(prompt: int, response: int) -> dict[str, Any]:
    ids = tuple(range(1, response + 1))
    return {
        "prompt_token_ids": tuple(range(11, 11 + prompt)),
        "response_token_ids": ids,
        "response_logprobs": tuple(-0.5 * each for each in ids),
    }


def group(*members: RewardedMember) -> RewardedGroup:
    rewards = tuple(member.reward for member in members)
    reward = GroupReward(Result("g", Status.PARTIAL, rewards, job_id="j"), 1, len(members))
    return RewardedGroup(reward, (Message("user", "q"),), members)


def test_prompts_are_filled_up_on_the_left_and_responses_on_the_right() -> None:
    rows = Rows.of([group(member(0, 1.0, **tokens(1, 3)), member(1, -1.0, **tokens(2, 1)))], PAD)
    assert rows.prompt_ids == [[0, 11], [11, 12]]
    assert rows.prompt_mask == [[0, 1], [1, 1]]
    assert rows.response_ids == [[1, 2, 3], [1, 0, 0]]
    assert rows.response_mask == rows.loss_mask == [[1, 1, 1], [1, 0, 0]]
    assert rows.old_logprobs == [[-0.5, -1.0, -1.5], [-0.5, 0.0, 0.0]]
    assert (rows.advantages, rows.rewards, rows.lengths) == ([1.0, -1.0], [6.0, 4.0], [3, 1])
    assert rows.groups == ["j/g/1", "j/g/1"]


@pytest.mark.parametrize(
    "untrained",
    [
        member(0, None, **tokens(1, 2)),
        member(0, 1.0),
        member(0, 1.0, **tokens(1, 2) | {"response_logprobs": None}),
        member(0, 1.0, **tokens(1, 2) | {"response_logprobs": (-1.0,)}),
        member(0, 1.0, **tokens(0, 2)),
        member(0, 1.0, **tokens(1, 0)),
    ],
)
def test_who_cannot_be_learned_from_keeps_a_row_that_is_masked(untrained: RewardedMember) -> None:
    rows = Rows.of([group(untrained, member(1, 1.0, **tokens(1, 2)))], PAD)
    assert rows.loss_mask == [[0, 0], [1, 1]]
    assert rows.advantages == [0.0, 1.0]
    assert rows.old_logprobs[0] == [0.0, 0.0]
    assert sum(rows.prompt_mask[0]) >= 1
    assert sum(rows.response_mask[0]) >= 1


def test_lengths_can_be_given_and_what_is_longer_is_refused() -> None:
    one = [group(member(0, 1.0, **tokens(2, 2)))]
    rows = Rows.of(one, PAD, 3, 4)
    assert rows.prompt_ids == [[0, 11, 12]]
    assert rows.response_ids == [[1, 2, 0, 0]]
    with pytest.raises(ValueError, match="response_length: a response has 2 tokens, more than 1"):
        Rows.of(one, PAD, 3, 1)
