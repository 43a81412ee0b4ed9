"""A subscription of a socket: told at once where there is room, else by a task of the socket's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

from gateway.realtime.event import Event
from gateway.realtime.member import Member
from gateway.transport import frames
from gateway.transport.frames import Ready
from gateway.transport.messages import Close, Closed

if TYPE_CHECKING:
    from gateway.transport.operations import Operations


class Listening(Member):
    __slots__ = ("_id", "_of")

    def __init__(self, id_: str, of: "Operations") -> None:
        super().__init__(of.badge.viewer)
        self._id = id_
        self._of = of

    def check(self) -> None:
        self._of.badge.check()

    def take(self, events: Sequence[Event]) -> None:
        self._send([one.framed(self._id, frames.next_of) for one in events])
        carried, seen = self._of.carried, events[-1].seen
        if carried is not None and carried.is_new(seen):
            self._of.work(carried.note(seen))

    def end(self, last: Event | None) -> None:
        self._of.forget(self._id)
        told = [last.framed(self._id, frames.next_of)] if last else []
        self._send([*told, frames.complete(self._id)])

    def send_away(self) -> None:
        self._of.work(_close())

    def _send(self, messages: list[Ready]) -> None:
        wire = self._of.wire
        at = next((at for at, one in enumerate(messages) if not wire.offer(one)), None)
        if at is not None:
            self.is_busy = True
            self._of.work(self._wait(messages[at:]))

    async def _wait(self, messages: list[Ready]) -> None:
        """Raises Closed for who does not read."""
        for one in messages:
            await self._of.wire.send_text(one.text)
        self.drained()


async def _close() -> NoReturn:
    raise Closed(Close.FORBIDDEN, "Forbidden")
