# SPDX-License-Identifier: Apache-2.0
"""A reward server for OpenRLHF, after its own (openrlhf.cli.serve_rm): same route, same answer; but it asks a judge."""

from __future__ import annotations

import argparse
import asyncio
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from judge_client import JudgeClient
from work import Rollout, end_with_stdin


def main() -> None:
    """Serves until standard input ends."""
    parser = argparse.ArgumentParser(description="A reward server for OpenRLHF that asks a judge")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--judge", required=True)
    parser.add_argument("--model", required=True)
    parser.add_argument("--concurrency", type=int, required=True)
    parser.add_argument("--timeout-s", type=float, default=300.0, help="aiohttp's own default")
    args = parser.parse_args()
    end_with_stdin()
    clients: list[JudgeClient] = []

    @asynccontextmanager
    async def life(_: FastAPI) -> Any:  # noqa: ANN401
        clients.append(JudgeClient(args.judge, args.model, args.concurrency, args.timeout_s))
        yield

    app = FastAPI(lifespan=life)

    @app.post("/get_reward")
    async def get_reward(request: Request) -> JSONResponse:
        data = await request.json()

        async def one(query: str, prompt: str) -> float:
            return await clients[0].ask(Rollout("", prompt, query.removeprefix(prompt), 0.0))

        # Whatever goes wrong is a status of 500: the client tries again.
        rewards = await asyncio.gather(*map(one, data["query"], data["prompts"]))
        return JSONResponse({"rewards": rewards, "scores": rewards, "extra_logs": {}})

    uvicorn.run(app, host="127.0.0.1", port=args.port, log_level="error")


if __name__ == "__main__":
    main()
