# SPDX-License-Identifier: Apache-2.0
"""How a team asks a judge: aiohttp, a semaphore, a timeout, three tries."""

from __future__ import annotations

import asyncio

import aiohttp

from work import Rollout, score

TRIES = 3
TIMEOUT_S = 60.0


class JudgeClient:
    """Asks the judge for one score at a time; for one event loop."""

    def __init__(self, url: str, model: str, concurrency: int, timeout_s: float | None) -> None:
        """Takes the address without a path; no timeout is None."""
        self._url = url + "/v1/chat/completions"
        self._model = model
        self._places = asyncio.Semaphore(concurrency)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=timeout_s)
        )

    async def ask(self, rollout: Rollout) -> float:
        """One try; whatever goes wrong is raised."""
        body = {"model": self._model, "messages": [{"role": "user", "content": rollout.question()}]}
        async with self._places, self._session.post(self._url, json=body) as answer:
            answer.raise_for_status()
            return score((await answer.json())["choices"][0]["message"]["content"])

    async def ask_again(self, rollout: Rollout) -> float:
        """Three tries, with pauses of one and two seconds between them; the last error is raised."""
        for attempt in range(TRIES - 1):
            try:
                return await self.ask(rollout)
            except Exception:
                await asyncio.sleep(2**attempt)
        return await self.ask(rollout)
