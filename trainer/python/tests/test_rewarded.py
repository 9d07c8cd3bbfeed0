# SPDX-License-Identifier: Apache-2.0
"""Groups to train from: rewards joined with their rollouts, from topics that are played back."""

from __future__ import annotations

import dataclasses
import json
import logging
import random
import time
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from fake_kafka import SCHEMAS, Playback, Record, encoded, minimal, newest

ck = pytest.importorskip("confluent_kafka", reason="the extra kafka is not installed")
pytest.importorskip("fastavro", reason="the extra kafka is not installed")

from kritik import KritikError, Message  # noqa: E402
from kritik.kafka import (  # noqa: E402
    GroupId,
    GroupPosition,
    GroupWriter,
    Registry,
    RewardedGroup,
    RewardedGroups,
    Rollout,
    rewarded,
)
from kritik.kafka.registry import parse, unwrap  # noqa: E402

REWARD, ROLLOUT = 1, 2  # ids of the schemas
TEXTS = {REWARD: newest("GroupReward"), ROLLOUT: newest("Rollout")}
SCHEMAS_BY_ID = {id: parse(text) for id, text in TEXTS.items()}
MESSAGES = (Message("user", "What is 2 + 2?"),)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rewarded, "PATIENCE_S", 0.0)


class Known(Registry):
    """Knows the schemas already, and asks nobody."""

    def __init__(self) -> None:
        self.schemas = dict(SCHEMAS_BY_ID)
        self.newest = ROLLOUT

    def latest(self, subject: str) -> tuple[int, Any]:
        return self.newest, self.schemas[self.newest]

    def close(self) -> None:
        """Has nothing to close."""


@pytest.fixture
def registry() -> Known:
    return Known()


def rollout(group: str, index: int, size: int, **others: Any) -> Rollout:
    values: dict[str, Any] = {
        "job_id": "j",
        "policy_version": 3,
        "prompt_token_ids": (1, 2),
        "response_token_ids": (index + 10, 0),
        "response_logprobs": (-0.5, -0.25),
        "metadata": {"finish_reason": "stop"},
        "messages": MESSAGES,
        "response": f"{group} {index}",
    }
    return Rollout(group_id=group, index=index, group_size=size, **values | others)


def reward(group: str, rewards: Sequence[float | None], missing: Sequence[int] = (), **others: Any) -> dict[str, Any]:
    plain = minimal()["members"][0]
    members = [
        plain
        | {"index": i, "reward": r}
        | ({"status": "MISSING" if i in missing else "UNSCORED", "reason": "R"} if r is None else {})
        for i, r in enumerate(rewards)
    ]
    return minimal(group_id=group, group_size=len(rewards), members=members, **others)


def record(at: tuple[int, int], content: Rollout | Mapping[str, Any] | bytes, time_ms: int = 0) -> Record:
    if isinstance(content, Rollout):
        return Record(at, encoded(content.record(), ROLLOUT, TEXTS[ROLLOUT]), content.key.encode(), time_ms)
    if isinstance(content, bytes):
        return Record(at, content, b"j/bad", time_ms)
    key = f"{content['job_id']}/{content['group_id']}"
    return Record(at, encoded(content, REWARD, TEXTS[REWARD]), key.encode(), time_ms)


def reader(rollouts: Playback, rewards: Playback, registry: Registry, **others: Any) -> RewardedGroups:
    return RewardedGroups("x:9092", registry, "j", rollouts_consumer=rollouts, rewards_consumer=rewards, **others)


def playback(*contents: Rollout | Mapping[str, Any] | bytes, first: int = 0, time_ms: int = 0) -> Playback:
    """One partition of these records."""
    made = [record((0, first + i), content, time_ms) for i, content in enumerate(contents)]
    return Playback(made, partitions=1, patience_s=0)


def drained(groups: RewardedGroups) -> list[RewardedGroup]:
    """All groups that the played back records give, however slow the machine is."""
    return [group for _ in range(200) if (group := groups.next(0)) is not None]


