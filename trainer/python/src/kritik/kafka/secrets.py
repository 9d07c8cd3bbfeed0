# SPDX-License-Identifier: Apache-2.0
"""Secrets that stand outside of the settings for Kafka's client."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kritik.errors import KritikError

__all__ = ["revealed"]

REFERENCE = re.compile(r"\$\{(env|dir|file):(?:([^{}:]*):)?([^{}:]*)\}")


def revealed(config: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with each `${env:NAME}` and `${dir:/folder:file}` replaced by what stands there, as Kritik's own
    processes do; a file's last line break is left out. Raises `KritikError`, which names the setting and not the value,
    where there is nothing.
    """
    return {key: reveal(key, value) if isinstance(value, str) else value for key, value in config.items()}


def reveal(key: str, value: str) -> str:
    """One of them."""

    def found(match: re.Match[str]) -> str:
        source, path, name = match.groups()
        refers = f"{key} refers to {match.group()}"
        if source == "env" and not path:
            secret = os.environ.get(name, "")
        elif source == "dir" and path:
            try:
                secret = re.sub(r"\r?\n\Z", "", (Path(path) / name).read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError) as wrong:
                raise KritikError(f"{refers}, which can't be read: {type(wrong).__name__}") from wrong
        else:
            raise KritikError(f"{refers}; this client knows ${{env:NAME}} and ${{dir:/folder:file}}")
        if not secret:
            raise KritikError(f"{refers}, but there is nothing")
        return secret

    return REFERENCE.sub(found, value)
