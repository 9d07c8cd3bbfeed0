# SPDX-License-Identifier: Apache-2.0
"""GRPO with TRL, rewards from a running Kritik: 20 steps of a tiny policy on the CPU; nothing is downloaded.

    pip install 'trainer/python[trl]'
    ./kritik local --gateway                                 # in another terminal
    python trainer/python/examples/grpo_trl.py

The policy is a transformer of some 400,000 weights over bytes, which starts with random ones. First it learns, for
`--warm-up` steps, to write answers like those of the tasks, right and wrong ones alike; then GRPO moves it towards what
Kritik rewards. The tasks are a few sums, made here; `--tasks` names a file of `./kritik tasks make` instead. README.md
has what it printed.
"""

from __future__ import annotations

import argparse
import math
import pathlib
import tempfile
from typing import Any

import torch
import trl
from datasets import Dataset
from tiny_policy import byte_tokenizer, policy, read_tasks, sums, warm_up
from transformers import PrinterCallback, TrainerCallback

from kritik import Settings
from kritik.trl import reward_func


class Report(TrainerCallback):
    """Prints a line a step."""

    waited = "judging"

    def __init__(self) -> None:
        """Has seen no step."""
        self.rewards: list[float] = []

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """As TRL calls it."""
        if not logs or "kritik/missing" not in logs:
            return
        reward = logs.get("reward")
        known = reward is not None and not math.isnan(reward)
        if known:
            self.rewards.append(reward)
        shown = f"{reward:5.2f} (spread {logs['reward_std']:.2f})" if known else "none"
        print(
            f"step {state.global_step:3d}  reward {shown}  without a reward {logs['kritik/missing']:.0%}  "
            f"{self.waited} {logs['kritik/seconds']:.1f} s",
            flush=True,
        )


def main() -> None:
    """Warms up, then trains."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8380", help="the gateway (token: in KRITIK_TOKEN)")
    parser.add_argument("--job", default="grpo-trl", help="name of the training run in Kritik")
    parser.add_argument("--tasks", type=pathlib.Path, help="JSON lines with messages, responses, best")
    parser.add_argument("--steps", type=int, default=20, help="steps of GRPO")
    parser.add_argument("--warm-up", type=int, default=300, help="steps before, on the responses of the tasks")
    parser.add_argument("--prompts", type=int, default=8, help="prompts a step")
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate of GRPO")
    parser.add_argument("--generations", type=int, default=8, help="responses to each prompt: the size of a group")
    parser.add_argument("--k", type=int, help="samples of the judge for each group; Kritik's default unless set")
    parser.add_argument(
        "--deadline-s", type=float, default=600, help="seconds after which a step goes on without rewards"
    )
    parser.add_argument("--longest", type=int, default=400, help="bytes of a prompt; longer ones are left out")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tasks = read_tasks(args.tasks, args.longest) if args.tasks else sums(4)
    tokenizer = byte_tokenizer()
    model = policy(len(tokenizer))
    weights = sum(weight.numel() for weight in model.parameters())
    print(f"trl {trl.__version__}, {len(tasks)} tasks, a policy of {weights:,} weights, seed {args.seed}", flush=True)
    warm_up(model, tasks, tokenizer, args.warm_up, args.seed)

    report = Report()
    with tempfile.TemporaryDirectory() as scratch:
        trainer = trl.GRPOTrainer(
            model=model,
            processing_class=tokenizer,
            # A file with fewer tasks than a step has prompts is gone through several times a step.
            train_dataset=Dataset.from_list(
                [{"prompt": task["messages"]} for task in tasks * -(-args.prompts // len(tasks))]
            ),
            reward_funcs=reward_func(
                args.generations,
                settings=Settings(url=args.url, job_id=args.job, deadline_s=args.deadline_s, k=args.k),
            ),
            callbacks=[report],
            args=trl.GRPOConfig(
                output_dir=scratch,
                max_steps=args.steps,
                per_device_train_batch_size=args.prompts * args.generations,
                num_generations=args.generations,
                max_completion_length=48,
                learning_rate=args.rate,
                lr_scheduler_type="constant",
                beta=0.0,
                logging_steps=1,
                report_to=[],
                save_strategy="no",
                use_cpu=True,
                bf16=False,
                disable_tqdm=True,
                seed=args.seed,
            ),
        )
        trainer.remove_callback(PrinterCallback)  # the report says it
        trainer.train()
    if not report.rewards:
        raise SystemExit("no step had a reward")
    part = max(1, len(report.rewards) // 4)
    first, last = report.rewards[:part], report.rewards[-part:]
    print(f"mean reward of the first {part} steps {sum(first) / part:.2f}, of the last {part} {sum(last) / part:.2f}")


if __name__ == "__main__":
    main()
