# SPDX-License-Identifier: Apache-2.0
"""How much better a response is than the others of its group."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

__all__ = ["Baseline", "advantages", "flat"]

Baseline = Literal["mean", "leave-one-out"]


def advantages(
    rewards: Sequence[float | None], baseline: Baseline = "mean", by_deviation: bool = True
) -> list[float | None]:
    """The advantages of a group (GRPO, arXiv 2402.03300), by index.

    A member without a reward (None) has no advantage, and the others are reckoned without it. `baseline`: what a reward
    is held against, the mean of the group or that of the other members (`leave-one-out`, arXiv 2402.14740).
    `by_deviation`: whether the difference is divided by the deviation of the group's rewards; without it (Dr. GRPO,
    arXiv 2503.20783) groups whose rewards are close together don't weigh as much as others.

    The deviation is that of a sample (n - 1), as in TRL and verl, and no small number is added to it. Where all rewards
    are alike, or fewer than two are there, all advantages are 0.
    """
    if baseline not in ("mean", "leave-one-out"):
        raise ValueError(f"baseline: mean or leave-one-out, not {baseline!r}")
    there = known(rewards)
    if flat(rewards):
        return [None if missing(reward) else 0.0 for reward in rewards]
    mean = math.fsum(there) / len(there)
    # The mean of the others is farther away by this factor.
    scale = len(there) / (len(there) - 1) if baseline == "leave-one-out" else 1.0
    squares = math.fsum((reward - mean) ** 2 for reward in there)
    deviation = math.sqrt(squares / (len(there) - 1)) if by_deviation else 1.0
    return [None if reward is None or missing(reward) else (reward - mean) * scale / deviation for reward in rewards]


def flat(rewards: Sequence[float | None]) -> bool:
    """Whether there is nothing to learn from comparing them: all that are there are alike, or fewer than two are."""
    return len(set(known(rewards))) < 2


def known(rewards: Sequence[float | None]) -> list[float]:
    """The rewards that are there."""
    return [reward for reward in rewards if reward is not None and not missing(reward)]


def missing(reward: float | None) -> bool:
    """Whether there is no reward; in tensors that is said by NaN."""
    return reward is None or math.isnan(reward)
