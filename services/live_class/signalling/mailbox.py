"""What the owner of a mailbox is told of it, who has read as far as a cursor."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

import msgspec

from services.contracts.classroom import (
    Gap,
    Participant,
    Signal,
    SignalEvent,
    SignalKind,
    SignalNews,
)

CURSOR = re.compile(r"([0-9a-f]{8})-([0-9]{1,15})")


class Letter(msgspec.Struct, frozen=True):
    """A signal as it lies in a mailbox."""

    sender: Participant
    kind: SignalKind
    payload: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Cursor:
    """Behind the signal of this number, counted from 1 in this epoch of the mailbox."""

    epoch: str = ""
    number: int = 0

    @classmethod
    def of(cls, text: str) -> Self:
        """What is none of ours is of no epoch."""
        found = CURSOR.fullmatch(text)
        return cls(found[1], int(found[2])) if found else cls()

    def __str__(self) -> str:
        return f"{self.epoch}-{self.number}"


@dataclass(frozen=True, slots=True)
class Box:
    """`kept` is what is left of the `last` signals of this epoch, numbered and in order.

    There is no epoch where nobody ever wrote to it or read it before its class was over.
    """

    epoch: str
    last: int
    kept: Sequence[tuple[int, bytes]] = ()
    is_over: bool = False


def news_of(box: Box, after: str | None) -> SignalNews:
    """What came behind the cursor, a Gap in the place of what is gone; None: all that is kept.

    Of a mailbox that was lost nobody knows how much was in it: then its Gap says one, at least.
    """
    return SignalNews(list(_events(box, after)), str(Cursor(box.epoch, box.last)), box.is_over)


def _events(box: Box, after: str | None) -> Iterator[SignalEvent]:
    seen = Cursor.of(after) if after is not None else Cursor(box.epoch, _first(box) - 1)
    if seen.epoch != box.epoch or seen.number > box.last:
        yield Gap(str(Cursor(box.epoch, _first(box) - 1)), max(1, _first(box) - 1))
        seen = Cursor(box.epoch, _first(box) - 1)
    for number, body in box.kept:
        if number <= seen.number:
            continue
        if missing := number - seen.number - 1:
            yield Gap(str(Cursor(box.epoch, number - 1)), missing)
        seen = Cursor(box.epoch, number)
        yield _signal(seen, body)
    if missing := box.last - seen.number:
        yield Gap(str(Cursor(box.epoch, box.last)), missing)


def _first(box: Box) -> int:
    """The number of the first that is kept, or will be."""
    return box.kept[0][0] if box.kept else box.last + 1


def _signal(at: Cursor, body: bytes) -> Signal:
    letter = msgspec.json.decode(body, type=Letter)
    return Signal(str(at), letter.sender, letter.kind, letter.payload, letter.sent_at)
