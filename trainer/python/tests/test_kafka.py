# SPDX-License-Identifier: Apache-2.0
"""Reading the rewards topic: recorded bytes, a registry over HTTP, and a consumer that plays back records."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from fake_gateway import FakeGateway, Said
from fake_kafka import Playback, Record, encoded, minimal

pytest.importorskip("confluent_kafka", reason="the extra kafka is not installed")
pytest.importorskip("fastavro", reason="the extra kafka is not installed")

import confluent_kafka as ck

from kritik import KritikError, Status
from kritik.kafka import Groups, Registry, Undecodable, decode
from kritik.kafka import registry as registry_module

SCHEMAS = Path(__file__).resolve().parents[3] / "schemas" / "history" / "GroupReward"
RECORDED = json.loads((Path(__file__).parent / "recorded" / "rewards.json").read_text(encoding="utf-8"))


def schema(version: int) -> str:
    return (SCHEMAS / f"{version}.avsc").read_text(encoding="utf-8")


@dataclass
class Schemas:
    """A registry: schemas by id."""

    gateway: FakeGateway
    known: dict[int, str] = field(default_factory=dict[int, str])
    asked: list[int] = field(default_factory=list[int])

    def answer(self, method: str, target: str, body: object, token: str | None) -> Said:
        id = int(target.rsplit("/", 1)[1])
        self.asked.append(id)
        if id not in self.known:
            return Said(404, {"error_code": 40403, "message": "Schema not found"})
        return Said(200, {"schema": self.known[id]})


@pytest.fixture
def schemas(gateway: FakeGateway, monkeypatch: pytest.MonkeyPatch) -> Schemas:
    """What FakeGateway serves, with a registry's answers."""
    made = Schemas(gateway, {int(RECORDED["schema_id"]): RECORDED["schema"]})
    monkeypatch.setattr(gateway, "answer", made.answer)
    return made


@pytest.fixture
def registry(schemas: Schemas, monkeypatch: pytest.MonkeyPatch) -> Iterator[Registry]:
    monkeypatch.setattr(registry_module, "LAG_S", 0.2)
    made = Registry(schemas.gateway.url)
    yield made
    made.close()


def recorded() -> list[bytes]:
    return [bytes.fromhex(record["value"]) for record in RECORDED["records"]]


def test_recorded_bytes_of_a_running_kritik_are_read(registry: Registry, schemas: Schemas) -> None:
    # When
    groups = [decode(value, registry) for value in recorded()]
    # Then
    assert len(groups) == len(RECORDED["records"]) >= 2
    for group, record in zip(groups, RECORDED["records"], strict=True):
        told = record["told"]  # what 'kritik rewards tail' printed of the same record
        assert group.result.id == told["group_id"]
        assert group.result.status.value == told["status"]
        assert list(group.result.rewards) == [member["reward"] for member in told["members"]]
        assert group.result.best == told["best"]
        assert group.result.timings is not None
        assert group.result.timings.closed_ms == told["closed_ms"]
        assert len(group.result.raw["votes"]) == len(told["votes"])
    assert schemas.asked == [RECORDED["schema_id"]]


def test_all_schemas_that_ever_were_are_read(registry: Registry, schemas: Schemas) -> None:
    versions = sorted(int(path.stem) for path in SCHEMAS.glob("*.avsc"))
    assert versions
    for version in versions:
        # Given
        schemas.known[100 + version] = schema(version)
        # When
        group = decode(encoded(minimal(), 100 + version, schema(version)), registry)
        # Then
        assert group.result.rewards == (7.5,)
        assert (group.result.members[0].votes, group.result.members[0].spread) == (2, 0.5)


def test_the_newest_schema_says_how_many_samples_were_spent_and_who_voted(registry: Registry, schemas: Schemas) -> None:
    # Given
    version = max(int(path.stem) for path in SCHEMAS.glob("*.avsc"))
    schemas.known[7] = schema(version)
    juror = {"name": "strict", "weight": 2.0, "factor": 1.5, "offset": -0.5, "asked": 4, "valid": 3, "replaced": 1}
    spoken = {"goal": "best", "confidence": 0.9, "change_chance": 0.04, "samples_spent": 3, "jury": [juror]}
    # When
    result = decode(encoded(minimal(**spoken), 7, schema(version)), registry).result
    # Then
    assert (result.goal, result.confidence, result.change_chance) == ("best", 0.9, 0.04)
    assert (result.samples_spent, result.hinted, result.members[0].marks) == (3, False, ())
    assert result.judge is not None
    assert result.judge.jury[0].name == "strict"


def test_what_a_newer_version_writes_is_read_as_far_as_it_is_known(registry: Registry, schemas: Schemas) -> None:
    # Given
    newer = json.loads(schema(1))
    newer["fields"].append({"name": "tomorrow", "type": "string"})
    status = next(field for field in newer["fields"] if field["name"] == "status")
    status["type"]["symbols"].append("SPLENDID")
    schemas.known[9] = json.dumps(newer)
    # When
    group = decode(encoded(minimal(status="SPLENDID", tomorrow="x"), 9, schemas.known[9]), registry)
    # Then
    assert group.result.status is Status.UNKNOWN
    assert group.result.raw["tomorrow"] == "x"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"", "wire format"),
        (b'{"json": 1}', "wire format"),
        (b"\0\0\0\0\1", "not of schema 1"),
        (b"\0\0\0\xff\xff" + b"x" * 40, "no schema 65535"),
    ],
)
def test_what_is_no_reward_is_said(registry: Registry, schemas: Schemas, value: bytes, reason: str) -> None:
    schemas.known[1] = schema(1)
    with pytest.raises(Undecodable, match=reason):
        decode(value, registry)


