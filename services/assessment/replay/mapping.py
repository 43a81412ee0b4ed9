"""Reads what the columns of a stranger's CSV mean, so that it needs no code of its own."""

import tomllib
from pathlib import Path
from typing import TypeAlias

import msgspec

from services.contracts.assessment import ItemKind

COMING_ALONG = Path(__file__).parent / "mappings"


class BadMapping(ValueError):
    """A mapping, or the key that it names, cannot be read or is wrong."""


class Columns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Names of columns: either `correct` (1 or 0) or `points` says what was recorded."""

    learner: str
    item: str
    response: str
    correct: str | None = None
    points: str | None = None
    duration_s: str | None = None

    @property
    def named(self) -> dict[str, str]:
        return {field: name for field, name in msgspec.structs.asdict(self).items() if name}


class Items(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What items are where the key says nothing else; `options` are the ids of choices."""

    kind: ItemKind = ItemKind.SINGLE_CHOICE
    points: float = 1.0
    options: list[str] = []
    tolerance: float = 0.0


class Responses(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="responses"
):
    """A row a response; `separator` is between the choices of one, `key` a file beside them."""

    source: str
    columns: Columns
    items: Items = Items()
    key: str | None = None
    delimiter: str = ","
    separator: str = "|"


class ResultColumns(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A course may be named by several columns."""

    course: list[str]
    learner: str
    result: str


class ScoresBeside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row a score, in a file beside the archive."""

    file: str
    learner: str
    assessment: str
    score: str


class AssessmentsBeside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A row an assessment; `must_reach` is what must be reached by itself, in percent, by kind."""

    file: str
    assessment: str
    course: list[str]
    weight: str
    most: float = 100.0
    kind: str | None = None
    must_reach: dict[str, float] = {}


class Weighted(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="form", tag="weighted"
):
    """A row a course's result, as a word: `results` has what each means, from and below percent."""

    source: str
    columns: ResultColumns
    results: dict[str, tuple[float, float]]
    scores: ScoresBeside
    assessments: AssessmentsBeside
    left_out: list[str] = []
    delimiter: str = ","


Mapping: TypeAlias = Responses | Weighted


def read_mapping(name: str) -> Mapping:
    """`name` is a file's path, or the name of a mapping that comes along. Raises BadMapping."""
    path = Path(name)
    if not path.exists() and (COMING_ALONG / f"{name}.toml").exists():
        path = COMING_ALONG / f"{name}.toml"
    try:
        found: Mapping = msgspec.toml.decode(path.read_bytes(), type=Mapping)
    except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise BadMapping(f"{path} is no mapping: {wrong}") from wrong
    if isinstance(found, Responses) and (found.columns.correct is None) is (
        found.columns.points is None
    ):
        raise BadMapping(f"{path}: name the column `correct`, or the column `points`.")
    return found
