"""All who are told the same: what is new is read, executed and encoded once for all of them."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from typing import Any

from gateway.identity.token import BadToken
from gateway.realtime.asked import Asked
from gateway.realtime.event import Event
from gateway.realtime.member import NOTHING, Member
from gateway.realtime.rights import Rights
from resolvers.following import Look
from resolvers.topics import Hearing
from services.contracts.errors import Refused
from services.contracts.viewer import Viewer
from services.kit.telemetry import moment

CHUNK = 200
"""So many are told in one turn of the event loop: a few milliseconds."""


class Group:
    """`owes` is called when there may be something to tell: then somebody runs a `round()`.
    `empty` is called when its last member has left.
    """

    __slots__ = (
        "_empty",
        "_has_news",
        "_owed",
        "_owes",
        "_rights",
        "_traceparent",
        "asked",
        "hearing",
        "key",
        "members",
        "rested_s",
    )

    def __init__(
        self,
        key: Hashable,
        asked: Asked,
        rights: Rights,
        owes: "Callable[[Group], None]",
        empty: "Callable[[Group], None]",
    ) -> None:
        self.key = key
        self.asked = asked
        self.members: dict[Member, None] = {}
        self.hearing: Hearing | None = None
        self.rested_s = float("-inf")
        """When its last round began, to whoever paces them."""
        self._rights = rights
        self._owes = owes
        self._empty = empty
        self._has_news = False
        self._owed: set[Member] = set()
        self._traceparent: str | None = None

    def add(self, member: Member) -> None:
        self.members[member] = None
        member.group = self
        self.owe(member)

    def hear(self, traceparent: str | None) -> None:
        """There may be something new for all."""
        self._has_news, self._traceparent = True, traceparent
        self._owes(self)

    def owe(self, *members: Member) -> None:
        """There may be something new for these."""
        self._owed.update(members)
        self._owes(self)

    @property
    def is_owing(self) -> bool:
        return self._has_news or bool(self._owed)

    async def round(self) -> Sequence[Member]:
        """All that are owed something are told what is new to them; answers those of whom it could
        not be known now.
        """
        later: list[Member] = []
        if self.hearing is not None:
            await self.hearing.opened()
        traceparent = self._traceparent
        for members in _by_place(self._take()):
            later += await self._serve(members, traceparent)
        return later

    def _take(self) -> list[Member]:
        owed = list(self.members) if self._has_news else list(self._owed)
        self._has_news, self._owed = False, set()
        for one in owed:
            one.has_missed = one.is_busy
        return [one for one in owed if one.group is self and not one.is_busy]

    async def _serve(self, members: list[Member], traceparent: str | None) -> Sequence[Member]:
        try:
            return await self._inform(members, traceparent)
        except Exception as unforeseen:
            self._end(members, self.asked.failure(unforeseen))
            return ()

    async def _inform(self, members: list[Member], traceparent: str | None) -> Sequence[Member]:
        """`members` stand at one place."""
        later: list[Member] = []
        if self.asked.is_shared:
            members = await self._entitled(members, later)
        if not members:
            return later
        look = await self.asked.look(members)
        if look.items and isinstance(refused := look.items[-1], Refused):
            self._refuse(members, refused, later)
            return later
        if look.items:
            members = await self._entitled(members, later, look.items)
        if members:
            events = [await self.asked.show(one, members[0].viewer) for one in look.items]
            await self._deliver(members, events, look)
        if look.items:
            moment(f"push {self.asked.name}", traceparent)
        return later

    async def _entitled(
        self, members: list[Member], later: list[Member], items: Sequence[Any] = ()
    ) -> list[Member]:
        """Whoever may not is refused, and of whom it is not known now comes `later`."""
        asked = self.asked
        if asked.is_shared:
            refusals = await self._rights.refusals(members, asked.verdict)
        else:
            [viewer] = {one.viewer for one in members}
            found = await asked.verdict(viewer) or await asked.revealed(viewer, items)
            refusals = {viewer: found} if found is not None else {}
        if not refusals:
            return members
        for viewer, some in _by_viewer(members).items():
            if viewer in refusals:
                self._refuse(some, refusals[viewer], later)
        return [one for one in members if one.viewer not in refusals]

    def _refuse(self, members: list[Member], refused: Refused, later: list[Member]) -> None:
        """Whoever was told something before outlives what is away for a while."""
        if refused.retryable:
            later += [one for one in members if one.has_begun]
            members = [one for one in members if not one.has_begun]
        if members:
            self._end(members, self.asked.refusal(refused))

    async def _deliver(self, members: list[Member], events: list[Event], look: Look) -> None:
        for nth, one in enumerate(members, 1):
            if nth % CHUNK == 0:
                await asyncio.sleep(0)
            if one.group is self:
                self._tell(one, events, look)

    def _tell(self, member: Member, events: list[Event], look: Look) -> None:
        try:
            if events:
                member.check()
        except BadToken:
            self.part(member)
            member.send_away()
            return
        member.told, member.seen, member.has_begun = look.told, NOTHING, True
        if events:
            member.take(events)
        if look.is_over:
            self._end([member], None)
        elif look.has_more:
            self.owe(member)

    def _end(self, members: Sequence[Member], last: Event | None) -> None:
        for one in members:
            if one.group is self:
                self.part(one)
                one.end(last)

    def part(self, member: Member) -> None:
        self.members.pop(member, None)
        self._owed.discard(member)
        member.group = None
        if not self.members:
            self._empty(self)


def _by_viewer(members: Sequence[Member]) -> dict[Viewer | None, list[Member]]:
    found: dict[Viewer | None, list[Member]] = {}
    for one in members:
        found.setdefault(one.viewer, []).append(one)
    return found


def _by_place(members: Sequence[Member]) -> list[list[Member]]:
    """Those who stand at one place are read for once."""
    places: dict[Hashable, list[Member]] = {}
    for one in members:
        places.setdefault(one.told, []).append(one)
    return list(places.values())
