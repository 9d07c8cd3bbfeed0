# SPDX-License-Identifier: Apache-2.0
"""Rollouts as values, and a writer of whole groups."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol, cast

from kritik.errors import KritikError
from kritik.kafka.registry import Registry, wrap
from kritik.kafka.secrets import revealed
from kritik.model import Message, nothing

__all__ = ["GroupWriter", "Producer", "Rollout"]

TOKENS = ("prompt_token_ids", "response_token_ids", "response_logprobs")


@dataclass(frozen=True)
class Rollout:
    """One response of a policy: a member of a group. The fields are those of the record on the topic.

    `policy_version`: the training step of the policy that wrote it. `prompt_token_ids`, `response_token_ids`: what
    that policy read and wrote, the end token included. `response_logprobs`: the log-probability of each of the latter,
    at the temperature at which they were drawn. `metadata["finish_reason"]` is `length` for what was cut off at the
    limit.
    """

    job_id: str
    group_id: str
    index: int
    group_size: int
    messages: tuple[Message, ...]
    response: str
    group_attempt: int = 0
    label: str | None = None
    reference: str | None = None
    policy_version: int | None = None
    deadline_ms: int | None = None
    k: int | None = None
    k_meta: int | None = None
    panel_size: int | None = None
    goal: str | None = None
    hint: int | None = None
    prompt_token_ids: tuple[int, ...] | None = None
    response_token_ids: tuple[int, ...] | None = None
    response_logprobs: tuple[float, ...] | None = None
    metadata: Mapping[str, str] = field(default_factory=nothing)

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Rollout:
        """A record as values. Raises `KeyError`, `TypeError` or `ValueError` for what is none."""
        names = {each.name for each in dataclasses.fields(cls)}
        values = {name: value for name, value in record.items() if name in names and value is not None}
        values["messages"] = tuple(Message(m["role"], m["content"]) for m in record["messages"])
        for name in TOKENS:
            if name in values:
                values[name] = tuple(values[name])
        made = cls(**values)
        if not 0 <= made.index < made.group_size:
            raise ValueError(f"index {made.index} is not within a group of {made.group_size}")
        return made

    def record(self) -> dict[str, Any]:
        """The record for the topic."""
        record = {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}
        record["messages"] = [{"role": m.role, "content": m.content} for m in self.messages]
        record["metadata"] = dict(self.metadata)
        for name in TOKENS:
            if record[name] is not None:
                record[name] = list(record[name])
        return record

    @property
    def key(self) -> str:
        """The key of the record: all members of a group have the same."""
        return f"{self.job_id}/{self.group_id}"


class Producer(Protocol):
    """What is used of confluent_kafka.Producer."""

    def init_transactions(self, timeout: float) -> Any:
        """Ends what an earlier process with the same id had begun, and shuts that process out."""

    def begin_transaction(self) -> Any:
        """Begins one."""

    def commit_transaction(self, timeout: float) -> Any:
        """Makes all that was written since visible."""

    def abort_transaction(self, timeout: float) -> Any:
        """Takes it back."""

    def produce(self, topic: str, value: bytes, key: str) -> Any:
        """Writes one record."""


class GroupWriter:
    """Writes groups of rollouts, all of a call or none. For one thread.

    A reader of committed records never sees a part of a group, and a process that died in the middle has written
    nothing: whoever starts again with the same `transactional_id` finds on the topic what was written as a whole, and
    shuts out an earlier process that is still there.
    """

    def __init__(
        self,
        bootstrap_servers: str,
        registry: str | Registry,
        transactional_id: str,
        *,
        topic: str = "rollouts",
        config: Mapping[str, Any] | None = None,
        producer: Producer | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        """`config` goes to confluent_kafka.Producer. Raises `KritikError` where broker or registry can't be reached."""
        self.topic = topic
        self.timeout_s = timeout_s
        self.schemas = Registry(registry) if isinstance(registry, str) else registry
        # What Kritik registered, in whatever version it runs.
        self.id, self.schema = self.schemas.latest(f"{topic}-value")
        known = {field["name"] for field in self.schema["fields"]}
        if missing := sorted(set(TOKENS) - known):
            raise KritikError(f"the registry's newest schema of {topic} has no {', '.join(missing)}: an older Kritik")
        settings = {
            # Java's hash of the key: a group's members meet on one partition, those of other producers included.
            "partitioner": "murmur2_random",
            "transactional.id": transactional_id,
            "compression.type": "lz4",
            **revealed(config or {}),
            "bootstrap.servers": bootstrap_servers,
        }
        self.producer = self.connect(settings) if producer is None else producer
        self.call("init_transactions", timeout_s)

    @staticmethod
    def connect(settings: dict[str, Any]) -> Producer:
        """A producer of confluent_kafka."""
        import confluent_kafka as ck

        return cast("Producer", ck.Producer(settings))

    def write(self, groups: Iterable[Sequence[Rollout]]) -> None:
        """Writes whole groups. Raises `ValueError` for what is none, and `KritikError` where they could not be written:
        then none is there, unless the error says that it is not known.
        """
        records = [(rollout.key, self.encoded(rollout)) for group in groups for rollout in whole(group)]
        self.call("begin_transaction")
        try:
            for key, value in records:
                self.producer.produce(self.topic, value=value, key=key)
        except Exception as wrong:  # a full queue, a record too large
            self.call("abort_transaction", self.timeout_s)
            raise KritikError(f"topic {self.topic}: not written: {wrong}") from wrong
        self.commit()

    def commit(self) -> None:
        """Commits; asks again while it is not known whether it is done, and takes back what can't be."""
        import confluent_kafka as ck

        for _ in range(3):
            try:
                self.producer.commit_transaction(self.timeout_s)
                return
            except ck.KafkaException as wrong:
                error = wrong.args[0]
                if error.retriable():  # a time-out: the same commit again, never a new one
                    continue
                if error.txn_requires_abort():
                    self.call("abort_transaction", self.timeout_s)
                    raise KritikError(f"topic {self.topic}: not written: {error}") from wrong
                raise KritikError(f"topic {self.topic}: {said(error)}") from wrong
        raise KritikError(f"topic {self.topic}: it is not known whether the groups were written: no answer in time")

    def encoded(self, rollout: Rollout) -> bytes:
        """The record's value."""
        return wrap(rollout.record(), self.id, self.schema)

    def call(self, name: str, *arguments: Any) -> None:
        """Calls the producer, and says it in our words where that fails."""
        import confluent_kafka as ck

        try:
            getattr(self.producer, name)(*arguments)
        except ck.KafkaException as wrong:
            raise KritikError(f"topic {self.topic}: {name}: {said(wrong.args[0])}") from wrong

    def close(self) -> None:
        """Closes the connections."""
        self.schemas.close()

    def __enter__(self) -> GroupWriter:
        """Itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Closes the connections."""
        self.close()


