"""Small definitions and attempts, and what comes of judging them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from services.assessment.replay.archive import (
    AskedItem,
    AttemptLine,
    DefinitionLine,
    SittingLine,
)
from services.assessment.replay.explained import Explained, read_explained
from services.assessment.replay.known import Definitions
from services.assessment.replay.rule import Rule
from services.assessment.replay.sheet import Sheet
from services.assessment.replay.tally import Tally
from services.assessment.replay.verdict import Judge, Verdict
from services.contracts.assessment import AssessmentKind, AttemptState, ItemKind, Response
from services.contracts.events import ItemKey

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
AT = NOON + timedelta(days=30)
LISTED = read_explained()

THIRDS = DefinitionLine(
    assessment="thirds",
    version=1,
    kind=AssessmentKind.EXAM,
    items=[AskedItem("q1", ItemKind.MULTIPLE_CHOICE, 1.0, ["a", "b", "c", "d"])],
    keys=[ItemKey("q1", choices=["a", "b", "c"])],
    closes_at=NOON,
    grace_s=60,
)
NUMBER = replace(
    THIRDS,
    assessment="number",
    items=[AskedItem("q1", ItemKind.NUMERIC, 2.0)],
    keys=[ItemKey("q1", number=0.7, tolerance=0.1)],
)
ESSAY = replace(
    THIRDS,
    assessment="essay",
    items=[AskedItem("q1", ItemKind.TEXT, 5.0)],
    keys=[ItemKey("q1")],
)


def taken(score: float | None, said: Response | None = None, **other: Any) -> AttemptLine:
    """Handed in an hour before the end, unless said otherwise."""
    early = NOON - timedelta(hours=1)
    fields: dict[str, Any] = {
        "state": AttemptState.GRADED,
        "max": 1.0,
        "late": False,
        "saved_at": early,
        "submitted_at": early,
        "started_at": early - timedelta(minutes=30),
        "answers": {} if said is None else {"q1": said},
    }
    return AttemptLine(number=1, score=score, **(fields | other))


def chosen(*choices: str) -> Response:
    return Response(choices=list(choices))


def judged(line: AttemptLine, *definitions: DefinitionLine, without: Rule | None = None) -> Verdict:
    """By the repository's list, or by what is left of it without a rule."""
    return Judge(Definitions(definitions), AT, listed(without)).judge(
        definitions[0].assessment, line
    )


def sat(
    attempts: Sequence[AttemptLine],
    kept: float | None,
    *definitions: DefinitionLine,
    without: Rule | None = None,
) -> Tally:
    sitting = SittingLine(definitions[0].assessment, "7", list(attempts), kept)
    return Sheet(Definitions(definitions), AT, listed(without)).judge([(1, sitting)])


def listed(without: Rule | None) -> list[Explained]:
    return [one for one in LISTED if one.rule is not without]