def test_a_group_comes_with_all_that_a_trainer_needs(registry: Registry) -> None:
    # Given
    rollouts = playback(
        rollout("g", 0, 4),
        rollout("g", 2, 4, prompt_token_ids=None, response_token_ids=None, response_logprobs=None, metadata={}),
        rollout("g", 1, 4),
        rollout("g", 1, 4, response="a second one of the same identity"),
        rollout("g", 3, 4, messages=(Message("user", "another question"),)),
    )
    rewards = playback(reward("g", [1.0, 2.0, 3.0, None], missing=[3]))
    # When
    group = next(reader(rollouts, rewards, registry).read(deadline_s=5))
    # Then
    assert group.id == GroupId("j", "g", 0)
    assert group.messages == MESSAGES
    assert group.rewards == (1.0, 2.0, 3.0, None)
    assert [member.advantage for member in group.members] == [-1.0, 0.0, 1.0, None]
    assert [member.text for member in group.members] == ["g 0", "g 1", "g 2", None]
    assert [member.trainable for member in group.members] == [True, True, False, False]
    first = group.members[0]
    assert (first.policy_version, first.finish_reason) == (3, "stop")
    assert (first.prompt_token_ids, first.response_token_ids) == ((1, 2), (10, 0))
    assert first.response_logprobs == (-0.5, -0.25)
    assert not group.flat


def test_advantages_are_reckoned_as_asked_for(registry: Registry) -> None:
    def first(**how: Any) -> list[float | None]:
        rollouts = playback(*(rollout("g", i, 3) for i in range(3)))
        group = reader(rollouts, playback(reward("g", [1.0, 2.0, 6.0])), registry, **how).next(5)
        assert group is not None
        return [member.advantage for member in group.members]

    assert first(by_deviation=False) == [-2, -1, 3]
    assert first(by_deviation=False, baseline="leave-one-out") == pytest.approx([-3, -1.5, 4.5])


def test_what_is_of_others_hinted_or_broken_is_passed_over_and_holds_nothing_back(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("h", 0, 1, hint=4), rollout("f", 0, 1, job_id="k"), b"broken", rollout("g", 0, 1))
    hinted = reward("h", [5.0], hinted=True)
    rewards = playback(hinted, b"broken", reward("f", [1.0], job_id="k"), reward("g", [2.0]), hinted)
    groups = reader(rollouts, rewards, registry)
    # When
    read = drained(groups)
    # Then
    assert [group.id.group for group in read] == ["g"]
    assert groups.position == {"rewards": {"0": 5}, "rollouts": {"0": 4}, "rollouts_read": {"0": 4}, "waiting": []}
    assert sorted((bad.topic, bad.offset) for bad in groups.bad) == [("rewards", 1), ("rollouts", 2)]


def test_the_position_is_after_the_last_group_handed_out_and_keeps_what_waits(registry: Registry) -> None:
    # Given
    contents = [rollout("a", 0, 2), rollout("b", 0, 2), rollout("a", 1, 2), rollout("b", 1, 2)]
    rewards = playback(reward("a", [1.0, 2.0]), reward("b", [3.0, 4.0]))
    groups = reader(playback(*contents), rewards, registry)
    assert groups.next(5) is not None
    # When
    groups.read_reward(0, 0)  # ahead
    position = json.loads(json.dumps(groups.position))
    # Then
    assert position == {
        "rewards": {"0": 1},
        "rollouts": {"0": 1},
        "rollouts_read": {"0": 3},
        "waiting": [{"job": "j", "group": "b", "attempt": 0}],
    }
    again = reader(playback(*contents), rewards, registry, start=position)
    assert [group.id.group for group in drained(again)] == ["b"]
    assert again.waiting == frozenset()


def test_a_position_amid_the_rereading_needs_nothing_of_groups_that_were_handed_out(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("a", 0, 1), rollout("b", 0, 1), rollout("b", 1, 2), rollout("c", 0, 1))
    rewards = playback(reward("b", [1.0]), reward("c", [1.0]), reward("a", [1.0]))
    first = reader(rollouts, rewards, registry)
    assert [group.id.group for group in (first.next(5), first.next(5)) if group] == ["b", "c"]
    # When
    second = reader(rollouts, rewards, registry, start=first.position)
    second.open()
    second.read_rollout(0, 0)
    # Then
    assert second.position == first.position
    assert second.position["rollouts_read"] == {"0": 4}
    assert [group.id.group for group in drained(second)] == ["a"]
    assert second.waiting == frozenset()


