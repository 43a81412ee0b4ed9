"""What an import would do: its classes beside those that are planned already.

A class is known again by its UID and occurrence; where a series moved, by UID and day; where the
file has new UIDs at each export, by course, title and times.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from services.live_class.schedule.courses import Wanted
from services.live_class.schedule.ics.occurrence import Bad, Occurrence, Span

DAY = slice(0, 8)
"""Of an occurrence's original start."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A class of our own; `id` 0 and `version` 0: it is not there yet."""

    id: int
    version: int
    calendar: str
    uid: str
    recurrence: str
    sequence: int
    course: int
    title: str
    teacher: int | None
    starts_at: datetime
    ends_at: datetime
    zone: str
    cancelled: bool = False

    @classmethod
    def of(cls, calendar: str, wanted: Wanted) -> "Planned":
        said = wanted.said
        return cls(
            0,
            0,
            calendar,
            said.uid,
            said.recurrence,
            said.sequence,
            wanted.course,
            said.title,
            wanted.teacher,
            said.starts_at,
            said.ends_at,
            said.zone,
        )

    @property
    def key(self) -> tuple[str, str]:
        return self.uid, self.recurrence

    @property
    def words(self) -> Hashable:
        return self.course, self.title, self.starts_at, self.ends_at

    @property
    def shown(self) -> Hashable:
        """What others are told of it."""
        return self.words, self.teacher, self.cancelled


@dataclass(slots=True)
class Plan:
    """`renamed` are the same under another UID; `elsewhere` are another calendar's already.

    `vanished` are in the file no longer, and stay unless they are pruned.
    """

    added: list[Planned] = field(default_factory=list)
    changed: list[Planned] = field(default_factory=list)
    renamed: list[Planned] = field(default_factory=list)
    unchanged: int = 0
    elsewhere: int = 0
    called_off: list[Planned] = field(default_factory=list)
    vanished: list[Planned] = field(default_factory=list)
    refused: list[Bad] = field(default_factory=list)

    def writes(self, prune: bool) -> list[Planned]:
        """Rows as they are to be, in order: those to be known before those to be forgotten."""
        gone = [*self.called_off, *(self.vanished if prune else [])]
        off = [replace(one, cancelled=True) for one in gone]
        return [*self.added, *self.changed, *self.renamed, *off]


def plan(
    calendar: str,
    wanted: Sequence[Wanted],
    called_off: Iterable[Occurrence],
    held: Sequence[Planned],
    span: Span,
) -> Plan:
    """`held` are all of the tenant's in the span, and all of this calendar's, also called off."""
    made = Plan()
    own = [one for one in held if one.calendar == calendar]
    news = [Planned.of(calendar, one) for one in wanted]
    lines = {(one.said.uid, one.said.recurrence): one.said.line for one in wanted}
    known = _matched(news, own)
    elsewhere = {one.words for one in held if one.calendar != calendar and not one.cancelled}
    for one in news:
        before = known.get(one.key)
        if before is not None:
            _compare(made, before, one, lines[one.key])
        elif one.words in elsewhere:
            made.elsewhere += 1
        else:
            made.added.append(one)
    _missing(made, own, known, {one.key for one in called_off}, span)
    return made


def _matched(news: Sequence[Planned], own: Sequence[Planned]) -> dict[tuple[str, str], Planned]:
    """By the key of what is new, the row that it is; each row is one at most."""
    found: dict[tuple[str, str], Planned] = {}
    left = {one.id: one for one in own}
    for same in (_by_key, _by_day, _by_words):
        there: dict[Hashable, Planned] = {}
        for row in left.values():
            # One that was called off is known again by its own key only.
            if same is _by_key or not row.cancelled:
                there.setdefault(same(row), row)
        for one in news:
            row_of = there.pop(same(one), None) if one.key not in found else None
            if row_of is not None:
                found[one.key] = left.pop(row_of.id)
    return found


def _by_key(one: Planned) -> Hashable:
    return one.key


def _by_day(one: Planned) -> Hashable:
    return one.uid, one.recurrence[DAY]


def _by_words(one: Planned) -> Hashable:
    return one.words


def _compare(made: Plan, before: Planned, one: Planned, line: int) -> None:
    new = replace(one, id=before.id, version=before.version)
    if one.uid == before.uid and one.sequence < before.sequence:
        why = f"it is older than what is planned: SEQUENCE {one.sequence} after {before.sequence}"
        made.refused.append(Bad(line, one.uid, why))
    elif new.shown != before.shown:
        made.changed.append(new)
    elif (new.key, new.sequence, new.zone) != (before.key, before.sequence, before.zone):
        made.renamed.append(new)
    else:
        made.unchanged += 1


def _missing(
    made: Plan,
    own: Iterable[Planned],
    known: dict[tuple[str, str], Planned],
    called_off: set[tuple[str, str]],
    span: Span,
) -> None:
    matched = {one.id for one in known.values()}
    for row in own:
        if row.id in matched or row.cancelled:
            continue
        if row.key in called_off:
            made.called_off.append(row)
        elif span.has(row.starts_at):
            made.vanished.append(row)
