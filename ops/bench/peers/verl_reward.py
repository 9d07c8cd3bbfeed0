# SPDX-License-Identifier: Apache-2.0
"""A reward function for verl that asks a generative judge, after the example in verl's documents on its reward loop.

As there: a session for each call, no timeout, no second try, and no look at the status, so that an error's body has no
choices and raises KeyError. As there, a text without a score is a 0.
"""

from __future__ import annotations

import json
import os
from typing import Any

import aiohttp

from work import PROMPT, score


async def chat_complete(router_address: str, request: dict[str, Any]) -> str:
    """Asks for a text."""
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None)) as session,
        session.post(f"http://{router_address}/v1/chat/completions", json=request) as answer,
    ):
        return json.loads(await answer.text())["choices"][0]["message"]["content"]


async def compute_score(
    data_source: str,
    solution_str: str,
    ground_truth: str,
    extra_info: dict[str, Any],
    reward_router_address: str,
    reward_model_tokenizer: object = None,
) -> dict[str, Any]:
    """The judge's score."""
    text = await chat_complete(
        reward_router_address,
        {
            "model": os.environ["KRITIK_PEERS_MODEL"],
            "messages": [
                {"role": "user", "content": PROMPT.format(prompt=extra_info["question"], response=solution_str)}
            ],
            "temperature": 0.7,
            "top_p": 0.8,
            "max_tokens": 4096,
        },
    )
    try:
        reward = score(text)
    except ValueError:
        reward = 0.0
    return {"score": reward, "acc": reward == 10}
