"""A subscription over HTTP: what it is told waits here until its stream has taken it."""

import asyncio
from collections.abc import Sequence

from gateway.identity.token import BadToken
from gateway.realtime.event import Event
from gateway.realtime.member import Member
from gateway.transport.badge import Badge


class Mailbox(Member):
    """Nothing is read for it as long as there is something in it."""

    __slots__ = ("_badge", "_events", "_is_over", "_left", "_news")

    def __init__(self, badge: Badge) -> None:
        super().__init__(badge.viewer)
        self._badge = badge
        self._events: list[Event] = []
        self._news = asyncio.Event()
        self._is_over = False
        self._left: BadToken | None = None

    async def next(self) -> bytes | None:
        """The next payload; None behind the last. Raises BadToken."""
        if not self._events:
            self.drained()
        await self._news.wait()
        if self._events:
            payload = self._events.pop(0).payload
            self._rest()
            return payload
        if self._left is not None:
            raise self._left
        return None

    def check(self) -> None:
        self._badge.check()

    def take(self, events: Sequence[Event]) -> None:
        self._events += events
        self.is_busy = True
        self._news.set()

    def end(self, last: Event | None) -> None:
        self._events += [last] if last else []
        self._is_over = True
        self._news.set()

    def send_away(self) -> None:
        self._left = BadToken("no longer")
        self._is_over = True
        self._news.set()

    def _rest(self) -> None:
        if not self._events and not self._is_over:
            self._news.clear()