def test_a_hinted_group_leaves_nothing_behind(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("h", 0, 2, hint=1), rollout("h", 1, 2), rollout("g", 0, 1))
    rewards = playback(reward("g", [2.0]), reward("h", [5.0, 6.0], hinted=True))
    groups = reader(rollouts, rewards, registry)
    # When
    read = drained(groups)
    # Then
    assert [group.id.group for group in read] == ["g"]
    assert groups.waiting == frozenset()


def test_a_stray_rollout_of_a_group_that_had_ended_before_the_position_is_no_new_group(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("a", 0, 1))
    rewards = playback(reward("a", [1.0]), reward("b", [1.0]))
    first = reader(rollouts, rewards, registry)
    assert first.next(5) is not None
    rollouts.records += [record((0, 1), rollout("a", 0, 1)), record((0, 2), rollout("b", 0, 1))]
    # When
    second = reader(rollouts, rewards, registry, start=first.position)
    second.catch_up(5)
    # Then
    assert {id.group for id in second.waiting} == {"b"}
    assert [group.id.group for group in drained(second)] == ["b"]


def test_a_position_of_another_job_is_refused(registry: Registry) -> None:
    start: dict[str, Any] = {"rewards": {}, "rollouts": {}, "rollouts_read": {}}
    start["waiting"] = [{"job": "k", "group": "a", "attempt": 0}]
    with pytest.raises(ValueError, match="position: is of job k, not of j"):
        reader(playback(), playback(), registry, start=start)


def test_catching_up_tells_which_groups_are_to_come(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("a", 0, 1), rollout("b", 0, 1), rollout("c", 0, 2))
    groups = reader(rollouts, playback(reward("a", [1.0])), registry)
    # When
    groups.catch_up(5)
    # Then
    assert {id.group for id in groups.waiting} == {"a", "b", "c"}
    assert groups.position["rewards"] == {"0": 0}
    assert [group.id.group for group in drained(groups)] == ["a"]
    assert {id.group for id in groups.waiting} == {"b", "c"}


