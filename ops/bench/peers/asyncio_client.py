# SPDX-License-Identifier: Apache-2.0
"""What most teams write: asyncio, aiohttp, a semaphore, a timeout, three tries, and 0.0 when all have failed."""

from __future__ import annotations

import asyncio

from work import Rollout, Stage, missing, options

try:
    import aiohttp

    from judge_client import TIMEOUT_S, TRIES, JudgeClient
except ImportError as error:
    missing(error)


def main() -> None:
    """Judges the rollouts."""
    parser = options(__doc__)
    parser.add_argument("--no-timeout", action="store_true", help="as aiohttp.ClientTimeout(total=None)")
    args = parser.parse_args()
    stage = Stage(args.work)
    timeout_s = None if args.no_timeout else args.timeout_s or TIMEOUT_S

    async def run() -> None:
        client = JudgeClient(args.judge, args.model, args.concurrency, timeout_s)

        async def judge(rollout: Rollout) -> None:
            try:
                reward = await client.ask_again(rollout)
            except Exception:
                reward = 0.0
            stage.tell(rollout, reward)

        stage.ready(
            f"aiohttp {aiohttp.__version__}",
            {"timeout_s": timeout_s, "tries": TRIES, "concurrency": args.concurrency},
            "all of it: a client as teams write it",
        )
        await stage.each(judge)
        stage.done()

    asyncio.run(run())


if __name__ == "__main__":
    main()
