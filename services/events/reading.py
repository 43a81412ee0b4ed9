"""Gives views a connection: a replica's if it has seen what the viewer has, else the primary's."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from itertools import count
from typing import TypeVar

from services.contracts.freshness import Seen
from services.events.beat import beating
from services.events.duty import Duty
from services.events.replica import Replica, Unfit
from services.kit.answering import Asking
from services.kit.clock import Clock
from services.storage import db
from services.storage.db import Connection, Pool
from services.storage.server import place_of

Q = TypeVar("Q")
A = TypeVar("A")
SHARE, MOST_S = 0.5, 0.5
"""What a replica has of the time that there is, and what it has at most."""


class Reading:
    """`follows` are the sources whose streams this database knows; others' versions say nothing.

    What decides about a command, and what asks the database for the time, is not read here.
    """

    def __init__(
        self, primary: Pool, replicas: Sequence[Replica] = (), follows: Collection[str] = ()
    ) -> None:
        self.primary = primary
        self._replicas = replicas
        self._follows = follows
        self._turns = count()

    async def look(
        self,
        asking: Asking[Q],
        view: Callable[[Connection], Awaitable[A]],
        *,
        is_kept: bool = False,
    ) -> A:
        """A replica may take its share of the time, and the primary what is left.

        What `is_kept` elsewhere until a change of it is heard is read at the primary: behind the
        change a replica may still answer as before it, and no other change would be heard.
        """
        if not is_kept and (replica := self._next()) is not None:
            seen = self._concerning(asking.seen)
            try:
                return await replica.look(seen, _share_s(asking.allowed_s), view)
            except Unfit:
                pass
        async with db.reading(self.primary) as connection:
            return await view(connection)

    def duties(self) -> list[Duty]:
        return [beating(self.primary)] if self._replicas else []

    def _next(self) -> Replica | None:
        """They take turns; one that is left out is passed over."""
        turn, number = next(self._turns), len(self._replicas)
        ahead = (self._replicas[(turn + nth) % number] for nth in range(number))
        return next((one for one in ahead if one.may_be_asked()), None)

    def _concerning(self, seen: Seen) -> Seen:
        return {
            stream: version
            for stream, version in seen.items()
            if stream.partition(":")[0] in self._follows
        }


def _share_s(allowed_s: float) -> float:
    return min(SHARE * allowed_s, MOST_S)


@asynccontextmanager
async def reading(
    primary: Pool, replicas: Sequence[str], follows: Collection[str], clock: Clock
) -> AsyncIterator[Reading]:
    """`replicas` are addresses; at the block's end nobody waits for one that does not answer."""
    async with AsyncExitStack() as open_:
        made = []
        for url in replicas:
            pool = await db.pool(url)
            open_.callback(pool.terminate)
            made.append(Replica(place_of(url), pool, clock))
        yield Reading(primary, made, follows)
