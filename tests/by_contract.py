"""Asks both sides every question that the contract allows, on one person's behalf, and compares."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeAlias

from legacy import quirks
from schema.contract import core_schema
from schema.scalars import print_instant, read_duration, read_instant
from services.contracts.ids import BadId, Kind, decode
from tests.generated import Generated, Writer
from tests.learner import Someone, token
from tests.parity_of_schema import Explained, Object, SchemaParity

MOST_IDS, OF_ROOTS = 12, 1
MOST_ATTEMPTS = 40
"""Few have a receipt, or a text for an answer."""
AT_ONCE = 6
GIVEN = {
    "Viewer.courses": "first: 12",
    "Viewer.agenda": 'from: "2020-01-01T00:00:00Z", to: "2030-01-01T00:00:00Z"',
    "Course.assessments": "first: 4",
    "Course.roster": "first: 9",
    "Assessment.attempts": "first: 5",
    "Assessment.submissions": "first: 5",
}
TYPES = {
    Kind.ASSESSMENT: "Assessment",
    Kind.ATTEMPT: "Attempt",
    Kind.COURSE: "Course",
    Kind.LEARNER: "Learner",
    Kind.LESSON: "Lesson",
    Kind.LIVE_CLASS: "LiveClass",
}
LEFT_OUT = {
    "Progress.asOf": "how much an answer knows is no part of what it says",
    "Attempt.asOf": "how much an answer knows is no part of what it says",
}
IN_LISTS = {"Attempt.answers", "Attempt.window", "Attempt.receipt", "Attempt.correct"}
"""Lists of the service tell what is mirrored: an attempt's content is read where it began."""
IGNORED = {"Window.serverNow": "it is when each side was asked"}


def is_left_out(way: tuple[str, ...], coordinate: str) -> bool:
    return coordinate in LEFT_OUT or ("AttemptConnection" in way and coordinate in IN_LISTS)


def as_the_monolith_tells(window: Any, there: Object, here: Object) -> Any:
    """It reckons from the whole second in which it was asked (WHOLE_SECONDS), and tells those who
    teach what it tells everybody, as they cannot try what they wrote (NO_PREVIEWS).
    """
    if window is None or here["window"] is None:
        return window
    opens, closes = there["opensAt"], there["closesAt"]
    limit = None if there["timeLimit"] is None else read_duration(there["timeLimit"])
    is_preview = (opens, closes) != (window["opensAt"], window["closesAt"])
    if not (is_preview or _moves(window, limit)):
        return window
    ends = [closes] if closes else []
    if limit is not None:
        ends.append(print_instant(read_instant(here["window"]["serverNow"]) + limit))
    return {**window, "opensAt": opens, "closesAt": closes, "endsAt": min(ends, default=None)}


def _moves(window: Object, limit: timedelta | None) -> bool:
    """It would end so long after it began, if it began now."""
    if limit is None or window["endsAt"] is None:
        return False
    return read_instant(window["endsAt"]) - read_instant(window["serverNow"]) == limit


def without_score(progress: Any, there: Object, here: Object) -> Any:
    return progress and {**progress, "score": None}


def unavailable(code: str | None, there: Object, here: Object) -> str:
    return "UPSTREAM_UNAVAILABLE"


EXPLAINED: Mapping[str, Explained] = {
    "Assessment.window": Explained(quirks.NO_PREVIEWS, as_the_monolith_tells),
    "LearnerProgress.progress": Explained(quirks.NO_GRADEBOOK, without_score),
    "errors of roster.edges.node.progress.score": Explained(quirks.NO_GRADEBOOK, unavailable),
}


Who: TypeAlias = tuple[str, int, str]
"""Tenant, user and role."""


class Pair:
    """One person at both sides; `ids` are those that either has told, by type."""

    def __init__(self, gateways: Mapping[str, str], tenant: str, user: int, role: str) -> None:
        self._sides = [
            Someone(url, token(Path(home), tenant, user, role)) for home, url in gateways.items()
        ]
        self.ids: defaultdict[str, dict[str, None]] = defaultdict(dict)

    async def ask(self, query: str, **variables: Any) -> tuple[Object, Object]:
        legacy, service = [await one.answer(query, **variables) for one in self._sides]
        self._note(legacy.get("data"))
        return legacy, service

    async def close(self) -> None:
        for one in self._sides:
            await one.close()

    def _note(self, told: Any) -> None:
        if isinstance(told, dict):
            for name, value in told.items():
                if name == "id" and (kind := kind_of(value)):
                    self.ids[kind][value] = None
                self._note(value)
        elif isinstance(told, list):
            for one in told:
                self._note(one)


def kind_of(text: str) -> str | None:
    try:
        return TYPES.get(decode(text).kind)
    except BadId:
        return None


async def compare(pair: Pair, parity: SchemaParity, queries: list[Generated]) -> None:
    """The viewer's own first: what is asked by id was told before."""
    for one in queries:
        if one.takes is None:
            parity.take(*await pair.ask(one.query))
    for one in queries:
        if one.takes is not None:
            ids = list(pair.ids[one.takes])[: _most(one.takes)]
            if "$ids" in one.query:
                parity.take(*await pair.ask(one.query, ids=ids))
            else:
                for id_ in ids[:OF_ROOTS]:
                    parity.take(*await pair.ask(one.query, id=id_))


def _most(kind: str) -> int:
    return MOST_ATTEMPTS if kind == "Attempt" else MOST_IDS


async def compare_all(
    gateways: Mapping[str, str], people: Iterable[Who], crowd: Iterable[Who] = ()
) -> tuple[SchemaParity, int]:
    """How many queries there are, too; of a crowd each is asked for what is the viewer's alone."""
    schema = core_schema()
    queries = list(Writer(schema, GIVEN, is_left_out).all())
    parity, places = SchemaParity(schema, EXPLAINED, IGNORED), asyncio.Semaphore(AT_ONCE)

    async def one(who: Who, asked: list[Generated]) -> None:
        async with places:
            pair = Pair(gateways, *who)
            await compare(pair, parity, asked)
            await pair.close()

    await asyncio.gather(*[one(who, queries) for who in people])
    await asyncio.gather(*[one(who, queries[:1]) for who in crowd])
    return parity, len(queries)
