"""Everybody comes to the hero's class at once, each at a socket of their own."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bench.class_words import CLASSROOM, JOIN
from bench.hero_heard import passing
from bench.sources import source_of
from bench.talker import Gone, Talker
from bench.way_in import NotDone

PAUSE_S, GIVES_UP_S = 1.0, 120.0


@dataclass(frozen=True, slots=True)
class Entered:
    """Seconds from their moment until they had a ticket, that they were told to wait, and from
    then on until they heard how the class is.
    """

    join_s: float
    wait_s: float
    after_s: float


@dataclass
class Herd:
    """`again` is what was tried again, by why; `refused` who is not in, by why."""

    entered: list[Entered] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    def late(self, allowance_s: float) -> int:
        """Who were not in within the time that they were told, and so much more."""
        return sum(one.after_s > allowance_s for one in self.entered)


@dataclass(frozen=True, slots=True)
class Door:
    """The class, and where it is gone to."""

    gateway: str
    live_class: str
    herd: Herd

    async def come(self, talkers: Sequence[Talker], within_s: float) -> None:
        """Their moments lie evenly in `within_s`, whatever becomes of the others."""
        now_s = asyncio.get_running_loop().time
        began_s, step_s = now_s(), within_s / len(talkers)
        async with asyncio.TaskGroup() as work:
            for nth, talker in enumerate(talkers):
                await asyncio.sleep(max(0.0, began_s + nth * step_s - now_s()))
                work.create_task(self._come(nth, talker, began_s + nth * step_s))
        self.herd.seconds = now_s() - began_s

    async def _come(self, nth: int, talker: Talker, moment_s: float) -> None:
        now_s = asyncio.get_running_loop().time
        while True:
            try:
                self.herd.entered.append(await self.enter(nth, talker, moment_s))
                return
            except NotDone as refused:
                self.herd.refused[refused.code] += 1
                return
            except (OSError, Gone) as failed:
                why = str(failed) if isinstance(failed, Gone) else type(failed).__name__
                talker.leave()
            if now_s() - moment_s > GIVES_UP_S:
                self.herd.refused[why] += 1
                return
            self.herd.again[why] += 1
            await asyncio.sleep(PAUSE_S)

    async def enter(self, nth: int, talker: Talker, moment_s: float) -> Entered:
        """Raises NotDone, Gone or OSError; a silence is one of these."""
        now_s = asyncio.get_running_loop().time
        await talker.open(self.gateway, source_of(0, nth))
        ticket = await talker.do(JOIN, **{"class": self.live_class}, key="join")
        joined_s, wait_s = now_s(), ticket["waitMs"] / 1000
        await asyncio.sleep(wait_s)
        await talker.follow(CLASSROOM, passing, **{"class": self.live_class})
        return Entered(joined_s - moment_s, wait_s, now_s() - joined_s - wait_s)
