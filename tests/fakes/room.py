"""A room of a fake platform: who is there, hands, breakouts, and what was told of them."""

from dataclasses import dataclass, field
from datetime import datetime

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
    Signal,
    SignalKind,
    SignalNews,
)
from services.contracts.ids import BreakoutId, Kind, LiveClassId, ParticipantId, decode, encode
from services.contracts.live_class import LiveClass, LiveClassState

MOST_SIGNALS = 256


@dataclass
class FakeMailbox:
    """Of one participant: `dropped` fell out of it at its old end."""

    signals: list[Signal] = field(default_factory=list)
    dropped: int = 0

    def put(self, sender: Participant, kind: SignalKind, payload: str, at: datetime) -> str:
        cursor = f"box-{self.dropped + len(self.signals) + 1}"
        self.signals.append(Signal(cursor, sender, kind, payload, at))
        self.dropped += len(self.signals) > MOST_SIGNALS
        self.signals = self.signals[-MOST_SIGNALS:]
        return cursor

    def read(self, after: str | None) -> SignalNews:
        seen = _number(after, "box")
        last = self.dropped + len(self.signals)
        rest = [one for one in self.signals if _number(one.cursor, "box") > seen]
        missed = self.dropped - seen if after is not None else 0
        gap = [Gap(f"box-{self.dropped}", missed)] if missed > 0 else []
        return SignalNews([*gap, *rest], f"box-{last}")


@dataclass
class FakeRoom:
    """`versions` says when each kind of thing last changed."""

    live_class: LiveClass
    state: LiveClassState = LiveClassState.OPEN
    there: dict[str, Participant] = field(default_factory=dict)
    hands: dict[str, Hand] = field(default_factory=dict)
    rooms: dict[int, tuple[str, datetime | None]] = field(default_factory=dict)
    placed: dict[str, int] = field(default_factory=dict)
    boxes: dict[str, FakeMailbox] = field(default_factory=dict)
    version: int = 1
    versions: dict[str, int] = field(default_factory=dict)
    moved: tuple[list[Participant], list[ParticipantId]] = field(default_factory=lambda: ([], []))

    def changed(self, kind: str) -> None:
        self.version += 1
        self.versions[kind] = self.version

    def enters(self, who: Participant, user: str) -> None:
        if self.there.get(user) != who:
            self.there[user] = who
            self.moved = ([who], [])
            self.changed("presence")

    def leaves(self, user: str) -> None:
        gone = self.there.pop(user, None)
        self.lowers(user)
        if gone is not None:
            self.moved = ([], [gone.id])
            self.changed("presence")

    def raises(self, user: str, at: datetime) -> None:
        if user not in self.hands:
            self.hands[user] = Hand(self.there[user].id, self.there[user].name, at)
            self.changed("hands")

    def lowers(self, user: str) -> None:
        if self.hands.pop(user, None) is not None:
            self.changed("hands")

    def room(self, live_class: LiveClassId) -> Room:
        raised = list(self.hands.values())
        return Room(live_class, self.state, len(self.there), raised, self.breakouts())

    def breakouts(self) -> list[Breakout]:
        own = self.live_class.id
        return [
            Breakout(
                breakout_id(own, number),
                name,
                [self.there[user] for user, at in self.placed.items() if at == number],
                ends_at,
            )
            for number, (name, ends_at) in self.rooms.items()
        ]

    def news(self, after: str | None) -> ClassroomNews:
        cursor, is_over = f"room-{self.version}", self.state is LiveClassState.ENDED
        if after is None:
            snapshot = ClassroomSnapshot(cursor, self.live_class)
            return ClassroomNews([snapshot], cursor, is_over)
        seen = _number(after, "room")
        newer = sorted((at, kind) for kind, at in self.versions.items() if at > seen)
        events = [self._event(kind, f"room-{at}") for at, kind in newer]
        return ClassroomNews(events, cursor, is_over)

    def _event(self, kind: str, cursor: str) -> ClassroomEvent:
        if kind == "presence":
            return PresenceChanged(cursor, len(self.there), *self.moved)
        if kind == "hands":
            return HandsChanged(cursor, list(self.hands.values()))
        if kind == "breakouts":
            return BreakoutsChanged(cursor, self.breakouts())
        return ClassStateChanged(cursor, self.state)


def _number(cursor: str | None, kind: str) -> int:
    return int(cursor.removeprefix(f"{kind}-")) if cursor else 0


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
