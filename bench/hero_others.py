"""Ordinary classes that go on: hands are raised and lowered, signals go from one to another."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from itertools import count

from bench.class_words import CLASSROOM, JOIN, LOWER, RAISE, SEND, SIGNALS
from bench.hero_heard import Heard, passing
from bench.sources import source_of
from bench.talker import Gone, Talker
from bench.way_in import NotDone
from bench.writers import percentile_ms

HAND, SHOWN, SIGNAL = "a hand is taken", "a hand is shown to another", "a signal is heard"
KINDS = (HAND, SHOWN, SIGNAL)
HEARD_WITHIN_S = 20.0
BLOCK = 1
"""Of addresses: the herd's is another."""


@dataclass
class Felt:
    """Seconds from the moment something was due; `unheard` was done, and was not told in time."""

    took: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    refused: Counter[str] = field(default_factory=Counter)
    unheard: int = 0

    def ms(self, kind: str, percent: int) -> float:
        """0 of nothing."""
        return percentile_ms(self.took[kind], percent) if self.took[kind] else 0.0


class Ordinary:
    """The first hears whose hands the others raise, and sends signals to the second."""

    def __init__(self, live_class: str, talkers: Sequence[Talker]) -> None:
        self._class = {"class": live_class}
        self._talkers = talkers
        self._own: list[str] = []
        self._heard = Heard()
        self._hands, self._signals = count(), count()

    async def open(self, gateway: str, nth: int) -> None:
        """The address of its first is the `nth` client's."""
        for place, talker in enumerate(self._talkers):
            await talker.open(gateway, source_of(BLOCK, nth + place))
            ticket = await talker.do(JOIN, **self._class, key="join")
            self._own.append(ticket["participant"]["id"])
            hears = passing if place else self._heard.classroom
            await talker.follow(CLASSROOM, hears, **self._class)
        self._talkers[1].listen(SIGNALS, self._heard.signals, **self._class)

    async def go_on(self, first_s: float, pace_s: float, over: asyncio.Event, felt: Felt) -> None:
        """A hand and a signal in turn, by the clock, whatever became of those before."""
        now_s = asyncio.get_running_loop().time
        due_s = now_s() + first_s
        async with asyncio.TaskGroup() as work:
            for act in count():
                await asyncio.sleep(max(0.0, due_s - now_s()))
                if over.is_set():
                    return
                does = self._signal if act % 2 else self._hand
                work.create_task(self._felt(does(due_s, felt), felt))
                due_s += pace_s

    async def _felt(self, doing: Awaitable[None], felt: Felt) -> None:
        try:
            await doing
        except NotDone as refused:
            felt.refused[refused.code] += 1
        except (Gone, OSError) as failed:
            felt.refused[f"{type(failed).__name__} {failed}".strip()] += 1

    async def _hand(self, due_s: float, felt: Felt) -> None:
        now_s = asyncio.get_running_loop().time
        nth = next(self._hands)
        lap, place = divmod(nth, len(self._talkers) - 1)
        is_up, who = lap % 2 == 0, place + 1
        told = self._heard.expect_hand(self._own[who], is_up=is_up)
        said = {**self._class, "key": f"hand {nth}"}
        await self._talkers[who].do(RAISE if is_up else LOWER, **said)
        felt.took[HAND].append(now_s() - due_s)
        await _until(told, SHOWN, due_s, felt)

    async def _signal(self, due_s: float, felt: Felt) -> None:
        payload = f"signal {next(self._signals)}"
        told = self._heard.expect_signal(payload)
        said = {**self._class, "to": self._own[1], "payload": payload, "key": payload}
        await self._talkers[0].do(SEND, **said)
        await _until(told, SIGNAL, due_s, felt)


async def _until(told: asyncio.Future[float], kind: str, due_s: float, felt: Felt) -> None:
    try:
        async with asyncio.timeout(HEARD_WITHIN_S):
            felt.took[kind].append(await told - due_s)
    except TimeoutError:
        felt.unheard += 1
