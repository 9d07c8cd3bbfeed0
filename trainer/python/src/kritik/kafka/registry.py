# SPDX-License-Identifier: Apache-2.0
"""Schemas from a registry, and records in the Confluent wire format."""

from __future__ import annotations

import io
import json
import math
import time
from typing import Any, cast

import httpx

from kritik.errors import KritikError

__all__ = ["Registry", "Undecodable", "unwrap", "wrap"]

MAGIC = 0
LAG_S = 30.0  # that a registry may lag behind whoever registered a schema: its replicas follow
MOST_UNKNOWN = 1000


class Undecodable(KritikError):
    """A record is not what its topic holds, in the Confluent wire format."""


class Registry:
    """Schemas by id from a registry that speaks Confluent's protocol; asked once for each. Not for several threads."""

    def __init__(self, url: str, *, auth: tuple[str, str] | None = None, token: str | None = None) -> None:
        """`auth` is user and password, `token` a bearer token."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.http = httpx.Client(base_url=url.rstrip("/"), auth=auth, headers=headers, timeout=10.0)
        self.schemas: dict[int, Any] = {}
        self.unknown: dict[int, float] = {}  # when it was first asked for in vain

    def schema(self, id: int, deadline: float = math.inf) -> Any:
        """The parsed schema. Raises `Undecodable` where the registry has none, also half a minute after it was asked
        first, `KritikError` where there is no answer by the deadline (on the clock of `time.monotonic`).
        """
        if id not in self.schemas:
            text = self.fetch(id, deadline)
            try:
                self.schemas[id] = parse(text)
            except Exception as wrong:  # fastavro raises many kinds
                raise Undecodable(f"schema {id} of the registry is no Avro schema: {wrong!r}") from wrong
        return self.schemas[id]

    def fetch(self, id: int, deadline: float) -> str:
        """The schema's text; tried again while the registry is in trouble."""
        pause = 0.1
        while True:
            try:
                answer = self.http.get(f"/schemas/ids/{id}")
                if answer.status_code == 200:
                    return str(answer.json()["schema"])
                if answer.status_code == 404 and time.monotonic() >= self.since(id) + LAG_S:
                    raise Undecodable(f"the registry has no schema {id}")
                trouble = f"{answer.status_code}"
                if answer.status_code in (401, 403):
                    raise KritikError(f"the registry refused: {trouble}")
            except (httpx.TransportError, ValueError, KeyError) as wrong:
                trouble = repr(wrong)
            if time.monotonic() + pause > deadline:
                raise KritikError(f"the registry could not be asked for schema {id}: {trouble}")
            time.sleep(pause)
            pause = min(5.0, pause * 2)

    def latest(self, subject: str) -> tuple[int, Any]:
        """Id and parsed schema of the newest version of a subject. Raises `KritikError` where there is none."""
        try:
            answer = self.http.get(f"/subjects/{subject}/versions/latest")
            if answer.status_code != 200:
                raise KritikError(f"the registry has no schema of {subject}: {answer.status_code}; is Kritik running?")
            found = answer.json()
            id = int(found["id"])
            self.schemas[id] = parse(found["schema"])
        except (httpx.TransportError, ValueError, KeyError) as wrong:
            raise KritikError(f"the registry could not be asked for {subject}: {wrong!r}") from wrong
        return id, self.schemas[id]

    def since(self, id: int) -> float:
        """Since when this schema has been asked for in vain."""
        if len(self.unknown) >= MOST_UNKNOWN and id not in self.unknown:
            del self.unknown[next(iter(self.unknown))]
        return self.unknown.setdefault(id, time.monotonic())

    def close(self) -> None:
        """Closes the connections."""
        self.http.close()


def parse(text: str) -> Any:
    """A schema as fastavro wants it."""
    import fastavro

    return fastavro.parse_schema(json.loads(text))


def unwrap(value: bytes, registry: Registry, deadline: float = math.inf) -> dict[str, Any]:
    """The fields of a record: 0x00, the schema's id in 4 bytes, Avro."""
    import fastavro

    if len(value) < 5 or value[0] != MAGIC:
        raise Undecodable("not in the Confluent wire format")
    schema = registry.schema(int.from_bytes(value[1:5], "big"), deadline)
    source = io.BytesIO(value[5:])
    try:
        read = cast("Any", fastavro.schemaless_reader)  # pyright: ignore[reportUnknownMemberType]
        record: dict[str, Any] = read(source, schema, None)
        if source.read(1):
            raise ValueError("bytes are left over")
        return dict(record)
    except Exception as wrong:  # fastavro raises many kinds for bytes that are not of the schema
        raise Undecodable(f"not of schema {int.from_bytes(value[1:5], 'big')}: {wrong!r}") from wrong


def wrap(record: dict[str, Any], id: int, schema: Any) -> bytes:
    """A record in the wire format. Raises `ValueError` where it does not fit the schema."""
    import fastavro

    out = io.BytesIO()
    out.write(bytes([MAGIC]) + id.to_bytes(4, "big"))
    try:
        write = cast("Any", fastavro.schemaless_writer)  # pyright: ignore[reportUnknownMemberType]
        write(out, schema, record, strict=True)
    except Exception as wrong:  # fastavro raises many kinds
        raise ValueError(f"not of schema {id}: {wrong!r}") from wrong
    return out.getvalue()
