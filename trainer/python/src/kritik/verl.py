# SPDX-License-Identifier: Apache-2.0
"""A reward manager and a score function for verl.

reward.reward_manager.source=importlib reward.reward_manager.name=KritikRewardManager
reward.reward_manager.module.path=pkg://kritik.verl reward.num_workers=1 +kritik.url=http://gateway:8380

verl asks for the reward of each sample by itself, in one of `reward.num_workers` processes drawn by lot. The manager
lets the samples of a group (verl's `uid`) wait for each other, and so wants a single process; it is asynchronous, and
mostly waits.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kritik.batch import judge
from kritik.fill import Fill, Filled
from kritik.model import Group, Message
from kritik.settings import Settings
from kritik.text import label_of, messages_of

if TYPE_CHECKING:
    from kritik.kafka import RewardedGroup

__all__ = ["KritikRewardManager", "batch", "compute_score"]

log = logging.getLogger("kritik.verl")
OWN = ("collect_s", "on_failure", "use_reference", "grouped")
VALIDATION = ("test", "val", "validation", "dev")


@dataclass(frozen=True)
class Options:
    """What the adapter itself needs to know, beside `kritik.Settings`.

    `collect_s`: seconds without a new sibling after which a group is judged as it is. `on_failure`: `mean` or `raise`.
    `use_reference`: whether the judge may see the ground truth. `grouped`: false judges each sample alone.
    """

    settings: Settings
    collect_s: float = 120.0
    on_failure: str = "mean"
    use_reference: bool = False
    grouped: bool = True

    def __post_init__(self) -> None:
        """Refuses what is none of the choices."""
        if self.on_failure not in ("mean", "raise"):
            raise ValueError(f"on_failure: mean or raise, not {self.on_failure!r}")
        if not self.collect_s > 0:
            raise ValueError(f"collect_s: more than 0, not {self.collect_s}")

    @classmethod
    def of(cls, given: Mapping[str, Any], **defaults: Any) -> Options:
        """Options from one mapping for both."""
        own = {**defaults, **{name: value for name, value in given.items() if name in OWN}}
        rest = {str(name): value for name, value in given.items() if name not in OWN}
        return cls(settings=Settings.from_env(rest), **own)


@dataclass
class Waiting:
    """The samples of a group that have come so far."""

    messages: tuple[Message, ...]
    size: int
    validation: bool = False
    responses: list[str] = field(default_factory=list[str])
    labels: list[str | None] = field(default_factory=list["str | None"])
    futures: list[asyncio.Future[Filled]] = field(default_factory=list["asyncio.Future[Filled]"])
    timer: asyncio.TimerHandle | None = None

    @property
    def whole(self) -> bool:
        """Whether verl normalises these rewards among themselves, and with no others."""
        return not self.validation and self.size > 1 and len(self.futures) == self.size


class KritikRewardManager:
    """Judges the samples of a `uid` together. Belongs to one event loop, as in verl's reward workers.

    Configuration: the keys of `kritik.Settings` and of `Options` under `kritik` (`+kritik.url=...`), else the
    environment. A group is sent when `actor_rollout_ref.rollout.n` samples are there (`val_kwargs.n` where
    `extra_info.split` says that they are for validation), or when for `collect_s` seconds no other has come.

    verl can't leave a sample out, and takes a number or an exception:

    - A sample without a reward, some of whose siblings have one, gets their mean, and `kritik_ok` 0.0: its advantage
    in GRPO is 0. - Where all of a whole group have none: with `on_failure=mean` all get the running mean of the rewards
    that this process has seen, and `kritik_ok` 0.0; equal numbers have no advantage in GRPO. Where none was seen yet,
    `NotJudged` is raised. With `on_failure=raise` it always is: verl 0.9's trainer v1 then drops the whole group, the
    older one stops. - It is raised, too, where such a number would be compared with real rewards, or reported as one:
    for a sample that is judged alone (`grouped=false`, no `uid`), for a group that came in parts (`collect_s`), and in
    validation.

    `reward_extra_info` has the same keys in every sample: `kritik_ok`, `kritik_status`, `kritik_votes`.
    """

    def __init__(
        self,
        config: Any,
        tokenizer: Any,
        compute_score: Any = None,
        reward_router_address: str | None = None,
        reward_model_tokenizer: Any = None,
        **_: Any,
    ) -> None:
        """As verl's `load_reward_manager` calls it."""
        self.options = Options.of(dict(config.get("kritik") or {}))
        self.tokenizer = tokenizer
        rollout = config.actor_rollout_ref.rollout
        self.size = int(rollout.n)
        validation = mapping(rollout.get("val_kwargs"))
        self.validation_size = int(validation.get("n") or 1)
        workers = int(config.reward.get("num_workers") or 1)
        if self.options.grouped and self.size > 1 and workers != 1:
            raise ValueError(
                f"reward.num_workers={workers}: samples of one group would come to different processes; "
                "set reward.num_workers=1, or kritik.grouped=false to have each sample judged alone"
            )
        self.waiting: dict[str, Waiting] = {}
        self.running: set[asyncio.Task[None]] = set()
        self.siblings = Fill(siblings_only=True)
        self.fill = Fill() if self.options.on_failure == "mean" else self.siblings

    async def run_single(self, data: Any) -> dict[str, Any]:
        """The reward of a sample (of several outputs, the last), as `{"reward_score", "reward_extra_info"}`."""
        item = data[-1:][0]
        columns: Mapping[str, Any] = item.non_tensor_batch
        response = await asyncio.get_running_loop().run_in_executor(None, self.decode, item)
        truth = label_of(mapping(columns.get("reward_model")).get("ground_truth"))
        uid = columns.get("uid") if self.options.grouped else None
        validation = mapping(columns.get("extra_info")).get("split") in VALIDATION
        size = 1 if uid is None else self.validation_size if validation else self.size
        alone = Waiting(messages_of(columns["raw_prompt"]), size, validation)
        future = self.join(str(uid), alone, response, truth)
        value = await future
        return {"reward_score": value.reward, "reward_extra_info": info(value)}

    def decode(self, item: Any) -> str:
        """The text of a response."""
        ids = item.batch["responses"]
        length = int(item.batch["attention_mask"][-ids.shape[-1] :].sum())
        return str(self.tokenizer.decode(ids[:length], skip_special_tokens=True))

    def join(self, uid: str, alone: Waiting, response: str, truth: str | None) -> asyncio.Future[Filled]:
        """Puts a sample to its siblings, or where none is there to a group of its own; it is sent when it is whole."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Filled] = loop.create_future()
        group = self.waiting.setdefault(uid, alone) if alone.size > 1 else alone
        group.responses.append(response)
        group.labels.append(truth)
        group.futures.append(future)
        if group.timer is not None:
            group.timer.cancel()
        if len(group.futures) >= group.size:
            self.send(uid, group)
        else:
            group.timer = loop.call_later(self.options.collect_s, self.send, uid, group)
        return future

    def send(self, uid: str, group: Waiting) -> None:
        """Has a group judged, whole or not."""
        if self.waiting.get(uid) is group:
            del self.waiting[uid]
        if len(group.futures) < group.size:
            log.warning("group %s: %d of %d samples came", uid, len(group.futures), group.size)
        task = asyncio.get_running_loop().create_task(self.judge(group))
        self.running.add(task)
        task.add_done_callback(self.running.discard)

    async def judge(self, group: Waiting) -> None:
        """Gives each sample of a group its reward, or all of them the same error."""
        settings = self.options.settings
        try:
            result = await judge(
                settings,
                Group(
                    messages=group.messages,
                    responses=tuple(group.responses),
                    reference=group.labels[0] if self.options.use_reference else None,
                    labels=tuple(group.labels),
                    **settings.judging,
                ),
            )
            values = (self.fill if group.whole else self.siblings).values(result)
        except BaseException as error:
            for future in group.futures:
                if not future.done():
                    future.set_exception(error)
            if not isinstance(error, Exception):
                raise
            return
        for future, value in zip(group.futures, values, strict=True):
            if not future.done():
                future.set_result(value)

    @classmethod
    def assemble_rm_scores(cls, data: Any, scores: list[float]) -> Any:
        """As verl's own managers do: at the last token of each response."""
        base: Any = importlib.import_module("verl.experimental.reward_loop.reward_manager.base")
        return base.RewardManagerBase.assemble_rm_scores(data, scores)


