# SPDX-License-Identifier: Apache-2.0
"""Groups to train from, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kritik.advantage import flat
from kritik.kafka.join import GroupId
from kritik.kafka.rewards import GroupReward
from kritik.kafka.rollouts import Rollout
from kritik.model import Message, nothing

__all__ = ["RewardedGroup", "RewardedMember", "id_of"]


@dataclass(frozen=True)
class RewardedMember:
    """One response with its reward.

    `reward` and `advantage` are None where it was not judged: leave it out, it is not 0. `text` and all below are None
    where the rollout never came or the topic has it no more; tokens and log-probabilities also where the producer gave
    none.
    """

    index: int
    status: str
    reward: float | None
    advantage: float | None
    text: str | None = None
    policy_version: int | None = None
    prompt_token_ids: tuple[int, ...] | None = None
    response_token_ids: tuple[int, ...] | None = None
    response_logprobs: tuple[float, ...] | None = None
    finish_reason: str | None = None
    metadata: Mapping[str, str] = field(default_factory=nothing)

    @property
    def trainable(self) -> bool:
        """Whether it has an advantage, its tokens, and a log-probability for each token of the response."""
        ids, logprobs = self.response_token_ids, self.response_logprobs
        there = bool(self.prompt_token_ids) and bool(ids) and logprobs is not None and len(logprobs) == len(ids or ())
        return there and self.advantage is not None


@dataclass(frozen=True)
class RewardedGroup:
    """A group that has ended, in whatever way. `reward` is the one record that says what became of it. `messages` are
    empty where the topic has none of its rollouts.
    """

    reward: GroupReward
    messages: tuple[Message, ...]
    members: tuple[RewardedMember, ...]

    @property
    def id(self) -> GroupId:
        """Which group it is."""
        return id_of(self.reward)

    @property
    def rewards(self) -> tuple[float | None, ...]:
        """By index, 1.0 to 10.0."""
        return self.reward.result.rewards

    @property
    def flat(self) -> bool:
        """Whether there is nothing to learn from comparing its members."""
        return flat(self.rewards)

    @classmethod
    def of(
        cls, reward: GroupReward, advantages: Sequence[float | None], rollouts: Mapping[int, Rollout]
    ) -> RewardedGroup:
        """A reward with the rollouts that are there, by index."""
        members = tuple(
            member(one.index, one.status, one.reward, advantage, rollouts.get(one.index))
            for one, advantage in zip(reward.result.members, advantages, strict=True)
        )
        any_of_them = next(iter(rollouts.values()), None)
        return cls(reward, any_of_them.messages if any_of_them else (), members)


def id_of(reward: GroupReward) -> GroupId:
    """Which group a reward is for."""
    return GroupId(reward.result.job_id or "", reward.result.id, reward.group_attempt)


def member(
    index: int, status: str, reward: float | None, advantage: float | None, rollout: Rollout | None
) -> RewardedMember:
    """A member of a group, with what is there of its rollout."""
    if rollout is None:
        return RewardedMember(index, status, reward, advantage)
    return RewardedMember(
        index,
        status,
        reward,
        advantage,
        rollout.response,
        rollout.policy_version,
        rollout.prompt_token_ids,
        rollout.response_token_ids,
        rollout.response_logprobs,
        rollout.metadata.get("finish_reason"),
        rollout.metadata,
    )
