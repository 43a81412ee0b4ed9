"""A room of a fake platform: who is there, hands, breakouts, and what was told of them."""

from dataclasses import dataclass, field
from datetime import datetime

from msgspec.structs import replace

from services.contracts.classroom import (
    Breakout,
    BreakoutsChanged,
    ClassroomEvent,
    ClassroomNews,
    ClassroomSnapshot,
    ClassStateChanged,
    Gap,
    Hand,
    HandsChanged,
    Participant,
    PresenceChanged,
    Room,
)
from services.contracts.ids import BreakoutId, Kind, LiveClassId, ParticipantId, decode, encode
from services.contracts.learning import Role
from services.contracts.live_class import LiveClass, LiveClassState
from tests.fakes.mailbox import FakeMailbox

UNOPENED = "room-0"


@dataclass
class FakeRoom:
    """`versions` says when each kind of thing last changed; `known` are all who ever came in.

    `moves` are who came (or else went), and with which version.
    """

    live_class: LiveClass
    state: LiveClassState = LiveClassState.OPEN
    there: dict[str, Participant] = field(default_factory=dict)
    known: dict[str, Participant] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    rooms: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)
    boxes: dict[str, FakeMailbox] = field(default_factory=dict)
    version: int = 1
    versions: dict[str, int] = field(default_factory=dict)
    moves: list[tuple[int, Participant, bool]] = field(default_factory=list)

    def changed(self, kind: str) -> None:
        self.version += 1
        self.versions[kind] = self.version

    @property
    def shown(self) -> LiveClass:
        """In the state that it has come to."""
        return replace(self.live_class, state=self.state)

    @property
    def is_over(self) -> bool:
        return self.state is LiveClassState.ENDED

    def becomes(self, state: LiveClassState) -> None:
        """At its end it is empty."""
        if state is self.state:
            return
        self.state = state
        if self.is_over:
            self.closes()
            self.there.clear()
            self.hands.clear()
        self.changed("state")

    def enters(self, who: Participant, user: str) -> None:
        if self.there.get(user) != who:
            self.there[user] = self.known[user] = who
            self._moved(who, came=True)

    def leaves(self, user: str) -> None:
        gone = self.there.pop(user, None)
        self.lowers(user)
        self.boxes.pop(user, None)
        if gone is not None:
            self._moved(gone, came=False)

    def raises(self, user: str, at: datetime) -> None:
        if user not in self.hands:
            self.hands[user] = Hand(self.there[user].id, self.there[user].name, at)
            self.changed("hands")

    def lowers(self, user: str) -> None:
        if self.hands.pop(user, None) is not None:
            self.changed("hands")

    def opens(self, many: int, ends_at: datetime) -> None:
        """In the place of those that were, and spreads who learns over them."""
        learners = [user for user, who in self.there.items() if who.role is Role.LEARNER]
        self.rooms = {number: (f"Room {number}", ends_at) for number in range(1, many + 1)}
        self.placed = {user: place % many + 1 for place, user in enumerate(learners)}
        self.changed("breakouts")

    def places(self, user: str, number: int | None) -> None:
        self.placed.pop(user, None)
        if number is not None:
            self.placed[user] = number
        self.changed("breakouts")

    def closes(self) -> None:
        if self.rooms:
            self.rooms.clear()
            self.placed.clear()
            self.changed("breakouts")

    def may_reach(self, one: str, other: str) -> bool:
        """Within one room; and who teaches reaches everybody, and is answered."""
        teaches = any(self.there[user].role is not Role.LEARNER for user in (one, other))
        return teaches or self.placed.get(one) == self.placed.get(other)

    def room(self, live_class: LiveClassId) -> Room:
        raised = list(self.hands.values())
        return Room(live_class, self.state, len(self.there), raised, self.breakouts())

    def breakouts(self) -> list[Breakout]:
        own = self.live_class.id
        return [
            Breakout(
                breakout_id(own, number),
                name,
                [self.known[user] for user, at in self.placed.items() if at == number],
                ends_at,
            )
            for number, (name, ends_at) in self.rooms.items()
        ]

    def news(self, after: str | None) -> ClassroomNews:
        cursor = f"room-{self.version}"
        if after is None or after == UNOPENED:
            return ClassroomNews([self._snapshot()], cursor, self.is_over)
        if (seen := _number(after)) is None:
            return ClassroomNews([Gap(UNOPENED, 1), self._snapshot()], cursor, self.is_over)
        newer = sorted((at, kind) for kind, at in self.versions.items() if at > seen)
        events = [self._event(kind, f"room-{at}", seen) for at, kind in newer]
        return ClassroomNews(events, cursor, self.is_over)

    def _snapshot(self) -> ClassroomSnapshot:
        return ClassroomSnapshot(f"room-{self.version}", self.shown)

    def _moved(self, who: Participant, *, came: bool) -> None:
        self.changed("presence")
        self.moves.append((self.version, who, came))

    def _presence(self, cursor: str, seen: int) -> PresenceChanged:
        """Of each person the last word counts."""
        last = {who.id: (who, came) for at, who, came in self.moves if at > seen}
        joined = [who for who, came in last.values() if came]
        left = [who.id for who, came in last.values() if not came]
        return PresenceChanged(cursor, len(self.there), joined, left)

    def _event(self, kind: str, cursor: str, seen: int) -> ClassroomEvent:
        if kind == "presence":
            return self._presence(cursor, seen)
        if kind == "hands":
            return HandsChanged(cursor, list(self.hands.values()))
        if kind == "breakouts":
            return BreakoutsChanged(cursor, self.breakouts())
        return ClassStateChanged(cursor, self.state)


def unopened(live_class: LiveClass, after: str | None) -> ClassroomNews:
    """Of a class whose room nobody has opened."""
    if after == UNOPENED:
        return ClassroomNews([], UNOPENED)
    lost: list[ClassroomEvent] = [] if after is None else [Gap(UNOPENED, 1)]
    return ClassroomNews([*lost, ClassroomSnapshot(UNOPENED, live_class)], UNOPENED)


def _number(cursor: str) -> int | None:
    """None for what is no place in a room."""
    number = cursor.removeprefix("room-")
    return int(number) if number.isdecimal() else None


def name_of(live_class: LiveClassId) -> str:
    """As services call it."""
    named = decode(live_class)
    return f"{named.side}{named.local}"


def participant_id(live_class: LiveClassId, user: str) -> ParticipantId:
    local = f"{name_of(live_class)}.{user}"
    return ParticipantId(encode(Kind.PARTICIPANT, decode(live_class).tenant, local))


def breakout_id(live_class: LiveClassId, number: int) -> BreakoutId:
    local = f"{name_of(live_class)}.{number}"
    return BreakoutId(encode(Kind.BREAKOUT, decode(live_class).tenant, local))
