# SPDX-License-Identifier: Apache-2.0
"""OpenRLHF's remote reward: SingleTurnAgentExecutor.execute of the released package, against a reward server.

The engine that would write the responses is a stand-in that hands out those of the work. The reward server is a process
of its own, as OpenRLHF's is.
"""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from work import Rollout, Stage, missing, options

try:
    import fastapi
    import uvicorn  # noqa: F401
    from openrlhf.utils.agent import SingleTurnAgentExecutor

    from tokens import byte_tokenizer
except ImportError as error:
    missing(error)

HERE = Path(__file__).resolve().parent
START_S = 60.0


class Engine:
    """Writes the response that is in the work, at once."""

    def __init__(self, response_ids: list[int]) -> None:
        """Takes the response's tokens."""
        self._ids = response_ids

    async def generate(self, prompt_ids: list[int], params: object, multi_modal_data: object = None) -> Any:  # noqa: ANN401
        """As OpenRLHF's engine answers."""
        return SimpleNamespace(
            outputs=[SimpleNamespace(token_ids=self._ids, finish_reason="stop", logprobs=None)],
        )


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(args: Any) -> tuple[subprocess.Popen[bytes], int]:  # noqa: ANN401
    """Starts the reward server, and waits until it listens."""
    port = free_port()
    command = [sys.executable, str(HERE / "reward_server.py"), "--port", str(port), "--judge", args.judge]
    command += ["--model", args.model, "--concurrency", str(args.concurrency)]
    if args.timeout_s is not None:
        command += ["--timeout-s", str(args.timeout_s)]
    server = subprocess.Popen(command, stdin=subprocess.PIPE)
    end = time.monotonic() + START_S
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return server, port
        except OSError:
            if server.poll() is not None or time.monotonic() > end:
                server.kill()
                sys.exit("the reward server does not start, see above")
            time.sleep(0.1)


def main() -> None:
    """Judges the rollouts."""
    args = options(__doc__).parse_args()
    stage = Stage(args.work)
    with tempfile.TemporaryDirectory() as folder:
        tokenizer = byte_tokenizer(Path(folder))
    tokens = {it.id: tokenizer.encode(it.response) for it in stage.rollouts}
    server, port = serve(args)

    async def run() -> None:
        executor = SingleTurnAgentExecutor(f"http://127.0.0.1:{port}/get_reward")
        gate = asyncio.Semaphore(args.concurrency)
        params = SimpleNamespace(max_tokens=8192, logprobs=None)

        async def judge(rollout: Rollout) -> None:
            async with gate:
                output = await executor.execute(
                    rollout.prompt, None, params, 65536, tokenizer, Engine(tokens[rollout.id])
                )
            reward = output["reward"]
            if isinstance(reward, list):
                reward = reward[0]
            stage.tell(rollout, reward, None if reward is not None else "None; the reason stands in a log")

        stage.ready(
            f"openrlhf {version('openrlhf')}, fastapi {fastapi.__version__}",
            {
                "timeout_s": 180,
                "tries": 5,
                "concurrency": args.concurrency,
                "server_timeout_s": args.timeout_s or 300,
            },
            "the reward server, after openrlhf.cli.serve_rm; the engine's stand-in; the bound on calls at once",
        )
        await stage.each(judge)
        server.kill()
        stage.done()

    try:
        asyncio.run(run())
    finally:
        server.kill()


if __name__ == "__main__":
    main()