def said(error: Any) -> str:
    """A Kafka error in words; that of being shut out says by whom."""
    import confluent_kafka as ck

    fenced = (ck.KafkaError._FENCED, ck.KafkaError.INVALID_PRODUCER_EPOCH, ck.KafkaError.PRODUCER_FENCED)  # pyright: ignore
    who = "; a newer process writes under the same transactional id, end one of them" if error.code() in fenced else ""
    return f"{error}{who}"


def whole(group: Sequence[Rollout]) -> Sequence[Rollout]:
    """A group of rollouts, if it is one."""
    if not group:
        raise ValueError("a group has at least one rollout")
    first = group[0]
    for index, rollout in enumerate(group):
        same = (rollout.key, rollout.group_attempt, rollout.messages) == (
            first.key,
            first.group_attempt,
            first.messages,
        )
        if not same or rollout.index != index or rollout.group_size != len(group):
            raise ValueError(
                f"group {first.key}: rollout {index} says {rollout.key}, index {rollout.index} of {rollout.group_size};"
                f" all {len(group)} must be of one group, with the same messages, by ascending index"
            )
        ids, logprobs = rollout.response_token_ids, rollout.response_logprobs
        if logprobs is not None and (ids is None or len(ids) != len(logprobs)):
            raise ValueError(f"group {first.key}: rollout {index}: not as many response_logprobs as response_token_ids")
    return group
