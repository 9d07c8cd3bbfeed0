# SPDX-License-Identifier: Apache-2.0
"""Advantages: the same vectors as in the Java client's AdvantagesTest."""

from __future__ import annotations

import math
import random
import statistics
from typing import get_args

import pytest

from kritik import advantages
from kritik.advantage import Baseline, flat


def test_difference_from_the_mean_over_the_deviation_of_a_sample() -> None:
    assert advantages([1, 2, 3]) == [-1, 0, 1]


def test_without_deviation_the_difference_alone() -> None:
    assert advantages([1, 2, 6], by_deviation=False) == [-2, -1, 3]


def test_leave_one_out_holds_each_against_the_mean_of_the_others() -> None:
    expected = [1 - 4, 2 - 3.5, 6 - 1.5]
    assert advantages([1, 2, 6], "leave-one-out", False) == pytest.approx(expected, abs=1e-12)


def test_a_member_without_a_reward_has_no_advantage_and_counts_for_nothing() -> None:
    assert advantages([1, None, 2, 3]) == [-1, None, 0, 1]
    assert advantages([1, math.nan, 2, 3]) == [-1, None, 0, 1]


def test_equal_rewards_give_no_advantage_whatever_the_baseline() -> None:
    for baseline in get_args(Baseline):
        assert advantages([4.1, 4.1, None], baseline) == [0, 0, None]
        assert advantages([4.1], baseline, by_deviation=False) == [0]
        assert advantages([None, None], baseline) == [None, None]
        assert advantages([], baseline) == []
    assert flat([4.1, None])
    assert flat([None, None])
    assert not flat([4.1, 4.2])


def test_on_any_rewards_they_have_mean_0_and_deviation_1() -> None:
    seed = random.randrange(2**32)
    print("seed", seed)
    chance = random.Random(seed)
    for _ in range(200):
        rewards = [chance.uniform(1, 10) if chance.random() < 0.8 else None for _ in range(chance.randint(4, 16))]
        there = [value for value in advantages(rewards) if value is not None]
        if len(there) > 1:
            assert statistics.fmean(there) == pytest.approx(0, abs=1e-9)
            assert statistics.stdev(there) == pytest.approx(1)


def test_another_baseline_is_refused() -> None:
    with pytest.raises(ValueError, match="baseline: mean or leave-one-out, not 'median'"):
        advantages([1, 2], "median")  # pyright: ignore[reportArgumentType]