def test_a_group_whose_rollouts_are_gone_comes_without_them(
    registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    # Given
    rollouts = playback(rollout("a", 1, 2), rollout("b", 0, 1), first=7)
    rewards = playback(reward("a", [1.0, 2.0]), reward("b", [3.0]))
    # When
    with caplog.at_level(logging.WARNING, "kritik.kafka"):
        read = drained(reader(rollouts, rewards, registry))
    # Then
    assert [[member.text for member in group.members] for group in read] == [[None, "a 1"], ["b 0"]]
    assert "group j/a: the topic has no rollouts of members [0] any more" in caplog.text


def test_of_many_groups_without_rollouts_only_the_first_is_waited_with(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given
    monkeypatch.setattr(rewarded, "PATIENCE_S", 0.2)
    rollouts = playback(rollout("late", 0, 1))
    groups = reader(rollouts, playback(*(reward(f"g{i}", [1.0]) for i in range(50))), registry)
    begun = time.monotonic()
    # When
    read = [groups.next(5) for _ in range(50)]
    # Then
    assert [group.id.group for group in read if group] == [f"g{i}" for i in range(50)]
    assert 0.2 <= time.monotonic() - begun < 5


def test_a_reward_waits_for_rollouts_that_are_there_but_not_read_yet(registry: Registry) -> None:
    # Given
    class Slow(Playback):
        silent = 3

        def poll(self, timeout: float) -> Any:
            self.silent -= 1
            return None if self.silent >= 0 else super().poll(timeout)

    rollouts = Slow([record((0, 0), rollout("a", 0, 1))], partitions=1, patience_s=0)
    # When
    group = reader(rollouts, playback(reward("a", [1.0])), registry).next(5)
    # Then
    assert group is not None
    assert group.members[0].text == "a 0"


def test_rollouts_that_no_reward_comes_for_are_forgotten(registry: Registry) -> None:
    # Given
    rollouts = playback(rollout("late", 0, 1))
    rollouts.records += [record((0, i), rollout(f"g{i}", 0, 1), time_ms=i * 1000) for i in range(1, 5)]
    groups = reader(rollouts, playback(*(reward(f"g{i}", [1.0]) for i in range(1, 5))), registry, forget_after_s=2.5)
    # When
    read = [group.id.group for group in drained(groups)]
    # Then
    assert read == ["g1", "g2", "g3", "g4"]
    assert groups.waiting == frozenset()
    assert groups.position["rollouts"] == {"0": 5}


@pytest.mark.parametrize(
    ("offsets", "told"),
    [
        ({"rewards": {"0": 2}}, "topic rewards, partition 0: the position is 2, the first record that is left 5"),
        ({"rewards": {"0": 7}}, "topic rewards, partition 0: the position is 7, the end 6: it is another topic"),
        (
            {"rewards": {"0": 5}, "rollouts": {"0": 9}, "rollouts_read": {"0": 9}},
            "topic rollouts, partition 0: the position is 9, the end 1",
        ),
        ({"rewards": {"3": 5}}, r"topic rewards: the position names partitions \[3\], which are not there"),
    ],
)
def test_a_position_that_the_topics_no_longer_have_is_refused(
    registry: Registry, offsets: dict[str, Any], told: str
) -> None:
    rest: dict[str, Any] = {"rewards": {}, "rollouts": {}, "rollouts_read": {}, "waiting": []}
    rewards = playback(reward("a", [1.0]), first=5)
    with pytest.raises(KritikError, match=told):
        reader(playback(rollout("a", 0, 1)), rewards, registry, start=rest | offsets).next(1)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"rewards": 1},
        {"rewards": {"a": 1}},
        {"rewards": {"0": -1}},
        {"rewards": {}, "rollouts": {"0": 1}},
        {"rewards": {}, "rollouts": {"0": 2}, "rollouts_read": {"0": 1}},
        {"rewards": {}, "waiting": [{"job": "j"}]},
    ],
)
def test_what_is_no_position_is_refused(wrong: dict[str, Any]) -> None:
    rest: dict[str, Any] = {"rollouts": {}, "rollouts_read": {}, "waiting": []}
    with pytest.raises(ValueError, match="position: "):
        GroupPosition.of(rest | wrong)


class Topics:
    """Two topics that grow: groups of several members, attempts, other jobs, hinted and broken records."""

    def __init__(self, chance: random.Random) -> None:
        """Everything that will ever be there, each with the time at which it is."""
        self.chance = chance
        self.now = 0
        self.partitions = chance.randint(1, 3)
        self.expected: list[tuple[GroupId, int]] = []
        self.rollouts: list[tuple[float, int, Rollout | bytes]] = []
        self.rewards: list[tuple[float, int, Mapping[str, Any] | bytes]] = []
        for number in range(chance.randint(1, 25)):
            self.add(f"g{number // 2}" if chance.random() < 0.3 else f"q{number}", number)
        self.rollouts.sort(key=lambda each: each[0])
        self.rewards.sort(key=lambda each: each[0])
        self.end = 200

    def add(self, name: str, number: int) -> None:
        """One group."""
        chance, size = self.chance, self.chance.randint(1, 4)
        start = chance.uniform(0, 100)
        partition, other = chance.randrange(self.partitions), chance.randrange(self.partitions)
        job = "k" if chance.random() < 0.2 else "j"
        hinted = chance.random() < 0.1
        late = [i for i in range(size) if chance.random() < 0.05]
        times = [start + chance.uniform(0, 30) for _ in range(size)]
        end = max(times) + chance.uniform(0, 40)
        for i in range(size):
            made = rollout(name, i, size, job_id=job, group_attempt=number, hint=0 if hinted else None)
            time = end + chance.uniform(0, 10) if i in late else times[i]
            self.rollouts.append((time, partition, made))
            if chance.random() < 0.1:
                again = dataclasses.replace(made, response="again")
                self.rollouts.append((time + chance.uniform(0.1, 40), partition, again))
        if chance.random() < 0.2:
            self.rollouts.append((start, partition, b"broken"))
            self.rewards.append((start, other, b"broken"))
        rewards = [None if i in late else float(i + 1) for i in range(size)]
        ended = reward(name, rewards, late, job_id=job, group_attempt=number, hinted=hinted)
        self.rewards.append((end, other, ended))
        if job == "j" and not hinted:
            self.expected.append((GroupId(job, name, number), size))

    def ended(self, partition: int) -> list[GroupId]:
        """The groups whose rewards stand on a partition, in their order."""
        return [
            GroupId(content["job_id"], content["group_id"], content["group_attempt"])
            for _, place, content in self.rewards
            if place == partition and not isinstance(content, bytes)
        ]

    def consumer(self, which: Sequence[tuple[float, int, Any]]) -> Playback:
        """Reads what is there by now."""
        offsets = dict.fromkeys(range(self.partitions), 0)
        records: list[tuple[float, Record]] = []
        for when, partition, content in which:
            records.append((when, record((partition, offsets[partition]), content, int(when))))
            offsets[partition] += 1

        return Growing(self, records)


