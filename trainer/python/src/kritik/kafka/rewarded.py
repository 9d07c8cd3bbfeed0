# SPDX-License-Identifier: Apache-2.0
"""Groups to train from: the topic of rewards joined with that of rollouts."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from types import TracebackType
from typing import Any, Literal, TypeVar

from kritik.advantage import Baseline, advantages
from kritik.errors import KritikError
from kritik.kafka.group import RewardedGroup, id_of
from kritik.kafka.join import GroupId, GroupPosition, Join
from kritik.kafka.registry import Registry, Undecodable, unwrap
from kritik.kafka.rewards import MOST_BAD, GroupReward, decode
from kritik.kafka.rollouts import Rollout
from kritik.kafka.topic import BadRecord, Consumer, Topic

__all__ = ["RewardedGroups"]

T = TypeVar("T")
log = logging.getLogger("kritik.kafka")
# A broker answers what comes over a connection in its order: who asks where a topic ends waits for a fetch to return.
# The end of a partition is told: it can lie behind the last record.
LIVELY = {"fetch.wait.max.ms": 100, "enable.partition.eof": True}
LOOK_BACK = 500  # rewards before a position that are read again: a stray rollout of such a group is no new group
PATIENCE_S = 2.0  # that a reward waits for its rollouts before the broker is asked whether they are there at all


class RewardedGroups:
    """Reads the groups of a job, with their rollouts, in the order in which they ended.

    with RewardedGroups("localhost:9092", "http://localhost:8081", "run-7", start=kept) as groups: for group in
    groups.read(deadline_s=60): train(group); keep(groups.position)

    `start`: `earliest`, `latest`, or what `position` gave. Whoever keeps the position together with what was made of
    the groups, and goes on from there, sees each group exactly once: what was read ahead is read again. Nothing is
    committed, and no consumer group is joined. Only committed transactions are read.

    Other jobs' groups and hinted ones, whose judge knew the answer, are left out. What can't be decoded is passed over,
    logged, and kept in `bad` (the newest 1000). A group whose rollouts the topic has no more comes without them, with a
    line in the log. Rollouts for which no reward came, while those that are `forget_after_s` younger are read, are
    forgotten: such arrived too late for their group.

    `baseline` and `by_deviation` say how advantages are reckoned, see `kritik.advantages`. `config` goes to
    confluent_kafka.Consumer (security, for instance). In memory are the rollouts of groups that have not ended: the
    topic of rollouts is read as far as the rewards need it. For one thread.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        registry: str | Registry,
        job_id: str,
        *,
        start: Literal["earliest", "latest"] | Mapping[str, Any] = "earliest",
        baseline: Baseline = "mean",
        by_deviation: bool = True,
        rollouts_topic: str = "rollouts",
        rewards_topic: str = "rewards",
        forget_after_s: float = 86_400.0,
        config: Mapping[str, Any] | None = None,
        rollouts_consumer: Consumer | None = None,
        rewards_consumer: Consumer | None = None,
    ) -> None:
        """Connects with `open`, or with the first read."""
        advantages((), baseline)  # refuses what is none
        if not job_id or "/" in job_id:
            raise ValueError(f"job_id: at least one character, and no '/', not {job_id!r}")
        self.job_id = job_id
        self.baseline: Baseline = baseline
        self.by_deviation = by_deviation
        self.schemas = Registry(registry) if isinstance(registry, str) else registry
        self.bad: deque[BadRecord] = deque(maxlen=MOST_BAD)
        self.forget_after_ms = int(forget_after_s * 1000)
        self.servers = bootstrap_servers
        self.names = (rollouts_topic, rewards_topic)
        self.config = dict(config or {})
        self.stand(start, rollouts_consumer, rewards_consumer)

    def go_to(self, start: Literal["earliest", "latest"] | Mapping[str, Any]) -> None:
        """Stands there, whatever was read before; the next read goes on from it."""
        self.stand(start, self.rollouts.consumer, self.rewards.consumer)

    def stand(
        self,
        start: Literal["earliest", "latest"] | Mapping[str, Any],
        rollouts_consumer: Consumer | None,
        rewards_consumer: Consumer | None,
    ) -> None:
        """Forgets what was read, and will read from there."""
        self.start = GroupPosition.of(start) if isinstance(start, Mapping) else None
        where = start if isinstance(start, str) else "earliest"
        rollouts, rewards = self.names
        foreign = {id.job for id in self.start.waiting} - {self.job_id} if self.start else ()
        if foreign:
            raise ValueError(f"position: is of job {', '.join(sorted(foreign))}, not of {self.job_id}")
        # What is gone is an error for rewards, for groups would be lost; rollouts that are gone are missing from their
        # groups, which is said there.
        self.rollouts = Topic(
            self.servers,
            rollouts,
            self.start.rollouts if self.start else where,
            {**self.config, **LIVELY},
            rollouts_consumer,
        )
        self.rewards = Topic(
            self.servers,
            rewards,
            self.start.rewards if self.start else where,
            {**self.config, **LIVELY, "auto.offset.reset": "error"},
            rewards_consumer,
        )
        self.join = Join(self.start, self.forget_after_ms)
        self.head: tuple[Any, GroupReward] | None = None  # a reward that has been read, and not been handed out
        self.since = 0.0  # when that was, on the clock of time.monotonic
        # Ends of the topics of rewards and of rollouts, asked for in this order: a reward before the first has its
        # rollouts before the second.
        self.ends: tuple[dict[int, int], dict[int, int]] = ({}, {})
        self.opened = False

    def open(self, deadline_s: float = 30.0) -> None:
        """Connects, so that there is a position. Raises `KritikError` where broker or topic can't be reached, or where
        the topics no longer have what the position needs.
        """
        if self.opened:
            return
        deadline = time.monotonic() + deadline_s
        self.rollouts.connected(deadline)  # first: a reward never stands before its rollouts
        self.rewards.connected(deadline)
        if self.start is not None:
            self.check(self.rollouts, deadline, lost=False)
            self.look_back(self.check(self.rewards, deadline, lost=True), deadline)
        self.opened = True

    def look_back(self, lows: Mapping[int, int], deadline: float) -> None:
        """Learns which groups had ended before the position: rollouts of theirs may stand behind it."""
        position = dict(self.rewards.next)
        self.rewards.next = {p: max(lows[p], offset - LOOK_BACK) for p, offset in position.items()}
        self.rewards.again()
        while any(self.rewards.next[p] < offset for p, offset in position.items()):
            if time.monotonic() >= deadline:
                raise KritikError(f"topic {self.rewards.name}: could not be read up to the position in time")
            message = self.rewards.poll(0.1, deadline)
            if message is not None and message.offset() < position[message.partition()]:
                group = self.decoded(self.rewards, message, partial(decode, registry=self.schemas, deadline=deadline))
                if group is not None:
                    self.join.take(id_of(group))
            if message is not None:
                self.rewards.passed(message)
        self.rewards.next = position
        self.rewards.again()

    def check(self, topic: Topic, deadline: float, lost: bool) -> dict[int, int]:
        """Refuses a position that is not one of this topic; the first offset of each partition."""
        lows: dict[int, int] = {}
        for partition, offset in topic.next.items():
            low, high = topic.bounds(partition, deadline)
            lows[partition] = low
            where = f"topic {topic.name}, partition {partition}: the position is {offset}"
            if offset > high:
                raise KritikError(f"{where}, the end {high}: it is another topic, or it was made anew; start elsewhere")
            if offset < low and lost:
                raise KritikError(
                    f"{where}, the first record that is left {low}: groups are lost; keep the topic for longer, "
                    "and start at the earliest or at the latest"
                )
            if offset < low:
                log.warning("%s, the first record that is left %d: some groups will have no texts", where, low)
        return lows

    @property
    def position(self) -> dict[str, Any]:
        """After the last group that was handed out; can be written as JSON."""
        if not self.opened:
            if self.start is None:
                raise KritikError("there is no position yet: call open() first")
            return self.start.json()
        read = self.rollouts.next
        return GroupPosition(
            dict(self.rewards.next), self.join.needed(read), self.join.read(read), self.join.waiting
        ).json()

    @property
    def waiting(self) -> frozenset[GroupId]:
        """Groups whose rollouts have been read, and that have not been handed out."""
        return self.join.waiting

    def catch_up(self, deadline_s: float) -> None:
        """Reads the rollouts up to their present end, so that `waiting` holds all groups that are to come. Hands
        nothing out. Raises `KritikError` if that takes longer than `deadline_s` seconds.
        """
        self.open(deadline_s)
        deadline = time.monotonic() + deadline_s
        ends = self.rollouts.ends(deadline)
        while not self.beyond(ends):
            if time.monotonic() >= deadline:
                raise KritikError(f"topic {self.rollouts.name}: its end was not reached in {deadline_s:g} s")
            self.read_rollout(0.1, deadline)

    def read(self, deadline_s: float) -> Iterator[RewardedGroup]:
        """Groups as they end, until `deadline_s` seconds from now are over; errors as of `next`."""
        deadline = time.monotonic() + deadline_s
        while (group := self.next(max(0.0, deadline - time.monotonic()))) is not None:
            yield group

    def next(self, deadline_s: float) -> RewardedGroup | None:
        """The next group that has ended; None if none came in `deadline_s` seconds.

        Raises `KritikError` where broker or registry can't be reached; nothing is lost, and it may be called again.
        """
        deadline = time.monotonic() + deadline_s
        self.open(max(1.0, deadline_s))
        while True:
            left = max(0.0, deadline - time.monotonic())
            if self.head is None:
                self.read_reward(min(left, 1.0), deadline)
            if self.head is not None:
                if self.joined(deadline):
                    return self.handed_out()
                self.read_rollout(min(left, 0.1), deadline)
            if left == 0:
                return None

    def read_reward(self, wait_s: float, deadline: float) -> None:
        """Polls for a reward that is wanted; others are passed over."""
        message = self.rewards.poll(wait_s, deadline)
        if message is None:
            return
        try:
            group = self.decoded(self.rewards, message, partial(decode, registry=self.schemas, deadline=deadline))
        except KritikError:
            self.rewards.again()
            raise
        if group is None or group.result.job_id != self.job_id:
            self.rewards.passed(message)
        elif group.hinted:
            self.join.take(id_of(group))
            self.rewards.passed(message)
        else:
            self.head, self.since = (message, group), time.monotonic()

    def read_rollout(self, wait_s: float, deadline: float) -> None:
        """Polls for a rollout."""
        message = self.rollouts.poll(wait_s, deadline)
        if message is None:
            return
        try:
            rollout = self.decoded(self.rollouts, message, partial(self.rollout, message, deadline))
        except KritikError:
            self.rollouts.again()
            raise
        if rollout is not None:
            self.join.add(message.partition(), message.offset(), message.timestamp()[1], rollout)
        self.rollouts.passed(message)

    def decoded(self, topic: Topic, message: Any, decode: Callable[[bytes], T]) -> T | None:
        """What a record of this job says; None for others', and for one that can't be decoded, which is noted."""
        key, value = message.key(), message.value()
        # The key names the group, and Kritik takes no record without: what is of other jobs need not be decoded.
        if value is None or key is None or not key.startswith(f"{self.job_id}/".encode()):
            return None
        try:
            return decode(value)
        except Undecodable as wrong:
            bad = BadRecord(topic.name, message.partition(), message.offset(), str(wrong))
            self.bad.append(bad)
            log.warning("topic %s, partition %d, offset %d: %s", bad.topic, bad.partition, bad.offset, bad.reason)
            return None

    def rollout(self, message: Any, deadline: float, value: bytes) -> Rollout:
        """The rollout in a record."""
        record = unwrap(value, self.schemas, deadline)
        try:
            rollout = Rollout.of(record)
            if rollout.key.encode() != message.key():
                raise ValueError("its key is not that of its group")
        except (KeyError, TypeError, ValueError) as wrong:
            raise Undecodable(f"not a rollout: {wrong!r}") from wrong
        return rollout

    def joined(self, deadline: float) -> bool:
        """Whether the rollouts of the reward that is to be handed out are there, as far as the topic has them."""
        assert self.head is not None
        message, reward = self.head
        came = {member.index for member in reward.result.members if member.status != "MISSING"}
        missing = came - self.join.members(id_of(reward)).keys()
        if not missing:
            return True
        if message.offset() >= self.ends[0].get(message.partition(), 0):
            if time.monotonic() < self.since + PATIENCE_S:
                return False
            rewards = self.rewards.ends(deadline)
            self.ends = (rewards, self.rollouts.ends(deadline))
        if not self.beyond(self.ends[1]):
            return False
        name = f"{reward.result.job_id}/{reward.result.id}"
        log.warning("group %s: the topic has no rollouts of members %s any more", name, sorted(missing))
        return True

    def beyond(self, ends: Mapping[int, int]) -> bool:
        """Whether the rollouts have been read that far."""
        return all(self.rollouts.next[partition] >= end for partition, end in ends.items())

    def handed_out(self) -> RewardedGroup:
        """The group that is due, and moves on."""
        assert self.head is not None
        message, reward = self.head
        rollouts = self.join.take(id_of(reward))
        self.rewards.passed(message)
        self.head = None
        values = advantages(reward.result.rewards, self.baseline, self.by_deviation)
        return RewardedGroup.of(reward, values, rollouts)

    def close(self) -> None:
        """Closes the connections."""
        self.rollouts.close()
        self.rewards.close()
        self.schemas.close()

    def __enter__(self) -> RewardedGroups:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections."""
        self.close()