def test_bytes_that_are_cut_or_too_many_are_no_reward(registry: Registry) -> None:
    for value in (recorded()[0][:-3], recorded()[0] + b"x"):
        with pytest.raises(Undecodable):
            decode(value, registry)


@pytest.fixture
def playback(schemas: Schemas) -> Playback:
    schemas.known[1] = schema(1)
    values = [
        encoded(minimal(group_id="g0"), 1, schema(1)),
        encoded(minimal(group_id="g1", job_id="other"), 1, schema(1)),
        b"garbage",
        None,
        encoded(minimal(group_id="g4", hinted=True), 1, schema(1)),
        encoded(minimal(group_id="g5"), 1, schema(1)),
    ]
    return Playback([Record((i % 2, 1_000 + i // 2), value) for i, value in enumerate(values)])


def read(groups: Groups) -> list[str]:
    return [group.result.id for group in groups.read(deadline_s=0.3)]


def test_groups_of_a_job_are_read_and_what_is_bad_is_kept(playback: Playback, registry: Registry) -> None:
    # Given
    groups = Groups("x:9092", registry, job_id="j", consumer=playback)
    # When
    ids = read(groups)
    # Then
    assert ids == ["g0", "g5"]
    assert [(bad.partition, bad.offset) for bad in groups.bad] == [(0, 1_001)]
    assert groups.position == {0: 1_003, 1: 1_003}
    groups.close()
    assert playback.closed


def test_no_right_on_the_group_that_librdkafka_wants_is_needed(
    playback: Playback, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given: a broker that won't tell who coordinates it
    refused = SimpleNamespace(error=lambda: ck.KafkaError(ck.KafkaError.GROUP_AUTHORIZATION_FAILED))
    first = iter([refused])
    poll = playback.poll
    monkeypatch.setattr(playback, "poll", lambda timeout: next(first, None) or poll(timeout))  # pyright: ignore
    # When, then
    assert read(Groups("x:9092", registry, job_id="j", consumer=playback)) == ["g0", "g5"]


def test_reading_goes_on_at_a_position(playback: Playback, registry: Registry) -> None:
    # Given
    with Groups("x:9092", registry, hinted=True, consumer=playback) as groups:
        first = next(groups.read(deadline_s=5))
        position = groups.position
    assert (first.result.id, first.partition, first.offset) == ("g0", 0, 1_000)
    # When
    rest = read(Groups("x:9092", registry, hinted=True, start=position, consumer=playback))
    # Then
    assert rest == ["g1", "g4", "g5"]
    assert read(Groups("x:9092", registry, start="latest", consumer=playback)) == []
    assert read(Groups("x:9092", registry, start=2_001, consumer=playback)) == ["g5"]


def test_reading_ends_at_its_deadline_and_can_be_taken_up_again(playback: Playback, registry: Registry) -> None:
    # Given
    groups = Groups("x:9092", registry, consumer=playback)
    begun = time.monotonic()
    assert read(groups) == ["g0", "g1", "g5"]
    assert 0.3 <= time.monotonic() - begun < 20
    # When
    playback.records.append(Record((1, 1_003), playback.records[0].content))
    # Then
    assert read(groups) == ["g0"]


def test_a_registry_in_trouble_loses_no_record(playback: Playback, registry: Registry, schemas: Schemas) -> None:
    # Given
    schemas.gateway.script = [Said(503)] * 1_000
    groups = Groups("x:9092", registry, consumer=playback)
    # When
    with pytest.raises(KritikError, match="schema 1: 503"):
        read(groups)
    schemas.gateway.script.clear()
    # Then
    assert read(groups) == ["g0", "g1", "g5"]
    assert [bad.offset for bad in groups.bad] == [1_001]


def test_a_schema_that_the_registry_does_not_know_yet_loses_no_record(
    playback: Playback, registry: Registry, schemas: Schemas, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr(registry_module, "LAG_S", 30.0)
    known = schemas.known.pop(1)
    groups = Groups("x:9092", registry, consumer=playback)
    # When
    with pytest.raises(KritikError, match="schema 1: 404"):
        read(groups)
    schemas.known[1] = known
    # Then
    assert read(groups) == ["g0", "g1", "g5"]


def test_of_bad_records_only_the_newest_are_kept(playback: Playback, registry: Registry) -> None:
    groups = Groups("x:9092", registry, consumer=playback)
    for offset in range(1_200):
        assert groups.taken(Record((0, offset), b"garbage"), 0.0) is None
    assert [bad.offset for bad in groups.bad] == list(range(200, 1_200))


def test_a_broker_that_is_not_there_is_an_error_by_the_deadline(registry: Registry) -> None:
    begun = time.monotonic()
    with (
        Groups("127.0.0.1:9", registry, config={"log_level": 0}) as groups,
        pytest.raises(KritikError, match="topic rewards at 127"),
    ):
        next(groups.read(deadline_s=0.5))
    assert time.monotonic() - begun < 20
