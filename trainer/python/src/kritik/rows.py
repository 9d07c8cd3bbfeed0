# SPDX-License-Identifier: Apache-2.0
"""Groups from the topics as padded rows, one for each member: what the tensors of TRL and verl are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kritik.kafka.group import RewardedGroup, RewardedMember

__all__ = ["Rows"]


@dataclass(frozen=True)
class Rows:
    """All members of some groups: prompts filled up on the left, responses on the right.

    `*_mask`: 1 where there is a token. `loss_mask`: 1 for the tokens to learn from; all 0 in a row of a member that is
    not `trainable`, which keeps its row, so that the shape does not depend on what was judged. Such a row has advantage
    0; `rewards` says None there.
    """

    prompt_ids: list[list[int]]
    prompt_mask: list[list[int]]
    response_ids: list[list[int]]
    response_mask: list[list[int]]
    loss_mask: list[list[int]]
    old_logprobs: list[list[float]]
    advantages: list[float]
    rewards: list[float | None]
    groups: list[str]

    @classmethod
    def of(
        cls,
        groups: Sequence[RewardedGroup],
        pad_token_id: int,
        prompt_length: int | None = None,
        response_length: int | None = None,
    ) -> Rows:
        """Rows as long as the longest member, or as said. Raises `ValueError` where a member is longer than that."""
        members = [(group, member) for group in groups for member in group.members]
        # A member without tokens stands there as one that fills up, which is seen and not learned from.
        prompts = [list(member.prompt_token_ids or (pad_token_id,)) for _, member in members]
        responses = [list(member.response_token_ids or (pad_token_id,)) for _, member in members]
        left = longest("prompt", prompts, prompt_length)
        right = longest("response", responses, response_length)
        logprobs = [list(member.response_logprobs or ()) if member.trainable else [] for _, member in members]
        return cls(
            prompt_ids=[[pad_token_id] * (left - len(ids)) + ids for ids in prompts],
            prompt_mask=[[0] * (left - len(ids)) + [1] * len(ids) for ids in prompts],
            response_ids=[ids + [pad_token_id] * (right - len(ids)) for ids in responses],
            response_mask=[[1] * len(ids) + [0] * (right - len(ids)) for ids in responses],
            loss_mask=[[1] * len(known) + [0] * (right - len(known)) for known in logprobs],
            old_logprobs=[known + [0.0] * (right - len(known)) for known in logprobs],
            advantages=[advantage(member) for _, member in members],
            rewards=[member.reward for _, member in members],
            groups=["/".join(map(str, group.id)) for group, _ in members],
        )

    @property
    def lengths(self) -> list[int]:
        """Tokens of each response."""
        return [sum(mask) for mask in self.response_mask]


def advantage(member: RewardedMember) -> float:
    """An advantage for the tensor; what is not trainable has none, and a mask that says so."""
    return member.advantage if member.trainable and member.advantage is not None else 0.0


def longest(name: str, rows: Sequence[Sequence[int]], length: int | None) -> int:
    """The length of a part of the row."""
    found = max((len(row) for row in rows), default=1)
    if length is not None and found > length:
        raise ValueError(f"{name}_length: a {name} has {found} tokens, more than {length}")
    return found if length is None else length
