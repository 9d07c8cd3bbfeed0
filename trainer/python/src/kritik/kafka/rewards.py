# SPDX-License-Identifier: Apache-2.0
"""Complete groups of rewards from the rewards topic."""

from __future__ import annotations

import logging
import math
import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from kritik.errors import KritikError
from kritik.kafka.registry import Registry, Undecodable, unwrap
from kritik.kafka.topic import BadRecord, Consumer, Start, Topic
from kritik.model import Judge, Member, Result, Status, Timings, nothing
from kritik.protocol import juror

__all__ = ["GroupReward", "Groups", "decode"]

log = logging.getLogger("kritik.kafka")
MOST_BAD = 1000


@dataclass(frozen=True)
class GroupReward:
    """The one terminal record of a group. `result.id` is the group's id; `result.raw` is the record, with all its
    votes.

    `hinted`: the judge was told the answer: these are no rewards. `partition` and `offset` say where the record
    stands.
    """

    result: Result
    group_attempt: int
    group_size: int
    hinted: bool = False
    partition: int = -1
    offset: int = -1


def decode(value: bytes, registry: Registry, deadline: float = math.inf) -> GroupReward:
    """Reads a record's value. Fields of newer schemas stand in `result.raw`."""
    record = unwrap(value, registry, deadline)
    try:
        return group_reward(record)
    except Exception as wrong:  # a record of another schema has other fields, of other types
        raise Undecodable(f"not a group's reward: {wrong!r}") from wrong


def group_reward(r: dict[str, Any]) -> GroupReward:
    """A record as values."""
    members = tuple(
        Member(
            m["index"],
            m["status"],
            m.get("reward"),
            m.get("reason"),
            m.get("kept_votes", 0),
            m.get("spread"),
            m.get("rule"),
            tuple(m.get("marks", ())),
        )
        for m in sorted(r["members"], key=lambda m: m["index"])
    )
    if [member.index for member in members] != list(range(r["group_size"])):
        raise ValueError(f"{len(members)} members in a group of {r['group_size']}")
    result = Result(
        id=r["group_id"],
        job_id=r["job_id"],
        status=Status.of(r["status"]),
        rewards=tuple(member.reward for member in members),
        reason=r.get("reason"),
        detail=r.get("detail"),
        members=members,
        best=r.get("best"),
        tied_top=r.get("tied_top", False),
        judge=Judge(
            models=tuple(r.get("models", ())),
            meta_models=tuple(r.get("meta_models", ())),
            k=r.get("k"),
            k_meta=r.get("k_meta"),
            samples_requested=r.get("samples_requested", 0),
            samples_received=r.get("samples_received", 0),
            samples_valid=r.get("samples_valid", 0),
            jury=tuple(juror(one) for one in r.get("jury", ())),
        ),
        stop_reason=r.get("stop_reason"),
        goal=r.get("goal"),
        confidence=r.get("confidence"),
        change_chance=r.get("change_chance"),
        samples_spent=r.get("samples_spent"),
        hinted=r.get("hinted", False),
        timings=Timings(r.get("opened_ms"), r.get("judging_ms"), r.get("closed_ms")),
        policy_version=r.get("policy_version"),
        raw=r,
    )
    return GroupReward(result, r["group_attempt"], r["group_size"], r.get("hinted", False))


@dataclass
class Groups:
    """Reads complete groups from the rewards topic: each record is a group that ended, in whatever way.

    with Groups("localhost:9092", "http://localhost:8081", job_id="run-7") as groups: for group in
    groups.read(deadline_s=60): use(group.result.rewards)

    `start`: `earliest`, `latest`, a time in epoch milliseconds, or a position, i.e. the next offset of each partition
    (those that are not named start at the earliest). Nothing is committed and no consumer group is joined: keep
    `position` together with what was made of the groups, and start there again.

    Only committed transactions are read. Groups of other jobs and hinted groups, whose judge knew the answer, are left
    out (`job_id=None` and `hinted=True` take them in). What can't be decoded is passed over, logged, and kept in
    `bad`, which holds the newest 1000. `config` goes to confluent_kafka.Consumer (security, for instance). For one
    thread.
    """

    bootstrap_servers: str
    registry: str | Registry
    topic: str = "rewards"
    job_id: str | None = None
    start: Start = "earliest"
    hinted: bool = False
    config: Mapping[str, Any] = field(default_factory=nothing)
    consumer: Consumer | None = None
    bad: deque[BadRecord] = field(default_factory=lambda: deque[BadRecord](maxlen=MOST_BAD))

    def __post_init__(self) -> None:
        """Connects with the first read."""
        self.schemas = Registry(self.registry) if isinstance(self.registry, str) else self.registry
        self.source = Topic(self.bootstrap_servers, self.topic, self.start, self.config, self.consumer)

    @property
    def position(self) -> dict[int, int]:
        """The next offset of each partition: after the last group that was handed out. Empty before the first read."""
        return dict(self.source.next)

    def read(self, deadline_s: float) -> Iterator[GroupReward]:
        """Groups as they come, until `deadline_s` seconds from now are over.

        Raises `KritikError` where broker or registry can't be reached, or the topic does not exist; what was handed
        out stays so.
        """
        deadline = time.monotonic() + deadline_s
        while (left := deadline - time.monotonic()) > 0:
            message = self.source.poll(min(left, 1.0), deadline)
            if message is None:
                continue
            try:
                group = self.taken(message, deadline)
            except KritikError:
                self.source.again()  # the record is read again by the next read
                raise
            self.source.passed(message)
            if group is not None:
                yield group

    def taken(self, message: Any, deadline: float) -> GroupReward | None:
        """The group in a record, if it is one that is wanted."""
        partition, offset, value = message.partition(), message.offset(), message.value()
        if value is None:
            return None
        try:
            group = decode(value, self.schemas, deadline)
        except Undecodable as wrong:
            self.bad.append(BadRecord(self.topic, partition, offset, str(wrong)))
            log.warning("topic %s, partition %d, offset %d: %s", self.topic, partition, offset, wrong)
            return None
        if (group.hinted and not self.hinted) or self.job_id not in (None, group.result.job_id):
            return None
        return GroupReward(group.result, group.group_attempt, group.group_size, group.hinted, partition, offset)

    def close(self) -> None:
        """Closes the connections."""
        self.source.close()
        self.schemas.close()

    def __enter__(self) -> Groups:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections."""
        self.close()
