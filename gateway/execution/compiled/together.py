"""Asks a source once for all that come to it in one turn of the event loop, from wherever."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

Fetch: TypeAlias = Callable[[list[Any]], Awaitable[Sequence[Any]]]


@dataclass(slots=True)
class Batch:
    things: list[Any]
    items: asyncio.Future[Sequence[Any]]


class Together:
    """One execution's. Branches of one answer meet here where they ask one source for the same."""

    __slots__ = ("_gathering",)

    def __init__(self) -> None:
        self._gathering: dict[Any, Batch] = {}

    async def ask(self, same: Any, things: list[Any], fetch: Fetch) -> Sequence[Any]:
        """An item for each of `things`; `same` is equal for what can be asked together."""
        batch = self._gathering.get(same)
        if batch is None:
            return (await self._lead(same, things, fetch))[: len(things)]
        start = len(batch.things)
        batch.things += things
        return (await batch.items)[start : start + len(things)]

    async def _lead(self, same: Any, things: list[Any], fetch: Fetch) -> Sequence[Any]:
        batch = Batch(list(things), asyncio.get_running_loop().create_future())
        self._gathering[same] = batch
        try:
            await asyncio.sleep(0)
            del self._gathering[same]
            items = await fetch(batch.things)
            batch.items.set_result(items)
            return items
        finally:
            # Whoever waits for one that was ended is ended with it, and not left to wait.
            batch.items.cancel()
