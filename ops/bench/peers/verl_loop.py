# SPDX-License-Identifier: Apache-2.0
"""verl's reward loop: RewardLoopWorker.compute_score of the released package, with one of its reward managers.

One worker, in this process instead of in Ray actors; the configuration is the reward.yaml of the package.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

from work import Rollout, Stage, missing, options

try:
    import numpy as np
    import torch
    import verl
    from omegaconf import OmegaConf
    from tensordict import TensorDict
    from verl.experimental.reward_loop.reward_loop import RewardLoopWorker
    from verl.protocol import DataProto

    from tokens import byte_tokenizer
except ImportError as error:
    missing(error)

HERE = Path(__file__).resolve().parent
# Where the reward function is not bounded by the manager: no rate limiter runs.
NAIVE = "naive"


def configuration(manager: str, tokenizer: Path, concurrency: int, timeout_s: float | None) -> Any:  # noqa: ANN401
    """The package's own configuration of rewards, with the judge as custom reward function."""
    shipped = Path(verl.__file__).parent / "trainer" / "config" / "reward" / "reward.yaml"
    changes: dict[str, Any] = {
        "reward_manager": {"name": manager},
        "custom_reward_function": {"path": str(HERE / "verl_reward.py"), "name": "compute_score"},
    }
    if manager != NAIVE:
        changes["max_concurrent"] = concurrency  # 1 as it ships
        if timeout_s is not None:
            changes["timeout"] = timeout_s
    return OmegaConf.create(
        {
            "actor_rollout_ref": {"model": {"path": str(tokenizer), "tokenizer_path": None}},
            "reward": OmegaConf.merge(OmegaConf.load(shipped), changes),
        }
    )


def sample(rollout: Rollout, tokenizer: Any) -> DataProto:  # noqa: ANN401
    """A rollout as verl's agent loop hands it to the reward loop."""
    prompt = torch.tensor([tokenizer.encode(rollout.prompt)], dtype=torch.int64)
    response = torch.tensor([tokenizer.encode(rollout.response)], dtype=torch.int64)
    ids = torch.cat([prompt, response], dim=1)
    batch = TensorDict(
        {
            "prompts": prompt,
            "responses": response,
            "input_ids": ids,
            "attention_mask": torch.ones_like(ids),
            "position_ids": torch.arange(ids.shape[1]).unsqueeze(0),
        },
        batch_size=1,
    )
    columns = {
        "data_source": "peers",
        "reward_model": {"ground_truth": ""},
        "extra_info": {"question": rollout.prompt},
        "__num_turns__": 2,
        "tool_extra_fields": {},
    }
    return DataProto(batch=batch, non_tensor_batch={name: np.array([it], object) for name, it in columns.items()})


def main() -> None:
    """Judges the rollouts."""
    parser = options(__doc__)
    parser.add_argument("--manager", choices=(NAIVE, "rate_limited"), required=True)
    args = parser.parse_args()
    stage = Stage(args.work)
    os.environ["KRITIK_PEERS_MODEL"] = args.model
    torch.set_num_threads(1)
    naive = args.manager == NAIVE

    async def run(folder: Path) -> None:
        tokenizer = byte_tokenizer(folder)
        config = configuration(args.manager, folder, args.concurrency, args.timeout_s)
        worker = RewardLoopWorker(config, args.judge.removeprefix("http://"))
        gate = asyncio.Semaphore(args.concurrency if naive else len(stage.rollouts) + 1)
        samples = {rollout.id: sample(rollout, tokenizer) for rollout in stage.rollouts}

        async def judge(rollout: Rollout) -> None:
            async with gate:
                try:
                    result = await worker.compute_score(samples[rollout.id])
                except Exception as raised:
                    stage.tell(rollout, None, f"raised into the trainer: {type(raised).__name__}")
                    return
            extra = result["reward_extra_info"]
            flag = "flag timeout" if "timeout" in extra else "flag error" if "error" in extra else None
            stage.tell(rollout, float(result["reward_score"]), flag)

        stage.ready(
            f"verl {version('verl')}",
            {
                "reward_manager": args.manager,
                "timeout_s": None if naive else worker.reward_manager.timeout,
                "tries": 1,
                "concurrency": args.concurrency,
                "workers": 1,
            },
            "the reward function, after verl's example" + ("; the bound on calls at once" if naive else ""),
        )
        await stage.each(judge)
        stage.done()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder)))


if __name__ == "__main__":
    main()
