"""Each of the monolith's words has one of the contract's; an unknown one spoils its own item."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from legacy import translate, wire
from legacy.client import LegacyRefusal
from legacy.paper import Paper
from services.contracts.errors import ErrorCode, Refused
from services.contracts.ids import Kind, Side, TenantId, decode, encode
from tests.fakes.tenant import NOW, assessment_id, course_id, viewer
from tests.unit.legacy.old_monolith import OldMonolith, caller, json
from tests.unit.legacy.said import ASSESSMENT, ATTEMPT, CLASS, LESSON, ME, PAPER, QUESTION

ACME = TenantId("acme")
JAKARTA = ZoneInfo("Asia/Jakarta")


def lesson(**said: Any) -> Any:
    return translate.lesson(ACME, msgspec.convert(LESSON | said, wire.Lesson))


def assessment(**said: Any) -> Any:
    found = msgspec.convert(ASSESSMENT | said, wire.Assessment)
    return translate.an_assessment(ACME, JAKARTA, found)


def item(**said: Any) -> Any:
    return translate.item(msgspec.convert(QUESTION | said, wire.Question))


def attempt(**said: Any) -> Any:
    paper = Paper(ACME, JAKARTA, msgspec.convert(PAPER, wire.Paper))
    return paper.attempt(msgspec.convert(ATTEMPT | said, wire.Attempt))


def live_class(now: datetime = NOW, **said: Any) -> Any:
    found = msgspec.convert(CLASS | said, wire.LiveClass)
    return translate.a_live_class(ACME, JAKARTA, now, found)


def role(word: str) -> Any:
    return translate.person(ACME, msgspec.convert({**ME, "roles": [word]}, wire.Me)).roles[0]


WORDS = {
    "role": (role, ["LEARNER", "TEACHER", "PROCTOR", "OPERATOR"], None),
    "lesson": (lambda word: lesson(type=word).kind, ["TEXT", "VIDEO", "QUIZ", "LIVE"], None),
    "assessment": (
        lambda word: assessment(type=word).kind,
        ["QUIZ", "ASSIGNMENT", "EXAM"],
        None,
    ),
    "policy": (
        lambda word: assessment(policy=word).scoring_policy,
        ["highest", "latest", "first", "average"],
        ["HIGHEST", "LATEST", "FIRST", "AVERAGE"],
    ),
    "item": (
        lambda word: item(type=word).kind,
        ["single", "multiple", "number", "text", "order"],
        ["SINGLE_CHOICE", "MULTIPLE_CHOICE", "NUMERIC", "TEXT", "ORDERING"],
    ),
    "state": (
        lambda word: attempt(state=word).state,
        ["in_progress", "submitted", "graded"],
        ["IN_PROGRESS", "PENDING_REVIEW", "GRADED"],
    ),
}


@pytest.mark.parametrize("what", WORDS)
def test_each_word_is_known(what: str) -> None:
    meant, words, wanted = WORDS[what]

    assert [meant(word) for word in words] == (wanted or words)


@pytest.mark.parametrize("what", WORDS)
@pytest.mark.parametrize("word", ["", "HOLOGRAM", "text\n", "\uff34EXT"])
def test_an_unknown_word_is_not_guessed(what: str, word: str) -> None:
    meant, _, _ = WORDS[what]

    with pytest.raises((ValueError, KeyError)):
        meant(word)


def test_a_definition_keeps_its_limits_and_its_instants() -> None:
    found = assessment()

    assert found.opens_at is None
    assert found.closes_at == datetime(2026, 3, 1, 17, tzinfo=UTC)
    assert (found.time_limit, found.grace) == (timedelta(minutes=90), timedelta(seconds=30))
    assert (found.attempts_allowed, found.weight) == (2, 12.5)
    assert assessment(time_limit_min=None, attempts_allowed=None).time_limit is None


def test_a_class_has_ended_from_its_last_instant_on() -> None:
    end = datetime(2026, 3, 2, 2, tzinfo=UTC)

    assert live_class(end).state == "ENDED"
    assert live_class(end - timedelta(microseconds=1)).state == "SCHEDULED"
    assert live_class(teacher=None).teacher is None


def test_ids_name_kind_tenant_and_local_id_and_of_what_never_moves_the_side() -> None:
    told = {
        "course": lesson().course_id,
        "lesson": lesson().id,
        "assessment": assessment().id,
        "attempt": attempt().id,
        "attempt's course": attempt().course_id,
        "attempt's assessment": attempt().assessment_id,
        "learner": attempt().learner_id,
        "class": live_class().id,
        "teacher": live_class().teacher.id,
    }

    meant = {what: decode(id_) for what, id_ in told.items()}
    assert {one.tenant for one in meant.values()} == {"acme"}
    assert {what: (one.kind, one.local, one.side) for what, one in meant.items()} == {
        "course": (Kind.COURSE, "1", Side.EITHER),
        "lesson": (Kind.LESSON, "2", Side.EITHER),
        "assessment": (Kind.ASSESSMENT, "7", Side.EITHER),
        "attempt": (Kind.ATTEMPT, "7-4-1", Side.LEGACY),
        "attempt's course": (Kind.COURSE, "1", Side.EITHER),
        "attempt's assessment": (Kind.ASSESSMENT, "7", Side.EITHER),
        "learner": (Kind.LEARNER, "4", Side.EITHER),
        "class": (Kind.LIVE_CLASS, "1", Side.LEGACY),
        "teacher": (Kind.LEARNER, "2", Side.EITHER),
    }


@pytest.fixture
def old() -> OldMonolith:
    return OldMonolith()


def is_unavailable(found: object) -> bool:
    return isinstance(found, Refused) and found.code is ErrorCode.UPSTREAM_UNAVAILABLE


async def test_an_unknown_word_spoils_one_item_of_many(old: OldMonolith) -> None:
    for number, policy in ((1, "highest"), (2, "best_of_three"), (3, "latest")):
        old.tells[f"/assessments/{number}"] = [json(ASSESSMENT | {"id": number, "policy": policy})]

    found = await old.assessments().many(
        caller(), [assessment_id("acme", number) for number in (1, 2, 3)]
    )

    assert [is_unavailable(one) for one in found] == [False, True, False]


async def test_an_unknown_lesson_spoils_the_outline_of_its_course_only(old: OldMonolith) -> None:
    for number, kind in ((1, "HOLOGRAM"), (2, "VIDEO")):
        lessons = [LESSON | {"type": kind}]
        modules = [{"id": 1, "title": "Cells", "lessons": lessons}]
        old.tells[f"/courses/{number}/outline"] = [json({"modules": modules})]

    found = await old.courses().outlines(caller(), [course_id("acme", n) for n in (1, 2)])

    assert [is_unavailable(one) for one in found] == [True, False]


async def test_an_unknown_role_hides_its_course_and_no_other(old: OldMonolith) -> None:
    mine = [
        {"id": number, "code": "C", "title": "T", "role": role}
        for number, role in ((1, "LEARNER"), (2, "GHOST"), (3, "TEACHER"))
    ]
    old.tells["/my/courses"] = [json({"courses": mine})]

    found = await old.courses().enrolments(caller())

    assert [one.course.id for one in found] == [course_id("acme", n) for n in (1, 3)]


async def test_a_person_of_an_unknown_role_is_unavailable(old: OldMonolith) -> None:
    old.tells["/me"] = [json({**ME, "roles": ["GHOST"]})]

    assert is_unavailable(await old.people().me(caller(viewer("acme"))))


def test_a_class_of_the_other_side_is_none_of_the_monoliths() -> None:
    own, other = (encode(Kind.LIVE_CLASS, ACME, 7, side) for side in (Side.LEGACY, Side.SERVICE))

    assert translate.local(own, Side.LEGACY) == "7"
    with pytest.raises(LegacyRefusal):
        translate.local(other, Side.LEGACY)
