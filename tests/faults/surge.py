"""Operations of several kinds, each at its rate, whatever became of those before."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

from pyreqwest.exceptions import TransportError

from tests import pair
from tests.faults.herd import slow_monolith
from tests.learner import codes
from tests.stack import Stack

Ask = Callable[[], Awaitable[dict[str, Any]]]
CAPACITY = 80.0
"""Requests a second of `small_monolith`, whatever machine this is."""
WORKERS = 4
PATIENT = {"request_budget_ms": "3000", "upstream_budget_ms": "2500"}
"""With so few requests a second it takes a second of them to learn what too many are."""
REFUSED = {"OVERLOADED", "RATE_LIMITED"}
CUT = "CUT"
"""Said of whom nothing came back: the connection was not made, or broke."""


@dataclass(slots=True)
class Told:
    """What those of one kind were told: `failed` are all who got an error but a refusal."""

    sent: int = 0
    answered: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    took_s: list[float] = field(default_factory=list)

    def note(self, said: Sequence[str], took_s: float) -> None:
        self.took_s.append(took_s)
        if not said:
            self.answered += 1
        elif said[0] in REFUSED:
            self.refused[said[0]] += 1
        else:
            self.failed[said[0]] += 1

    @property
    def percent(self) -> float:
        return 100 * self.answered / max(1, self.sent)


async def surge(kinds: Mapping[str, tuple[float, Ask]], seconds: float) -> dict[str, Told]:
    """Each kind at so many a second, by the clock."""
    told = {name: Told() for name in kinds}

    async def ask_one(name: str, ask: Ask) -> None:
        now_s = asyncio.get_running_loop().time
        began_s = now_s()
        told[name].note(await _said(ask), now_s() - began_s)

    async def keep_asking(name: str, rate: float, ask: Ask) -> None:
        began_s = asyncio.get_running_loop().time()
        for nth in range(round(rate * seconds)):
            await asyncio.sleep(began_s + nth / rate - asyncio.get_running_loop().time())
            told[name].sent += 1
            asking.create_task(ask_one(name, ask))

    async with asyncio.TaskGroup() as asking:
        for name, (rate, ask) in kinds.items():
            asking.create_task(keep_asking(name, rate, ask))
    return told


async def _said(ask: Ask) -> list[str]:
    try:
        return codes(await ask())
    except TransportError:
        return [CUT]


def in_turns(asks: Sequence[Ask]) -> Ask:
    """Each time the next one."""
    turns = cycle(asks)
    return lambda: next(turns)()


def small_monolith(home: Path, stack: Stack) -> Iterator[pair.Server]:
    """For a fixture."""
    yield from slow_monolith(home, stack, WORKERS / CAPACITY, workers=str(WORKERS))
