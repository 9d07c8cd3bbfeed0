# SPDX-License-Identifier: Apache-2.0
"""Records, and a consumer that plays them back."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas"


def newest(name: str) -> str:
    """The newest released schema of a record, as it is registered."""
    files = sorted((SCHEMAS / "history" / name).glob("*.avsc"), key=lambda file: int(file.stem))
    return files[-1].read_text(encoding="utf-8")


def encoded(record: Mapping[str, Any], id: int, text: str) -> bytes:
    import fastavro

    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(text)), record)  # pyright: ignore
    return b"\0" + id.to_bytes(4, "big") + out.getvalue()


def minimal(**others: Any) -> dict[str, Any]:
    """A reward with as little as can be."""
    member = {
        "index": 0,
        "status": "SCORED",
        "reason": None,
        "reward": 7.5,
        "score_sum": 15,
        "kept_votes": 2,
        "valid_votes": 2,
        "spread": 0.5,
        "judged_as": None,
    }
    return {
        "job_id": "j",
        "group_id": "g",
        "group_attempt": 0,
        "group_size": 1,
        "status": "OK",
        "stop_reason": "ALL_SAMPLES",
        "members": [member],
        "votes": [],
        "k": 2,
        "panel_size": 8,
        "samples_requested": 2,
        "samples_received": 2,
        "samples_valid": 2,
        "opened_ms": 1,
        "closed_ms": 3,
    } | others


@dataclass
class Record:
    """As much of a confluent_kafka.Message as is used."""

    at: tuple[int, int]
    content: bytes | None
    named: bytes | None = None
    time_ms: int = 0

    def partition(self) -> int:
        return self.at[0]

    def offset(self) -> int:
        return self.at[1]

    def value(self) -> bytes | None:
        return self.content

    def key(self) -> bytes | None:
        return self.named

    def timestamp(self) -> tuple[int, int]:
        return 1, self.time_ms

    def error(self) -> None:
        return None


@dataclass
class Playback:
    """A consumer of the records that are there, in their order; those of a partition ascend."""

    records: list[Record]
    partitions: int = 2
    patience_s: float = 0.02
    offsets: dict[int, int] = field(default_factory=dict[int, int])
    closed: bool = False

    def list_topics(self, topic: str, timeout: float) -> Any:
        there = dict.fromkeys(range(self.partitions))
        return SimpleNamespace(topics={topic: SimpleNamespace(error=None, partitions=there)})

    def get_watermark_offsets(self, partition: Any, timeout: float) -> Any:
        mine = [record.offset() for record in self.records if record.partition() == partition.partition]
        return min(mine, default=0), max(mine, default=-1) + 1

    def offsets_for_times(self, partitions: list[Any], timeout: float) -> Any:
        return [SimpleNamespace(partition=p.partition, offset=p.offset - 1_000) for p in partitions]

    def assign(self, partitions: list[Any]) -> None:
        self.offsets = {p.partition: p.offset for p in partitions}

    def poll(self, timeout: float) -> Any:
        for record in self.records:
            if record.offset() >= self.offsets[record.partition()]:
                self.offsets[record.partition()] = record.offset() + 1
                return record
        time.sleep(min(timeout, self.patience_s))
        return None

    def close(self) -> None:
        self.closed = True
