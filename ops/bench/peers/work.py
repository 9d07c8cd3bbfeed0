# SPDX-License-Identifier: Apache-2.0
"""What every contender of 'kritik bench peers' shares: the work, the clock, and the lines that tell what became of it.

A contender is a process. It loads what it needs, says that it is ready, waits for a line on its standard input, judges
the rollouts as they come, and writes one line of JSON for each reward as soon as it is there. It knows no right scores.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import sys
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

PROMPT = """You grade answers.

Question:
{prompt}

Answer:
{response}

Judge how good the answer is, then give it one whole number from 1 to 10, as \\boxed{{number}}."""

BOXED = re.compile(r"\\boxed\{\s*(\d+)\s*\}")

# The exit code that says: a package is missing, leave this contender out.
MISSING = 3


@dataclass(frozen=True)
class Rollout:
    """A response to judge, and when it comes."""

    id: str
    prompt: str
    response: str
    at_s: float

    def question(self) -> str:
        """What the judge is asked."""
        return PROMPT.format(prompt=self.prompt, response=self.response)


class Stage:
    """Reads the rollouts, and tells what becomes of them."""

    def __init__(self, work: Path) -> None:
        """Takes standard output for itself: what libraries print goes to the log."""
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        with work.open(encoding="utf-8") as lines:
            self.rollouts = [Rollout(**json.loads(line)) for line in lines]
        self._begun = 0.0

    def ready(self, version: str, settings: dict[str, Any], own: str) -> None:
        """Says what is measured, and what of it is not the library's, and waits for the word to begin."""
        self._write({"ready": {"version": version, "settings": settings, "own": own}})
        if not sys.stdin.readline():
            sys.exit("the bench has ended")
        end_with_stdin()
        self._begun = time.monotonic()

    async def due(self, rollout: Rollout) -> None:
        """Waits until the rollout comes."""
        await asyncio.sleep(max(0.0, self._begun + rollout.at_s - time.monotonic()))

    def tell(self, rollout: Rollout, reward: float | None, reason: str | None = None) -> None:
        """Tells a reward, or that there is none and why, as the trainer would get it now."""
        self._write(
            {"id": rollout.id, "reward": reward, "reason": reason, "seconds": time.monotonic() - self._begun},
        )

    async def each(self, judge: Callable[[Rollout], Awaitable[None]]) -> None:
        """Has each rollout judged by itself from when it comes, all beside each other."""

        async def one(rollout: Rollout) -> None:
            await self.due(rollout)
            await judge(rollout)

        await asyncio.gather(*(one(rollout) for rollout in self.rollouts))

    def done(self) -> NoReturn:
        """Says that nothing more comes, and ends the process, whatever threads a library has left."""
        self._write({"done": True})
        os._exit(0)

    def _write(self, line: dict[str, Any]) -> None:
        self._out.write(json.dumps(line) + "\n")
        self._out.flush()


def end_with_stdin() -> None:
    """Ends this process when standard input ends, as it does when whoever started it has died in any way."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def score(text: str) -> float:
    """The score in a judge's text; an error if there is none."""
    found = BOXED.findall(text)
    if not found:
        raise ValueError(f"no score in {text[:80]!r}")
    return float(found[-1])


def options(doc: str | None) -> argparse.ArgumentParser:
    """The options that all contenders take."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--work", type=Path, required=True, help="rollouts, one JSON object a line")
    parser.add_argument("--judge", required=True, help="address of the judge, without a path")
    parser.add_argument("--model", required=True, help="the judge's model")
    parser.add_argument("--concurrency", type=int, required=True, help="most calls to the judge at once")
    parser.add_argument(
        "--timeout-s", type=float, help="timeout of a call to the judge, where one can be set; default: as it ships"
    )
    parser.add_argument("--batch", type=int, default=128, help="rollouts that a trainer has judged at once (TRL)")
    return parser


def missing(error: ImportError) -> NoReturn:
    """Ends the process: a package is not there."""
    print(f"{error.name or error}: {error}", file=sys.stderr)
    sys.exit(MISSING)
