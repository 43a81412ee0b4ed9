"""What is under way in this process: one fetch for a key, however many wait for it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, TypeAlias

from gateway.cache.fetched import Outcome
from gateway.cache.key import Key
from services.contracts.errors import UpstreamUnreachable
from services.kit.log import Log
from services.kit.once import flight

Landing: TypeAlias = asyncio.Future[Outcome[Any]]
Land: TypeAlias = Callable[[Key, Outcome[Any]], None]
Work: TypeAlias = Callable[[Land], Coroutine[Any, Any, None]]

log = Log("cache")


class Flights:
    """Each is a task of its own: whoever waits for a landing with asyncio.wait ends nothing by
    leaving.
    """

    def __init__(self) -> None:
        self._under_way: dict[str, Landing] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def get(self, key: Key) -> Landing | None:
        return self._under_way.get(key.text)

    def depart(self, keys: Sequence[Key], work: Work) -> list[Landing]:
        """A landing for each key: `work` lands them one by one, with what became of them."""
        if not keys:
            return []
        loop = asyncio.get_running_loop()
        ours: dict[str, Landing] = {key.text: loop.create_future() for key in keys}
        self._under_way |= ours
        task = flight(self._fly(ours, work), "cache")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return list(ours.values())

    async def close(self) -> None:
        """Whoever still waits is told that nothing comes."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _fly(self, ours: Mapping[str, Landing], work: Work) -> None:
        try:
            await work(lambda key, outcome: self._land(key.text, ours[key.text], outcome))
        except Exception as unforeseen:
            log.error("cache.flight_failed", unforeseen)
        finally:
            for text, landing in ours.items():
                self._land(text, landing, UpstreamUnreachable("it was fetched, and did not come"))

    def _land(self, text: str, landing: Landing, outcome: Outcome[Any]) -> None:
        """The first time counts: behind it another flight may be under way for the key."""
        if self._under_way.get(text) is landing:
            del self._under_way[text]
        if not landing.done():
            landing.set_result(outcome)
