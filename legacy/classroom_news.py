"""What has changed in a class of the old side since it was polled before.

The monolith counts nothing, so a cursor says what was seen: the state, and digests of who was there
and of whose hands were up. Who came and who went between two polls is not known: only how many are
there.
"""

import re
from dataclasses import dataclass
from dataclasses import replace as changed
from hashlib import sha256

from legacy import wire
from services.contracts.classroom import (
    ClassroomEvent,
    ClassroomNews,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    HandsChanged,
    PresenceChanged,
    Room,
)
from services.contracts.live_class import LiveClass, LiveClassState

SHAPE = re.compile(r"([A-Z]+)\.([0-9a-f]{12})\.([0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class Seen:
    state: LiveClassState
    people: str
    hands: str

    @classmethod
    def of(cls, shown: LiveClass, found: wire.Room) -> "Seen":
        people, hands = [one.id for one in found.people], [one.id for one in found.hands]
        return cls(shown.state, _digest(sorted(people)), _digest(hands))

    @classmethod
    def read(cls, text: str) -> "Seen | None":
        """None for what is no cursor of ours."""
        found = SHAPE.fullmatch(text)
        if found is None or found[1] not in LiveClassState.__members__:
            return None
        return cls(LiveClassState(found[1]), found[2], found[3])

    def __str__(self) -> str:
        return f"{self.state}.{self.people}.{self.hands}"


def news(shown: LiveClass, room: Room | None, found: wire.Room, after: str | None) -> ClassroomNews:
    now = Seen.of(shown, found)
    before = None if after is None else Seen.read(after)
    if before is not None:
        events = _differing(before, now, room)
    else:
        snapshot = ClassroomSnapshot(str(now), shown)
        events = [snapshot] if after is None else [Gap(str(now), 1), snapshot]
    return ClassroomNews(events, str(now), is_over=shown.state is LiveClassState.ENDED)


def _differing(before: Seen, now: Seen, room: Room | None) -> list[ClassroomEvent]:
    """Each with the place behind it: whoever stops there is told the others again."""
    events: list[ClassroomEvent] = []
    place = before
    if now.people != before.people:
        place = changed(place, people=now.people)
        events.append(PresenceChanged(str(place), room.present if room else 0, [], []))
    if now.hands != before.hands:
        place = changed(place, hands=now.hands)
        events.append(HandsChanged(str(place), room.hands if room else []))
    if now.state != before.state:
        events.append(ClassStateChanged(str(now), now.state))
    return events


def _digest(ids: list[int]) -> str:
    return sha256(",".join(map(str, ids)).encode()).hexdigest()[:12]