class Growing(Playback):
    """Plays back what is there by now."""

    def __init__(self, topics: Topics, coming: list[tuple[float, Record]]) -> None:
        super().__init__([], topics.partitions, patience_s=0)
        self.topics = topics
        self.coming = deque(coming)

    def grow(self) -> None:
        while self.coming and self.coming[0][0] <= self.topics.now:
            self.records.append(self.coming.popleft()[1])

    def get_watermark_offsets(self, partition: Any, timeout: float) -> Any:
        self.grow()
        return super().get_watermark_offsets(partition, timeout)

    def poll(self, timeout: float) -> Any:
        self.grow()
        return super().poll(timeout)


@pytest.mark.parametrize("seed", [random.randrange(2**32) for _ in range(40)])
def test_with_restarts_at_any_point_each_group_comes_exactly_once(registry: Registry, seed: int) -> None:
    # Given
    chance = random.Random(seed)
    topics = Topics(chance)
    rollouts, rewards = topics.consumer(topics.rollouts), topics.consumer(topics.rewards)
    kept: list[Any] = []  # what the training state holds, together with the position
    position: Any = "earliest"
    groups, handed = reader(rollouts, rewards, registry), list[Any]()
    # When
    steps = 0
    while topics.now < topics.end or len(kept) < len(topics.expected):
        steps += 1
        assert steps < 20_000, f"{len(kept)} of {len(topics.expected)} groups"
        topics.now += chance.choice([0, 0, 0, 1, 7]) if topics.now < topics.end else 0
        group = groups.next(0)
        if group is not None:
            handed.append(group)
        draw = chance.random()
        if draw < 0.05:
            groups.catch_up(5)
        elif draw < 0.3:
            kept, position = [*kept, *handed], json.loads(json.dumps(groups.position))
            handed = []
        elif draw < 0.4:  # what was handed out since is lost, as in a crash
            groups, handed = reader(rollouts, rewards, registry, start=position), []
    # Then
    groups.catch_up(5)
    assert groups.waiting == frozenset()
    assert sorted((group.id, len(group.members)) for group in kept) == sorted(topics.expected)
    for group in kept:
        for member in group.members:
            if member.status != "MISSING":
                assert member.text == f"{group.id.group} {member.index}"
    for partition in range(topics.partitions):
        ended = [id for id in topics.ended(partition) if id in {each for each, _ in topics.expected}]
        assert [group.id for group in kept if group.id in ended] == ended


def test_the_fields_of_a_rollout_are_those_of_the_contract() -> None:
    contract = json.loads((SCHEMAS / "src/main/avro/Rollout.avsc").read_text(encoding="utf-8"))
    assert {each["name"] for each in contract["fields"]} == {each.name for each in dataclasses.fields(Rollout)}


def test_a_rollout_of_an_older_kritik_is_read(registry: Registry) -> None:
    # Given
    old = (SCHEMAS / "history" / "Rollout" / "1.avsc").read_text(encoding="utf-8")
    registry.schemas[9] = parse(old)
    names = {each["name"] for each in json.loads(old)["fields"]}
    value = encoded({k: v for k, v in rollout("a", 0, 1).record().items() if k in names}, 9, old)
    rollouts = Playback([Record((0, 0), value, b"j/a")], partitions=1)
    # When
    group = reader(rollouts, playback(reward("a", [1.0])), registry).next(5)
    # Then
    assert group is not None
    assert (group.members[0].text, group.members[0].response_token_ids) == ("a 0", None)


