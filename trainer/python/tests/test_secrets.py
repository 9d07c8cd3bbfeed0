# SPDX-License-Identifier: Apache-2.0
"""Settings of Kafka's client that refer to secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from kritik.errors import KritikError
from kritik.kafka.secrets import revealed
from kritik.kafka.topic import Topic


def test_secrets_come_from_the_environment_and_from_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given
    monkeypatch.setenv("KAFKA_USER", "trainer")
    (tmp_path / "password").write_text("p$1\\ w\n", encoding="utf-8")
    config = {
        "security.protocol": "SASL_SSL",
        "sasl.username": "${env:KAFKA_USER}",
        "sasl.password": f"${{dir:{tmp_path}:password}}",
        "fetch.wait.max.ms": 10,
    }

    # When
    settings = Topic("broker:9092", "rewards", "earliest", config).settings()

    # Then
    assert settings["sasl.username"] == "trainer"
    assert settings["sasl.password"] == "p$1\\ w"
    assert settings["fetch.wait.max.ms"] == 10
    assert settings["isolation.level"] == "read_committed"
    assert config["sasl.username"] == "${env:KAFKA_USER}"  # what the caller has stays as it is


@pytest.mark.parametrize("reference", ["${env:KRITIK_ABSENT}", "${dir:/not/there:password}", "${file:/a:b}"])
def test_a_reference_to_nothing_is_an_error_that_names_the_setting(reference: str) -> None:
    with pytest.raises(KritikError) as wrong:
        revealed({"sasl.password": f"x{reference}"})
    assert "sasl.password" in str(wrong.value)
    assert reference in str(wrong.value)
