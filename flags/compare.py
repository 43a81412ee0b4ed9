"""Compares what two sides answered to one question, field by field."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from flags.comparing import TABLE, AsSet, How, Ignored, Pair, Table, Untold, exact
from services.contracts.assessment import Attempt, Source
from services.contracts.errors import ErrorCode, Refused
from services.contracts.paging import Edge, Page

AWAY = frozenset({ErrorCode.UPSTREAM_TIMEOUT, ErrorCode.UPSTREAM_UNAVAILABLE})
"""Codes of a side that did not answer; it says nothing of the thing."""


NOWHERE: Pair = (None, None)


class Kind(StrEnum):
    """How the new side differs; ERROR_HERE: the old one refuses what the new one gives."""

    MISSING = "missing"
    EXTRA = "extra"
    VALUE = "value"
    ORDER = "order"
    ERROR_HERE = "error_here"
    ERROR_THERE = "error_there"


@dataclass(frozen=True, slots=True)
class Difference:
    """`path` is "Course.title", or the question's name for what it asked for as a whole."""

    path: str
    old: Any
    new: Any
    kind: Kind


@dataclass
class Comparison:
    """`compared` counts, by path, the values that both sides told."""

    table: Table = field(default_factory=lambda: TABLE)
    compared: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    @property
    def signs(self) -> set[tuple[str, Kind]]:
        return {(one.path, one.kind) for one in self.differences}

    def take(self, path: str, old: Any, new: Any) -> None:
        self._take(path, old, new, exact, NOWHERE)

    def _take(self, path: str, old: Any, new: Any, how: How, pair: Pair) -> None:
        if isinstance(old, Refused) or isinstance(new, Refused):
            self._refusals(path, old, new)
        elif isinstance(how, Ignored) or _is_untold(how, old, new):
            return
        elif old is None or new is None:
            if old is not new:
                self._differ(path, old, new, Kind.MISSING if new is None else Kind.EXTRA)
        elif isinstance(old, msgspec.Struct) and type(old) is type(new):
            self._structs(old, new)
        elif isinstance(old, list | tuple) and (how is exact or not callable(how)):
            self._lists(path, old, new, how)
        else:
            self._values(path, old, new, how, pair)

    def _refusals(self, path: str, old: Any, new: Any) -> None:
        if isinstance(old, Refused) and old.code in AWAY:
            return
        self.compared[path] += 1
        if not isinstance(new, Refused):
            self._differ(path, old, new, Kind.ERROR_HERE)
        elif not isinstance(old, Refused) or old.code != new.code:
            self._differ(path, old, new, Kind.ERROR_THERE)

    def _structs(self, old: Any, new: Any) -> None:
        if isinstance(old, Page) and any(map(_is_only_there, new.edges)):
            return
        kind = type(old).__name__
        for name in old.__struct_fields__:
            how = self.table.get((kind, name), exact)
            self._take(f"{kind}.{name}", getattr(old, name), getattr(new, name), how, (old, new))

    def _lists(self, path: str, old: Sequence[Any], new: Sequence[Any], how: How) -> None:
        before = {_key(one, nth): one for nth, one in enumerate(old)}
        after = {_key(one, nth): one for nth, one in enumerate(new) if not _is_only_there(one)}
        for key, one in before.items():
            if key in after:
                self._take(path, one, after[key], exact, NOWHERE)
            else:
                self._differ(path, one, None, Kind.MISSING)
        for key in (one for one in after if one not in before):
            self._differ(path, None, after[key], Kind.EXTRA)
        common = [key for key in before if key in after]
        if not isinstance(how, AsSet) and common != [key for key in after if key in before]:
            self._differ(path, len(old), len(new), Kind.ORDER)

    def _values(self, path: str, old: Any, new: Any, how: How, pair: Pair) -> None:
        self.compared[path] += 1
        is_same = how(old, new, pair) if callable(how) else old == new
        if not is_same:
            self._differ(path, old, new, Kind.VALUE)

    def _differ(self, path: str, old: Any, new: Any, kind: Kind) -> None:
        self.differences.append(Difference(path, old, new, kind))


def compare(name: str, old: Any, new: Any, table: Table = TABLE) -> Comparison:
    """What two sides said; `name` is the question's."""
    made = Comparison(table)
    made.take(name, old, new)
    return made


def compare_each(
    name: str, old: Sequence[Any], new: Sequence[Any], table: Table = TABLE
) -> Comparison:
    """The same where there is one item for each thing that was asked for, in order."""
    made = Comparison(table)
    for one, other in zip(old, new, strict=True):
        made.take(name, one, other)
    return made


def _is_untold(how: How, old: Any, new: Any) -> bool:
    return isinstance(how, Untold) and (old in (None, []) or new in (None, []))


def _is_only_there(one: Any) -> bool:
    """What began on the service is not known to the monolith."""
    thing = one.node if isinstance(one, Edge) else one
    return isinstance(thing, Attempt) and thing.source is Source.SERVICE


IDENTITY: Mapping[str, Callable[[Any], Hashable]] = {
    "Edge": lambda edge: _key(edge.node, 0),
    "Enrolment": lambda one: one.course.id,
    "LearnerInCourse": lambda one: one.learner.id,
    "SubmissionCount": lambda one: one.state,
    "Answer": lambda one: one.item_id,
    "Correct": lambda one: one.item_id,
}


def _key(one: Any, nth: int) -> Hashable:
    """What makes it the same thing on both sides; its place, where nothing does."""
    if isinstance(one, msgspec.Struct):
        of = IDENTITY.get(type(one).__name__)
        return of(one) if of else getattr(one, "id", nth)
    return one if isinstance(one, str) else nth
