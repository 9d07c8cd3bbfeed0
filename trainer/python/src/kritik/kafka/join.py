# SPDX-License-Identifier: Apache-2.0
"""Which rollouts a reward is for: the join's memory, without any Kafka in it."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from kritik.kafka.rollouts import Rollout

__all__ = ["GroupId", "GroupPosition", "Join"]

log = logging.getLogger("kritik.kafka")
MOST_DONE = 10_000


class GroupId(NamedTuple):
    """Which group: the training run, the query within it, and how often it was sent anew."""

    job: str
    group: str
    attempt: int


@dataclass(frozen=True)
class GroupPosition:
    """Where a reader of groups stands: after the last group that it handed out.

    `rewards`: the next offset of each partition of the topic of rewards. `rollouts`: of each partition of the topic of
    rollouts, the first offset that is needed again. `rollouts_read`: the next one that was not read; before it, only
    groups in `waiting` are needed again: their rollouts were read, and they were not handed out.
    """

    rewards: Mapping[int, int]
    rollouts: Mapping[int, int]
    rollouts_read: Mapping[int, int]
    waiting: frozenset[GroupId]

    @classmethod
    def of(cls, json: Mapping[str, Any]) -> GroupPosition:
        """From its JSON form. Raises `ValueError` that says what is wrong."""
        try:
            offsets = {
                name: {int(partition): int(offset) for partition, offset in json[name].items()}
                for name in ("rewards", "rollouts", "rollouts_read")
            }
            waiting = frozenset(
                GroupId(str(one["job"]), str(one["group"]), int(one["attempt"])) for one in json["waiting"]
            )
            needed, read = offsets["rollouts"], offsets["rollouts_read"]
            if needed.keys() != read.keys() or any(needed[p] > read[p] for p in needed):
                raise ValueError("rollouts must name the partitions of rollouts_read, and no later offsets")
            if any(offset < 0 for by_partition in offsets.values() for offset in by_partition.values()):
                raise ValueError("an offset is below 0")
        except (KeyError, TypeError, AttributeError, ValueError) as wrong:
            raise ValueError(f"position: {wrong!r} in {json!r}"[:500]) from wrong
        return cls(**offsets, waiting=waiting)

    def json(self) -> dict[str, Any]:
        """The form that can be kept: the same as that of the Java client."""
        offsets = {"rewards": self.rewards, "rollouts": self.rollouts, "rollouts_read": self.rollouts_read}
        return {
            **{name: {str(p): by_partition[p] for p in sorted(by_partition)} for name, by_partition in offsets.items()},
            "waiting": [one._asdict() for one in sorted(self.waiting)],
        }


@dataclass
class Pending:
    """What has come of a group: rollouts by index, where the first stands in each partition, how new the newest is."""

    members: dict[int, Rollout] = field(default_factory=dict[int, Rollout])
    first: dict[int, int] = field(default_factory=dict[int, int])
    newest_ms: int = 0


class Join:
    """The rollouts that have been read, and whose groups were not handed out."""

    def __init__(self, start: GroupPosition | None, forget_after_ms: int) -> None:
        """Groups that `start` waits for are wanted wherever they stand, others behind `rollouts_read` alone."""
        self.read_before: Mapping[int, int] = start.rollouts_read if start else {}
        self.owed: set[GroupId] = set(start.waiting) if start else set()
        self.pending: OrderedDict[GroupId, Pending] = OrderedDict()
        self.done: OrderedDict[GroupId, None] = OrderedDict()
        self.forget_after_ms = forget_after_ms
        self.latest_ms = 0

    def add(self, partition: int, offset: int, time_ms: int, rollout: Rollout) -> None:
        """Takes in a rollout, if its group is still wanted. The first of an identity counts, as for the judge."""
        id = GroupId(rollout.job_id, rollout.group_id, rollout.group_attempt)
        if id in self.done or (offset < self.read_before.get(partition, 0) and id not in self.owed):
            return
        if rollout.hint is not None:
            return  # the rewards of its group are none, and are not handed out
        group = self.pending.setdefault(id, Pending())
        group.first.setdefault(partition, offset)
        group.newest_ms = max(group.newest_ms, time_ms)
        if group.members:
            known = next(iter(group.members.values()))
            if (known.group_size, known.messages) != (rollout.group_size, rollout.messages):
                return  # it contradicts the first member, and was turned away
        group.members.setdefault(rollout.index, rollout)
        self.latest_ms = max(self.latest_ms, time_ms)
        self.forget()

    def forget(self) -> None:
        """Gives up groups whose end never came: what arrived too late for its group, or never was a valid one."""
        while self.pending:
            id, oldest = next(iter(self.pending.items()))
            if self.latest_ms - oldest.newest_ms <= self.forget_after_ms:
                return
            log.warning("group %s/%s: no reward came for its rollouts, they are forgotten", id.job, id.group)
            del self.pending[id]
            self.owed.discard(id)

    def members(self, id: GroupId) -> Mapping[int, Rollout]:
        """What has come of a group."""
        group = self.pending.get(id)
        return group.members if group else {}

    def take(self, id: GroupId) -> Mapping[int, Rollout]:
        """What has come of a group, which is done with this."""
        members = self.members(id)
        self.pending.pop(id, None)
        self.owed.discard(id)
        self.done[id] = None
        while len(self.done) > MOST_DONE:
            self.done.popitem(last=False)
        return members

    @property
    def waiting(self) -> frozenset[GroupId]:
        """Groups that have not been handed out."""
        return frozenset(self.owed) | frozenset(self.pending)

    def needed(self, read: Mapping[int, int]) -> dict[int, int]:
        """The first offset of each partition that is needed again, when `read` are the next ones."""
        first = dict(read)
        for group in self.pending.values():
            for partition, offset in group.first.items():
                first[partition] = min(first.get(partition, offset), offset)
        return first

    def read(self, read: Mapping[int, int]) -> dict[int, int]:
        """Before which offset of each partition groups that don't wait are not needed again."""
        return {p: max(offset, self.read_before.get(p, 0)) for p, offset in read.items()}
