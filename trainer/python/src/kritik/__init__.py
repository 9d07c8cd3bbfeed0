# SPDX-License-Identifier: Apache-2.0
"""Rewards from Kritik: whole groups of responses, judged together; a failure is never a number.

`Client` and `AsyncClient` speak to a gateway. What fits into a training system lies in a module of its own:
`kritik.trl`, `kritik.verl`, `kritik.slime`, `kritik.openrlhf`, `kritik.verifiers`. `kritik.kafka` (extra `kafka`)
reads the topics, to train from; `kritik.trl_topic` and `kritik.verl.batch` give what it reads to TRL and verl.
"""

from kritik.advantage import advantages
from kritik.client import AsyncClient, Client
from kritik.errors import BadAnswer, KritikError, NotJudged, Refused, Unknown
from kritik.model import Group, Judge, Juror, Member, Message, Result, Status, Timings
from kritik.settings import Settings

__all__ = [
    "AsyncClient",
    "BadAnswer",
    "Client",
    "Group",
    "Judge",
    "Juror",
    "KritikError",
    "Member",
    "Message",
    "NotJudged",
    "Refused",
    "Result",
    "Settings",
    "Status",
    "Timings",
    "Unknown",
    "advantages",
]
