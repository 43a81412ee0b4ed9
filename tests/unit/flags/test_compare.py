"""What two sides said is told apart by field and class, each field by its comparator."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import msgspec
import pytest
from msgspec.structs import replace

from flags.compare import Kind, compare, compare_each
from flags.comparing import TABLE
from services.contracts import assessment as exams
from services.contracts import dry_run, learning, live_class
from services.contracts.assessment import Attempt, AttemptState, Score, Source, Window
from services.contracts.errors import HIDDEN, ErrorCode, Refused, UpstreamTimeout
from services.contracts.freshness import Known
from services.contracts.ids import AssessmentId, AttemptId, CourseId, LearnerId, LessonId, ModuleId
from services.contracts.learning import Lesson, LessonKind, Module, Progress
from services.contracts.paging import page_of

AT = datetime(2026, 3, 10, 5, tzinfo=UTC)
KNOWN, OTHER = Known(Source.LEGACY, {"legacy:x": 3}), Known(Source.SERVICE, {"legacy:x": 9})
PROGRESS = Progress(CourseId("c"), LearnerId("l"), 3, 10, KNOWN)
WINDOW = Window(AT, None, AT + timedelta(minutes=30), timedelta(0), AT)
ATTEMPT = Attempt(
    AttemptId("t"),
    AssessmentId("a"),
    CourseId("c"),
    LearnerId("l"),
    1,
    AttemptState.GRADED,
    AT,
    AT,
    AT,
    Score(7.0, 10.0),
    source=Source.LEGACY,
)


def lesson(name: str) -> Lesson:
    return Lesson(LessonId(name), CourseId("c"), name, LessonKind.TEXT)


def module(*names: str) -> Module:
    return Module(ModuleId("m"), "M", [lesson(name) for name in names])


def signs(old: Any, new: Any) -> list[tuple[str, Kind]]:
    return [(one.path, one.kind) for one in compare("asked", old, new).differences]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (PROGRESS, replace(PROGRESS, known=OTHER)),
        (PROGRESS, replace(PROGRESS, completed=4)),
        (ATTEMPT, replace(ATTEMPT, version=7)),
        (ATTEMPT, replace(ATTEMPT, saved_at=AT + timedelta(milliseconds=900))),
        (ATTEMPT, replace(ATTEMPT, score=Score(7.00009, 10.0))),
        (replace(ATTEMPT, window=WINDOW), ATTEMPT),
        (ATTEMPT, replace(ATTEMPT, correct=[exams.Correct("1")])),
        ([ATTEMPT], [ATTEMPT, replace(ATTEMPT, id=AttemptId("s"), source=Source.SERVICE)]),
        (UpstreamTimeout.refusal, PROGRESS),
        (HIDDEN, HIDDEN),
        (None, None),
    ],
)
def test_what_is_no_difference(old: Any, new: Any) -> None:
    assert signs(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "path", "kind"),
    [
        (PROGRESS, replace(PROGRESS, completed=2), "Progress.completed", Kind.VALUE),
        (PROGRESS, replace(PROGRESS, total=11), "Progress.total", Kind.VALUE),
        (ATTEMPT, replace(ATTEMPT, score=Score(7.01, 10.0)), "Score.raw", Kind.VALUE),
        (ATTEMPT, replace(ATTEMPT, score=None), "Attempt.score", Kind.MISSING),
        (replace(ATTEMPT, score=None), ATTEMPT, "Attempt.score", Kind.EXTRA),
        ([module("a", "b")], [module("a")], "Module.lessons", Kind.MISSING),
        ([module("a")], [module("a", "b")], "Module.lessons", Kind.EXTRA),
        ([module("a", "b")], [module("b", "a")], "Module.lessons", Kind.ORDER),
        ([module("a")], [], "asked", Kind.MISSING),
        (HIDDEN, PROGRESS, "asked", Kind.ERROR_HERE),
        (PROGRESS, HIDDEN, "asked", Kind.ERROR_THERE),
        (HIDDEN, Refused(ErrorCode.FORBIDDEN, ""), "asked", Kind.ERROR_THERE),
        (PROGRESS, UpstreamTimeout.refusal, "asked", Kind.ERROR_THERE),
    ],
)
def test_what_differs_is_told_by_field_and_class(old: Any, new: Any, path: str, kind: Kind) -> None:
    assert signs(old, new) == [(path, kind)]


def test_an_end_that_moves_with_each_sides_clock_is_the_same() -> None:
    later = timedelta(minutes=3)
    moved = replace(WINDOW, ends_at=AT + timedelta(minutes=30) + later, server_now=AT + later)

    assert signs(WINDOW, moved) == []
    assert signs(WINDOW, replace(moved, server_now=AT)) == [("Window.ends_at", Kind.VALUE)]


def test_one_item_is_compared_with_the_one_of_the_same_question() -> None:
    found = compare_each("asked", [PROGRESS, HIDDEN], [PROGRESS, PROGRESS])

    assert [(one.path, one.kind) for one in found.differences] == [("asked", Kind.ERROR_HERE)]
    assert found.compared["Progress.total"] == 1


def test_a_page_that_has_what_the_monolith_cannot_know_is_not_compared() -> None:
    began = replace(ATTEMPT, id=AttemptId("s"), source=Source.SERVICE)
    old = page_of([(("1", "t"), ATTEMPT)], more=False, behind=False, total=1)
    new = page_of([(("1", "t"), ATTEMPT), (("2", "s"), began)], more=False, behind=False, total=2)

    assert signs(old, new) == []
    assert ("Page.total_count", Kind.VALUE) in signs(old, replace(old, total_count=2))


def structs(module: Any) -> Iterator[type[msgspec.Struct]]:
    for one in vars(module).values():
        if isinstance(one, type) and issubclass(one, msgspec.Struct):
            yield one


def test_the_table_names_fields_that_there_are() -> None:
    modules = (dry_run, exams, learning, live_class)
    known = {
        (one.__name__, field) for of in modules for one in structs(of) for field in fields_of(one)
    }

    assert set(TABLE) - known == set()


def fields_of(one: type[msgspec.Struct]) -> tuple[str, ...]:
    return one.__struct_fields__


def test_every_instant_and_every_number_with_a_fraction_has_a_comparator() -> None:
    told = {
        (one.__name__, field.name)
        for one in (
            exams.Attempt,
            exams.Score,
            exams.Window,
            exams.Assessment,
            live_class.LiveClass,
        )
        for field in msgspec.structs.fields(one)
        if {datetime, float} & {field.type, *get_args(field.type)}
    }

    assert told - set(TABLE) == set()
