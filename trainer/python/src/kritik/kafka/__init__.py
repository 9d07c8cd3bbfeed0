# SPDX-License-Identifier: Apache-2.0
"""Rewards from Kritik's topics, with the rollouts that they are for. Needs `pip install 'kritik[kafka]'`.

`Groups` reads the topic of rewards alone. `RewardedGroups` joins it with the topic of rollouts: groups with texts,
tokens and advantages, to train from. `GroupWriter` writes whole groups of rollouts.
"""

from kritik.kafka.group import RewardedGroup, RewardedMember
from kritik.kafka.join import GroupId, GroupPosition
from kritik.kafka.registry import Registry, Undecodable
from kritik.kafka.rewarded import RewardedGroups
from kritik.kafka.rewards import GroupReward, Groups, decode
from kritik.kafka.rollouts import GroupWriter, Rollout
from kritik.kafka.topic import BadRecord, Position

__all__ = [
    "BadRecord",
    "GroupId",
    "GroupPosition",
    "GroupReward",
    "GroupWriter",
    "Groups",
    "Position",
    "Registry",
    "RewardedGroup",
    "RewardedGroups",
    "RewardedMember",
    "Rollout",
    "Undecodable",
    "decode",
]