class Written:
    """A producer with transactions, and what has been committed."""

    def __init__(self, fails: str = "") -> None:
        """`fails`: the call that does, once."""
        self.fails = fails
        self.open: list[tuple[str, bytes, str]] = []
        self.committed: list[tuple[str, bytes, str]] = []
        self.calls: list[str] = []

    def call(self, name: str, error: Any) -> None:
        self.calls.append(name)
        if self.fails == name:
            self.fails = ""
            raise ck.KafkaException(error)

    def init_transactions(self, timeout: float) -> None:
        self.call("init", ck.KafkaError(ck.KafkaError.UNKNOWN_TOPIC_OR_PART))

    def begin_transaction(self) -> None:
        self.call("begin", ck.KafkaError(ck.KafkaError.PRODUCER_FENCED, "another one", fatal=True))

    def commit_transaction(self, timeout: float) -> None:
        self.call("commit", ck.KafkaError(ck.KafkaError.REQUEST_TIMED_OUT, "late", retriable=True))
        self.call("end", ck.KafkaError(ck.KafkaError.REQUEST_TIMED_OUT, "no", txn_requires_abort=True))
        self.committed, self.open = self.committed + self.open, []

    def abort_transaction(self, timeout: float) -> None:
        self.calls.append("abort")
        self.open = []

    def produce(self, topic: str, value: bytes, key: str) -> None:
        self.call("produce", ck.KafkaError(ck.KafkaError.MSG_SIZE_TOO_LARGE))
        self.open.append((topic, value, key))


def writer(registry: Registry, producer: Written) -> GroupWriter:
    return GroupWriter("x:9092", registry, "w", producer=producer)


def test_groups_are_written_in_one_transaction_and_can_be_read(registry: Registry) -> None:
    # Given
    producer = Written()
    groups = [[rollout(name, i, 2) for i in range(2)] for name in "ab"]
    # When
    writer(registry, producer).write(groups)
    # Then
    assert producer.calls.count("begin") == producer.calls.count("end") == 1
    assert [key for _, _, key in producer.committed] == ["j/a", "j/a", "j/b", "j/b"]
    read = [Rollout.of(unwrap(value, registry)) for _, value, _ in producer.committed]
    assert read == [one for group in groups for one in group]


@pytest.mark.parametrize(("fails", "written"), [("commit", True), ("end", False), ("produce", False), ("begin", False)])
def test_what_fails_leaves_all_groups_or_none(registry: Registry, fails: str, written: bool) -> None:
    producer = Written()
    made = writer(registry, producer)
    producer.fails = fails
    if written:
        made.write([[rollout("a", 0, 1)]])
    else:
        with pytest.raises(KritikError, match="topic rollouts: "):
            made.write([[rollout("a", 0, 1)]])
    assert (len(producer.committed), producer.open) == (int(written), [])


def test_who_was_shut_out_is_told_by_whom(registry: Registry) -> None:
    producer = Written()
    made = writer(registry, producer)
    producer.fails = "begin"
    with pytest.raises(KritikError, match=r"begin_transaction: .*; a newer process writes under the same"):
        made.write([[rollout("a", 0, 1)]])


@pytest.mark.parametrize(
    "group",
    [
        [],
        [rollout("a", 1, 1)],
        [rollout("a", 0, 2)],
        [rollout("a", 0, 2), rollout("b", 1, 2)],
        [rollout("a", 0, 1, response_logprobs=(-1.0,))],
    ],
)
def test_what_is_no_whole_group_is_not_written(registry: Registry, group: list[Rollout]) -> None:
    producer = Written()
    with pytest.raises(ValueError, match="group"):
        writer(registry, producer).write([group])
    assert producer.committed == []


def test_an_older_schema_that_has_no_place_for_tokens_is_refused(registry: Known) -> None:
    registry.schemas[9] = parse((SCHEMAS / "history" / "Rollout" / "1.avsc").read_text(encoding="utf-8"))
    registry.newest = 9
    with pytest.raises(KritikError, match="has no prompt_token_ids, response_logprobs, response_token_ids"):
        GroupWriter("x:9092", registry, "w", producer=Written())