def batch(groups: Sequence[RewardedGroup], pad_token_id: int, **lengths: int | None) -> Any:
    """Groups from Kafka as a `verl.DataProto` for verl's actor: see `kritik.verl_topic.batch`."""
    made: Any = importlib.import_module("kritik.verl_topic")
    return made.batch(groups, pad_token_id, **lengths)


fill = Fill()


async def compute_score(
    data_source: str, solution_str: str, ground_truth: Any, extra_info: Mapping[str, Any] | None = None, **given: Any
) -> dict[str, Any]:
    """The score of one sample, judged alone: `reward.custom_reward_function.path=pkg://kritik.verl`.

    verl gives this function no prompt: `extra_info` must hold it, as `messages`, `prompt` or `question`. Settings come
    as `+reward.custom_reward_function.reward_kwargs.url=...`, else from the environment.

    The siblings of the sample are not known here, and so not their mean either. Without a reward `NotJudged` is
    raised: verl 0.9's trainer v1 then drops the group, the older one stops, and the manager `rate_limited` makes 0.0
    of it: don't use that one. With `on_failure=mean` it is the running mean of the rewards that this process has seen,
    of other prompts, and `kritik_ok` 0.0; such a sample has an advantage, a small and wrong one.
    """
    given = {name: value for name, value in given.items() if not name.startswith("reward_")}
    options = Options.of(given, on_failure="raise")
    truth = label_of(ground_truth)
    group = Group(
        messages=messages_of(prompt_in(extra_info or {})),
        responses=(solution_str,),
        label=truth,
        reference=truth if options.use_reference else None,
        **options.settings.judging,
    )
    result = await judge(options.settings, group)
    mine = fill if options.on_failure == "mean" else Fill(siblings_only=True)
    value = mine.values(result)[0]
    return {"score": value.reward, **info(value)}


def prompt_in(extra_info: Mapping[str, Any]) -> Any:
    """The prompt, where the dataset keeps one."""
    for name in ("messages", "prompt", "question"):
        if extra_info.get(name) is not None:
            return extra_info[name]
    raise ValueError(
        "extra_info: has no messages, prompt or question, and verl gives a score function no prompt otherwise"
    )


def mapping(value: Any) -> Mapping[str, Any]:
    """A mapping, or an empty one in its absence."""
    return {} if value is None else value


def info(value: Filled) -> dict[str, Any]:
    """What stands beside a reward; the same keys always, for verl reads them off the first sample."""
    return {"kritik_ok": float(value.ok), "kritik_status": value.status, "kritik_votes": value.votes}
