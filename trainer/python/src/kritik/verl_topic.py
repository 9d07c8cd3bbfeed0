# SPDX-License-Identifier: Apache-2.0
"""Groups from the topics as verl's actor takes them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from kritik.kafka import RewardedGroup
from kritik.rows import Rows

__all__ = ["batch"]


def batch(
    groups: Sequence[RewardedGroup],
    pad_token_id: int,
    *,
    prompt_length: int | None = None,
    response_length: int | None = None,
) -> Any:
    """A `verl.DataProto` with one row for each member: what verl's trainer hands to `update_actor` once it has reckoned
    rewards, old log-probabilities and advantages itself.

    Tensors: `prompts` (filled up on the left), `responses` (on the right), `input_ids`, `attention_mask`,
    `position_ids`, `response_mask`, `old_log_probs`, `advantages` and `returns` (the advantage of the member at each of
    its tokens), `token_level_scores` and `token_level_rewards` (the reward at its last token). Beside them `uid`, the
    group; `kritik_ok`, whether the row is learned from. Lengths, in tokens, are those of the longest member unless
    given.

    A member without a reward, or without tokens and log-probabilities, keeps its row, for verl divides a batch into
    equal parts. Its `response_mask` is 0 throughout, and all else in its row that could be learned from: verl's losses
    count only what the mask shows, and its mean over sequences leaves such rows out. verl's own metrics of scores don't
    look at the mask, and take the 0 that stands there for a score: read them where `kritik_ok` is 1.
    """
    np: Any = importlib.import_module("numpy")
    torch: Any = importlib.import_module("torch")
    protocol: Any = importlib.import_module("verl")
    rows = Rows.of(groups, pad_token_id, prompt_length, response_length)
    prompts, responses = torch.tensor(rows.prompt_ids), torch.tensor(rows.response_ids)
    response_mask = torch.tensor(rows.loss_mask)
    attention_mask = torch.cat([torch.tensor(rows.prompt_mask), torch.tensor(rows.response_mask)], dim=1)
    advantages = torch.tensor(rows.advantages, dtype=torch.float32).unsqueeze(1) * response_mask
    scores = torch.zeros(response_mask.shape, dtype=torch.float32)
    ok = [any(mask) for mask in rows.loss_mask]
    for row, (reward, length) in enumerate(zip(rows.rewards, rows.lengths, strict=True)):
        if reward is not None and ok[row]:
            scores[row, length - 1] = reward
    return protocol.DataProto.from_dict(
        tensors={
            "prompts": prompts,
            "responses": responses,
            "input_ids": torch.cat([prompts, responses], dim=1),
            "attention_mask": attention_mask,
            "position_ids": (attention_mask.cumsum(dim=1) - 1).clamp(min=0),
            "response_mask": response_mask,
            "old_log_probs": torch.tensor(rows.old_logprobs, dtype=torch.float32),
            "advantages": advantages,
            "returns": advantages.clone(),
            "token_level_scores": scores,
            "token_level_rewards": scores.clone(),
        },
        non_tensors={"uid": np.array(rows.groups, dtype=object), "kritik_ok": np.array(ok, dtype=object)},
    )
