# SPDX-License-Identifier: Apache-2.0
"""GRPO with verl's own loss, trained from Kafka, on the CPU.

    pip install 'trainer/python[kafka]' verl==0.9.1 'tensordict<=0.10'
    ./kritik local --data /tmp/kritik                        # in another terminal; it prints both addresses
    python trainer/python/examples/train_from_topic_verl.py --bootstrap 127.0.0.1:PORT \
        --registry http://127.0.0.1:PORT/apis/ccompat/v7 --output /tmp/verl

`kritik.verl.batch` makes verl's DataProto of the groups. Its way to the loss is that of verl's actor worker: verl takes
the padding out, verl's `ppo_loss` clips, masks and sums. Model and optimizer stand here, in a few lines, for verl's
engines want a GPU: with one, give the same batch to `update_actor` of verl's worker group.

The checkpoint holds the position on the topics together with model, optimizer and random state. Killed at any point and
started again with the same --output, it goes on: each group is trained on exactly once.
"""

from __future__ import annotations

import argparse
import os
import pathlib
import statistics
from typing import Any

import torch
import transformers
from tiny_policy import byte_tokenizer, policy, read_tasks, sums, warm_up
from tiny_rollouts import Ahead, kept_name
from verl.utils import tensordict_utils
from verl.workers.config import ActorConfig
from verl.workers.utils.losses import ppo_loss
from verl.workers.utils.padding import left_right_2_no_padding

from kritik.kafka import GroupWriter, RewardedGroup, RewardedGroups
from kritik.verl import batch


def logprobs(model: Any, data: Any) -> torch.Tensor:
    """The log-probability of each next token, as verl's engines give it: a nested tensor without padding."""
    seen = data["attention_mask"]
    ids = torch.zeros_like(seen)
    ids[seen.bool()] = data["input_ids"].values()
    positions = (seen.cumsum(dim=1) - 1).clamp(min=0)
    logits = model(input_ids=ids, attention_mask=seen, position_ids=positions).logits
    following = torch.roll(ids, -1, dims=1)
    each = torch.log_softmax(logits.float(), dim=-1).gather(2, following.unsqueeze(2)).squeeze(2)
    return torch.nested.nested_tensor_from_jagged(each[seen.bool()], offsets=data["input_ids"].offsets())


def learn(model: Any, optimizer: Any, config: ActorConfig, groups: list[RewardedGroup], pad: int) -> dict[str, float]:
    """One step of verl's loss."""
    data = left_right_2_no_padding(batch(groups, pad).to_tensordict())
    tokens = int(data["response_mask"].sum())
    if tokens == 0:
        return {"loss": 0.0}  # nothing was judged
    tensordict_utils.assign_non_tensor(data, dp_size=1, batch_num_tokens=tokens, global_batch_size=data.shape[0])
    loss, metrics = ppo_loss(config, {"log_probs": logprobs(model, data)}, data)
    loss.backward()
    norm = torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    shown = {name.removeprefix("actor/"): metrics[name].aggregate() for name in ("actor/pg_clipfrac", "actor/ppo_kl")}
    return {"loss": loss.item(), "norm": float(norm), **shown}


def save(file: pathlib.Path, state: dict[str, Any]) -> None:
    """Keeps a state as a whole, or the one before."""
    partial = file.with_suffix(".partial")
    with partial.open("wb") as out:
        torch.save(state, out)
        out.flush()
        os.fsync(out.fileno())
    partial.replace(file)


def main() -> None:
    """Warms up, then trains; or goes on."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", required=True, help="Kafka's address, host:port")
    parser.add_argument("--registry", required=True, help="address of the schema registry's Confluent API")
    parser.add_argument("--output", type=pathlib.Path, required=True, help="folder of the checkpoint")
    parser.add_argument("--job", help="name of the training run in Kritik; one for each output unless given")
    parser.add_argument("--tasks", type=pathlib.Path, help="JSON lines with messages, responses, best")
    parser.add_argument("--steps", type=int, default=20, help="steps of GRPO")
    parser.add_argument("--warm-up", type=int, default=300, help="steps before, on the responses of the tasks")
    parser.add_argument("--prompts", type=int, default=8, help="groups a step")
    parser.add_argument("--generations", type=int, default=8, help="responses to each prompt: the size of a group")
    parser.add_argument("--ahead", type=int, default=1, help="batches that are written before they are due")
    parser.add_argument("--rate", type=float, default=1e-3, help="learning rate of GRPO")
    parser.add_argument("--deadline-s", type=float, default=600, help="seconds after which a group must be judged")
    parser.add_argument("--longest", type=int, default=400, help="bytes of a prompt; longer ones are left out")
    parser.add_argument("--threads", type=int, default=1, help="threads of PyTorch")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()

    transformers.logging.set_verbosity_error()
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    tasks = read_tasks(args.tasks, args.longest) if args.tasks else sums(4)
    tokenizer = byte_tokenizer()
    model = policy(len(tokenizer))
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.0)
    config = ActorConfig(
        strategy="fsdp",
        rollout_n=args.generations,
        ppo_mini_batch_size=args.prompts,
        ppo_micro_batch_size_per_gpu=args.prompts * args.generations,
    )
    job, file = args.job or kept_name(args.output), args.output / "checkpoint.pt"
    kept = torch.load(file, weights_only=False) if file.exists() else None
    begun = kept["step"] if kept else 0
    print(f"job {job}, {begun} steps are done", flush=True)
    if kept:
        model.load_state_dict(kept["model"])
        optimizer.load_state_dict(kept["optimizer"])
        torch.set_rng_state(kept["random"])
    else:
        warm_up(model, tasks, tokenizer, args.warm_up, args.seed)
    with (
        # One process at a time writes under this name: an earlier one that hangs is shut out.
        GroupWriter(args.bootstrap, args.registry, f"{job}-writer") as writer,
        RewardedGroups(args.bootstrap, args.registry, job, start=kept["position"] if kept else "earliest") as groups,
    ):
        source = Ahead(writer, groups, tasks, args.generations, args.prompts, args.steps * args.prompts)
        for step in range(begun, args.steps):
            source.write(model, tokenizer, step * args.prompts, args.ahead, step)
            taken: list[RewardedGroup] = []
            while len(taken) < args.prompts:
                group = groups.next(args.deadline_s)
                if group is None:
                    raise SystemExit(f"no group ended in {args.deadline_s:g} s: does Kritik judge job {job}?")
                taken.append(group)
            told = learn(model, optimizer, config, taken, tokenizer.pad_token_id)
            known = [reward for group in taken for reward in group.rewards if reward is not None]
            state = {"step": step + 1, "position": groups.position, "random": torch.get_rng_state()}
            save(file, {**state, "model": model.state_dict(), "optimizer": optimizer.state_dict()})
            print(
                f"step {step + 1:3d}  reward {statistics.fmean(known) if known else float('nan'):5.2f}  "
                + "  ".join(f"{name} {value:.4f}" for name, value in told.items())
                + f"  groups {', '.join(group.id.group for group in taken)}",
                flush=True,
            )


if __name__ == "__main__":
    main()
