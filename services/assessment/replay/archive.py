"""The archive's own form, a JSON a line: how it came about, then definitions, then work.

Instants are in UTC. Lines of work are one learner's at one assessment, so that each can be judged
by itself, whichever process reads it.
"""

from datetime import datetime
from typing import Any, TypeAlias

import msgspec

from services.contracts.assessment import (
    AssessmentKind,
    AttemptState,
    ItemKind,
    Response,
    Rules,
    ScoringPolicy,
)
from services.contracts.events import ItemKey

FORMAT = 1


class Opening(msgspec.Struct, frozen=True, tag="archive", tag_field="line"):
    """The first line; `at` is when the rest was true."""

    format: int
    source: str
    at: datetime


class AskedItem(msgspec.Struct, frozen=True, omit_defaults=True):
    """`choices` are ids."""

    id: str
    kind: ItemKind
    points: float
    choices: list[str] = []


class DefinitionLine(
    msgspec.Struct, frozen=True, tag="definition", tag_field="line", omit_defaults=True
):
    """One version of an assessment: the greatest is what it is now.

    `rules` are None where its kind's own are meant; `timezone` is the wall clock's of its source.
    """

    assessment: str
    version: int
    kind: AssessmentKind
    items: list[AskedItem]
    keys: list[ItemKey]
    policy: ScoringPolicy = ScoringPolicy.HIGHEST
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    time_limit_s: float | None = None
    grace_s: float = 0.0
    timezone: str = "UTC"
    rules: Rules | None = None


class AttemptLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """An attempt as it was recorded.

    `odd` are answers of no form that an item takes, as they were kept; `marks` are points that a
    human gave. `score` is None where there was none. What else is None was not recorded, and
    `points` has an item's only where it was. `version` is the definition's, 0 the newest;
    `decimal` says by which arithmetic it is finished: the exact one, or the monolith's.
    """

    number: int
    state: AttemptState
    score: float | None
    answers: dict[str, Response] = {}
    odd: dict[str, Any] = {}
    marks: dict[str, float] = {}
    started_at: datetime | None = None
    saved_at: datetime | None = None
    submitted_at: datetime | None = None
    max: float | None = None
    late: bool | None = None
    penalty: float | None = None
    points: dict[str, float] = {}
    banked: bool = False
    version: int = 0
    decimal: bool = True


class SittingLine(msgspec.Struct, frozen=True, tag="sitting", tag_field="line", omit_defaults=True):
    """A learner's attempts at an assessment; `kept` are the points that counted of them all."""

    assessment: str
    learner: str
    attempts: list[AttemptLine]
    kept: float | None = None


class CoursePart(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a learner got (`score`) of an assessment of a course.

    `must_reach` is what must be reached in it by itself, in percent; `withheld`: its scores exist,
    but not in the archive.
    """

    weight: float
    most: float
    score: float | None = None
    must_reach: float | None = None
    withheld: bool = False


class CourseLine(msgspec.Struct, frozen=True, tag="course", tag_field="line"):
    """What a learner's course came to: a word, for scores from `least` to `below` percent."""

    course: str
    learner: str
    parts: list[CoursePart]
    result: str
    least: float
    below: float


Work: TypeAlias = SittingLine | CourseLine
Line: TypeAlias = Opening | DefinitionLine | SittingLine


class BadArchive(ValueError):
    """An archive cannot be read; the sentence says where."""


def read_line(data: bytes, number: int, decoder: msgspec.json.Decoder[Any]) -> Any:
    """Raises BadArchive, which names the line."""
    try:
        return decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise BadArchive(f"Line {number:,} cannot be read: {wrong}") from wrong
