# SPDX-License-Identifier: Apache-2.0
"""TRL's asynchronous reward functions: GRPOTrainer._calculate_rewards of the released package, on a batch at a time.

The trainer is made without its constructor, which would load a model: it has what this method reads, and no more.
"""

from __future__ import annotations

import asyncio
import math
from types import SimpleNamespace

from work import Rollout, Stage, missing, options

try:
    import torch
    import trl
    from accelerate import Accelerator
    from transformers import TrainerState
    from trl import GRPOTrainer
    from trl.trainer.utils import start_event_loop_in_daemon

    from judge_client import TIMEOUT_S, TRIES, JudgeClient
except ImportError as error:
    missing(error)


def trainer(reward_func: object) -> GRPOTrainer:
    """A trainer that can do nothing but calculate rewards."""
    made = GRPOTrainer.__new__(GRPOTrainer)
    made.accelerator = Accelerator(cpu=True)
    made.args = SimpleNamespace(report_to=[])
    made.state = TrainerState()
    made.environments = None
    made.reward_funcs = [reward_func]
    made.reward_processing_classes = [None]
    made.reward_func_names = ["judged"]
    made.async_loop_thread, made.async_loop, ready = start_event_loop_in_daemon(name="GRPOTrainer-AsyncLoop")
    ready.wait()
    return made


def main() -> None:
    """Judges the rollouts."""
    args = options(__doc__).parse_args()
    stage = Stage(args.work)
    torch.set_num_threads(1)
    timeout_s = args.timeout_s or TIMEOUT_S
    clients: list[JudgeClient] = []

    async def judged(
        prompts: list[str], completions: list[str], rollout: list[Rollout], **columns: object
    ) -> list[float | None]:
        if not clients:  # belongs to TRL's event loop
            clients.append(JudgeClient(args.judge, args.model, args.concurrency, timeout_s))

        async def one(prompt: str, completion: str, of: Rollout) -> float | None:
            try:
                return await clients[0].ask_again(Rollout(of.id, prompt, completion, of.at_s))
            except Exception:
                return None  # as TRL says: no reward of this function for this completion

        return await asyncio.gather(*map(one, prompts, completions, rollout))

    calculating = trainer(judged)
    stage.ready(
        f"trl {trl.__version__}",
        {"timeout_s": timeout_s, "tries": TRIES, "concurrency": args.concurrency, "batch": args.batch},
        "the reward function; a trainer object that was made without its constructor",
    )
    for start in range(0, len(stage.rollouts), args.batch):
        batch = stage.rollouts[start : start + args.batch]
        asyncio.run(stage.due(batch[-1]))
        inputs = [{"prompt": it.prompt, "rollout": it} for it in batch]
        rewards = calculating._calculate_rewards(
            inputs, [it.prompt for it in batch], [it.response for it in batch], [[0]] * len(batch)
        )
        for it, reward in zip(batch, rewards[:, 0].tolist(), strict=True):
            if math.isnan(reward):
                stage.tell(it, None, "None, and NaN in the trainer")
            else:
                stage.tell(it, reward)
    stage.done()


if __name__ == "__main__":
    main()
