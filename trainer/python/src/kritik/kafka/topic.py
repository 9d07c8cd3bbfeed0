# SPDX-License-Identifier: Apache-2.0
"""The records of one topic, from a position of one's own."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, cast

from kritik.errors import KritikError
from kritik.kafka.secrets import revealed
from kritik.model import nothing

__all__ = ["BadRecord", "Consumer", "Position", "Start", "Topic"]

log = logging.getLogger("kritik.kafka")
Position = Mapping[int, int]
Start = Literal["earliest", "latest"] | int | Position


@dataclass(frozen=True)
class BadRecord:
    """A record that was passed over: where it stands, and why."""

    topic: str
    partition: int
    offset: int
    reason: str


class Consumer(Protocol):
    """What is used of confluent_kafka.Consumer."""

    def list_topics(self, topic: str, timeout: float) -> Any:
        """Metadata of a topic."""

    def get_watermark_offsets(self, partition: Any, timeout: float) -> Any:
        """First and next offset of a partition."""

    def offsets_for_times(self, partitions: list[Any], timeout: float) -> Any:
        """The first offsets at or after times."""

    def assign(self, partitions: list[Any]) -> None:
        """Reads these partitions."""

    def poll(self, timeout: float) -> Any:
        """The next record, if any."""

    def close(self) -> None:
        """Closes the connections."""


@dataclass
class Topic:
    """Reads a topic's committed records. No consumer group is joined and nothing is committed: `next` holds the next
    offset of each partition, and whoever reads moves it. For one thread.
    """

    bootstrap_servers: str
    name: str
    start: Start
    config: Mapping[str, Any] = field(default_factory=nothing)
    consumer: Consumer | None = None
    next: dict[int, int] = field(default_factory=dict[int, int])
    assigned: bool = False

    def poll(self, wait_s: float, deadline: float) -> Any:
        """The next record, if one comes in time; `next` stays. Raises `KritikError` where the broker can't be reached
        by the deadline (on the clock of `time.monotonic`) or the topic does not exist.
        """
        import confluent_kafka as ck

        message = self.connected(deadline).poll(wait_s)
        if message is None:
            return None
        error = message.error()
        if error is None:
            return message
        if error.code() == ck.KafkaError._PARTITION_EOF:  # pyright: ignore[reportPrivateUsage, reportAttributeAccessIssue, reportUnknownMemberType]
            # Behind the last record there may be the mark of a transaction, which no record says.
            self.next[message.partition()] = max(self.next[message.partition()], message.offset())
        elif error.code() == ck.KafkaError.GROUP_AUTHORIZATION_FAILED:  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue, reportUnnecessaryTypeIgnoreComment]
            # librdkafka asks who coordinates the group that it has to be given. None is joined: no right is needed.
            log.debug("topic %s: %s", self.name, error)
        elif error.fatal() or not error.retriable():
            raise KritikError(f"topic {self.name}: {error}")
        else:
            log.warning("topic %s: %s", self.name, error)
        return None

    def passed(self, message: Any) -> None:
        """Moves on behind a record."""
        self.next[message.partition()] = message.offset() + 1

    def again(self) -> None:
        """Reads on at `next`, whatever has been polled."""
        if self.consumer is not None:
            self.assign(self.consumer)

    def ends(self, deadline: float) -> dict[int, int]:
        """The offset of each partition after its last committed record, as of now."""
        return {partition: self.bounds(partition, deadline)[1] for partition in self.next}

    def bounds(self, partition: int, deadline: float) -> tuple[int, int]:
        """First and next offset of a partition, as the broker says now."""
        import confluent_kafka as ck

        at = ck.TopicPartition(self.name, partition)
        try:
            found = self.connected(deadline).get_watermark_offsets(at, timeout=left(deadline))
        except ck.KafkaException as wrong:
            raise KritikError(f"topic {self.name} at {self.bootstrap_servers}: {wrong}") from wrong
        if found is None:
            raise KritikError(f"topic {self.name} at {self.bootstrap_servers}: no answer in time")
        return found

    def connected(self, deadline: float) -> Consumer:
        """The consumer, standing where it should."""
        import confluent_kafka as ck

        if self.consumer is None:
            self.consumer = cast("Consumer", ck.Consumer(self.settings()))
        if not self.assigned:
            self.assigned = True  # what follows asks the consumer, too
            try:
                self.next = self.begin(self.consumer, deadline)
                self.assign(self.consumer)
            except ck.KafkaException as wrong:
                self.assigned = False
                raise KritikError(f"topic {self.name} at {self.bootstrap_servers}: {wrong}") from wrong
            except BaseException:
                self.assigned = False
                raise
        return self.consumer

    def assign(self, consumer: Consumer) -> None:
        """Goes to the position."""
        import confluent_kafka as ck

        consumer.assign([ck.TopicPartition(self.name, partition, offset) for partition, offset in self.next.items()])

    def settings(self) -> dict[str, Any]:
        """The consumer's settings."""
        return {
            "group.id": "kritik-python",  # librdkafka wants one; nothing is joined or committed under it
            "enable.auto.commit": False,  # the caller keeps the position
            "isolation.level": "read_committed",  # rewards are written in transactions
            "auto.offset.reset": "earliest",  # a position that retention has overtaken goes on with what is left
            "enable.partition.eof": False,
            **revealed(self.config),
            "bootstrap.servers": self.bootstrap_servers,
        }

    def begin(self, consumer: Consumer, deadline: float) -> dict[int, int]:
        """The offset of each partition to start at."""
        import confluent_kafka as ck

        found = consumer.list_topics(self.name, timeout=left(deadline)).topics[self.name]
        if found.error is not None:
            raise KritikError(f"topic {self.name} at {self.bootstrap_servers}: {found.error}")
        partitions = sorted(found.partitions)
        if isinstance(self.start, Mapping) and (gone := sorted(set(self.start) - set(partitions))):
            raise KritikError(f"topic {self.name}: the position names partitions {gone}, which are not there")
        if isinstance(self.start, int):
            asked = [ck.TopicPartition(self.name, p, self.start) for p in partitions]
            times = {at.partition: at.offset for at in consumer.offsets_for_times(asked, timeout=left(deadline))}
        else:
            times = {}
        offsets: dict[int, int] = {}
        for partition in partitions:
            if isinstance(self.start, Mapping) and partition in self.start:
                offsets[partition] = self.start[partition]
                continue
            low, high = self.bounds(partition, deadline)
            if isinstance(self.start, int):
                offsets[partition] = times[partition] if times[partition] >= 0 else high
            else:
                offsets[partition] = high if self.start == "latest" else low
        return offsets

    def close(self) -> None:
        """Closes the connections."""
        if self.consumer is not None:
            self.consumer.close()


def left(deadline: float) -> float:
    """Seconds until a deadline, for a call that must have some."""
    return max(0.1, deadline - time.monotonic())
