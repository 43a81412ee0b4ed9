"""What is new in a class behind a cursor: of each kind as it is now, in the order of changes."""

from collections.abc import Sequence
from dataclasses import replace

from services.contracts.classroom import (
    BreakoutsChanged,
    ClassroomEvent,
    ClassroomNews,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    HandsChanged,
    PresenceChanged,
)
from services.contracts.classroom_api import After
from services.contracts.errors import HIDDEN, Refused
from services.contracts.viewer import Viewer
from services.live_class.room import breakouts, told
from services.live_class.room.cursor import ANEW, Cursor
from services.live_class.room.held import Held, find_told
from services.live_class.room.names import participant_id
from services.live_class.room.ring import passed
from services.live_class.room.told import Told, people
from services.storage.db import Connection


async def changes(db: Connection, viewer: Viewer, after: After) -> ClassroomNews | Refused:
    found = await find_told(db, viewer, after.live_class)
    if found is None:
        return HIDDEN
    held, room = found
    if room is None:
        return _unopened(held, after.cursor)
    since = None if after.cursor is None else Cursor.read(after.cursor)
    if since is None or not since.is_known_at(room.place):
        return _anew(held, room, is_expected=after.cursor in (None, ANEW))
    return ClassroomNews(await Since(db, held, room, since).events(), str(room.place), room.is_over)


class Since:
    """One reading of a room, for one who has been told of everything up to `since`."""

    def __init__(self, db: Connection, held: Held, room: Told, since: Cursor) -> None:
        self._db = db
        self._key = held.place.key
        self._room = room
        self._since = since

    async def events(self) -> list[ClassroomEvent]:
        room = self._room
        kinds = sorted(
            (
                (room.state_version, self._state),
                (room.presence_version, self._presence),
                (room.hands_version, self._hands),
                (room.breakouts_version, self._breakouts),
            ),
            key=lambda kind: kind[0],
        )
        said: list[ClassroomEvent] = []
        for version, tell in kinds:
            if version > self._since.version:
                said += await tell(version)
        return said

    async def _state(self, version: int) -> Sequence[ClassroomEvent]:
        return [ClassStateChanged(self._at(version), self._room.state)]

    async def _hands(self, version: int) -> Sequence[ClassroomEvent]:
        return [HandsChanged(self._at(version), told.shown(*self._key, self._room.hands))]

    async def _breakouts(self, version: int) -> Sequence[ClassroomEvent]:
        return [BreakoutsChanged(self._at(version), await breakouts.all_(self._db, *self._key))]

    async def _presence(self, version: int) -> Sequence[ClassroomEvent]:
        """Whoever resumes at the gap's place gets what follows it."""
        room, ticks = self._room, self._room.place.ticks
        found = passed(room.ring, self._since.ticks, ticks)
        said: list[ClassroomEvent] = []
        if found.missed:
            seen = self._since.ticks + found.missed
            gap = Cursor(room.place.epoch, version - 1, seen)
            said.append(Gap(str(gap), found.missed))
        self._since = replace(self._since, ticks=ticks)
        joined = await people(self._db, *self._key, found.joined)
        left = [participant_id(*self._key, user) for user in found.left]
        return [*said, PresenceChanged(self._at(version), room.present, joined, left)]

    def _at(self, version: int) -> str:
        """The place of whoever has been told this and all before it."""
        return str(replace(self._since, version=version))


def _anew(held: Held, room: Told, *, is_expected: bool) -> ClassroomNews:
    """Of one whose cursor says nothing nobody knows what they have missed."""
    here = str(room.place)
    lost: list[ClassroomEvent] = [] if is_expected else [Gap(ANEW, 1)]
    return ClassroomNews([*lost, ClassroomSnapshot(here, held.shown())], here, room.is_over)


def _unopened(held: Held, cursor: str | None) -> ClassroomNews:
    is_over = held.hours.now >= held.hours.forgotten_at
    if cursor == ANEW:
        return ClassroomNews([], ANEW, is_over)
    lost: list[ClassroomEvent] = [] if cursor is None else [Gap(ANEW, 1)]
    return ClassroomNews([*lost, ClassroomSnapshot(ANEW, held.shown())], ANEW, is_over)
