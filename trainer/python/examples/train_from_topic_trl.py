# SPDX-License-Identifier: Apache-2.0
"""GRPO with TRL, trained from Kafka: rollouts, tokens, log-probabilities and rewards come from Kritik's topics.

    pip install 'trainer/python[trl,kafka]'
    ./kritik local --data /tmp/kritik                        # in another terminal; it prints both addresses
    python trainer/python/examples/train_from_topic_trl.py --bootstrap 127.0.0.1:PORT \
        --registry http://127.0.0.1:PORT/apis/ccompat/v7 --output /tmp/grpo

Policy and tasks are those of grpo_trl.py. This process also writes the rollouts, ahead of what it trains on, so that
Kritik judges one batch while the policy learns from another; it could as well be another process, on another machine.
Each checkpoint holds the position on the topics. Killed at any point and started again with the same --output, it goes
on: each group is trained on exactly once. README.md has what it printed.
"""

from __future__ import annotations

import argparse
import logging
import pathlib
import warnings
from typing import Any

import torch
import transformers
import trl
from grpo_trl import Report
from tiny_policy import Task, byte_tokenizer, policy, read_tasks, sums, warm_up
from tiny_rollouts import LONGEST, Ahead, kept_name
from transformers import PrinterCallback

from kritik.kafka import GroupWriter, RewardedGroups
from kritik.trl_topic import TopicGRPOTrainer, last_checkpoint


class GeneratingTrainer(TopicGRPOTrainer):
    """A trainer that also writes the rollouts: `ahead` batches more than it trains on."""

    def __init__(self, *args: Any, writer: GroupWriter, tasks: list[Task], ahead: int, **others: Any) -> None:
        """`writer` writes them."""
        super().__init__(*args, **others)
        self.tasks, self.ahead = tasks, ahead
        self.per_batch = self.args.generation_batch_size // self.num_generations
        last = self.args.max_steps * self.per_batch
        self.source = Ahead(writer, self.groups, tasks, self.num_generations, self.per_batch, last)

    def produce(self) -> None:
        """Before each batch is read."""
        step = self.state.global_step
        self.source.write(self.model, self.processing_class, step * self.per_batch, self.ahead, step)


class Lines(Report):
    """Prints a line a step, with the share of right answers, which no judge and no trainer is told."""

    trainer: GeneratingTrainer
    waited = "waited"

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **_: Any) -> None:
        """As TRL calls it."""
        if not logs or "kritik/staleness" not in logs:
            return
        trainer = self.trainer
        right = []
        for group in trainer.batch:
            task = trainer.tasks[int(group.id.group) % len(trainer.tasks)]
            right += [member.text == task["responses"][task["best"]] for member in group.members]
        super().on_log(args, state, control, logs)
        print(
            f"          right {sum(right) / len(right):.0%}  policy {logs['kritik/staleness']:.1f} steps old  "
            f"groups {', '.join(group.id.group for group in trainer.batch)}",
            flush=True,
        )


def main() -> None:
    """Warms up, then trains; or goes on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", required=True, help="Kafka's address, host:port")
    parser.add_argument("--registry", required=True, help="address of the schema registry's Confluent API")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder of the checkpoints")
    parser.add_argument("--job", help="name of the training run in Kritik; one for each output unless given")
    parser.add_argument("--tasks", type=pathlib.Path, help="JSON lines with messages, responses, best")
    parser.add_argument("--steps", type=int, default=20, help="steps of GRPO")
    parser.add_argument("--warm-up", type=int, default=300, help="steps before, on the responses of the tasks")
    parser.add_argument("--prompts", type=int, default=8, help="groups a step")
    parser.add_argument("--generations", type=int, default=8, help="responses to each prompt: the size of a group")
    parser.add_argument("--ahead", type=int, default=1, help="batches that are written before they are due")
    parser.add_argument("--rate", type=float, default=3e-3, help="learning rate of GRPO")
    parser.add_argument("--baseline", choices=["mean", "leave-one-out"], default="mean")
    parser.add_argument("--save-steps", type=int, default=1, help="steps between checkpoints")
    parser.add_argument("--deadline-s", type=float, default=600, help="seconds after which a batch must be judged")
    parser.add_argument("--longest", type=int, default=400, help="bytes of a prompt; longer ones are left out")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    logging.basicConfig(format="%(message)s")
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    warnings.simplefilter("ignore", FutureWarning)  # transformers' of what TRL calls
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tasks = read_tasks(args.tasks, args.longest) if args.tasks else sums(4)
    tokenizer = byte_tokenizer()
    model = policy(len(tokenizer))
    job = args.job or kept_name(args.output)
    checkpoint = last_checkpoint(args.output)
    print(f"trl {trl.__version__}, job {job}, from {checkpoint or 'the beginning'}", flush=True)
    if checkpoint is None:
        warm_up(model, tasks, tokenizer, args.warm_up, args.seed)

    report = Lines()
    with (
        # One process at a time writes under this name: an earlier one that hangs is shut out.
        GroupWriter(args.bootstrap, args.registry, f"{job}-writer") as writer,
        RewardedGroups(args.bootstrap, args.registry, job, baseline=args.baseline) as groups,
    ):
        trainer = report.trainer = GeneratingTrainer(
            model,
            groups,
            writer=writer,
            tasks=tasks,
            ahead=args.ahead,
            deadline_s=args.deadline_s,
            processing_class=tokenizer,
            callbacks=[report],
            args=trl.GRPOConfig(
                output_dir=str(args.output),
                max_steps=args.steps,
                per_device_train_batch_size=args.prompts * args.generations,
                num_generations=args.generations,
                max_completion_length=LONGEST,
                learning_rate=args.rate,
                lr_scheduler_type="constant",
                beta=0.0,
                logging_steps=1,
                save_strategy="steps",
                save_steps=args.save_steps,
                save_total_limit=2,
                report_to=[],
                use_cpu=True,
                bf16=False,
                disable_tqdm=True,
                seed=args.seed,
            ),
        )
        trainer.remove_callback(PrinterCallback)  # the report says it
        trainer.train(resume_from_checkpoint=True)
    if report.rewards:
        part = max(1, len(report.rewards) // 4)
        first, last = report.rewards[:part], report.rewards[-part:]
        print(
            f"mean reward of the first {part} steps {sum(first) / part:.2f}, of the last {part} {sum(last) / part:.2f}"
        )


if __name__ == "__main__":
    main()
