"""An exam through real processes, on either side: two devices, a lost connection, an appeal."""

from typing import Any

import pytest

from legacy.monolith import seed
from legacy.monolith.database import Connection
from services.contracts.ids import Kind, encode
from tests.integration.monolith.school import LEARNER, TEACHER, School, school
from tests.integration.monolith.waiting import until
from tests.journeys.exam import (
    FIRST_DEVICE,
    GRANT,
    LOOK,
    MINE,
    POINTS,
    SAVE,
    SECOND_DEVICE,
    START,
    SUBMIT,
    UPDATES,
)
from tests.learner import Someone, nodes, token
from tests.sides import READS, banyan, turn
from tests.stack import Stack
from tests.subscription import subscription
from tests.system import NUMBERS, System
from tests.unit.legacy.monolith.questions import FIVE

EXAM = seed.assessment(FIVE, type="EXAM", time_limit_min=30, attempts_allowed=1, grace_s=30)
FLAGS = ("assessment.read", "assessment.attempts", "assessment.scoring")
OTHER = {"legacy": "service", "service": "legacy"}


@pytest.fixture
async def campus(monolith_db: Connection) -> School:
    return await school(monolith_db, f"exam-{next(NUMBERS)}")


@pytest.mark.parametrize("side", ["legacy", "service"])
async def test_an_exam_from_sign_in_to_appeal(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    """The flag is turned half way, which changes nothing for the attempt."""
    exam = await a_known_exam(stack, system, campus)
    await turn(stack, campus.tenant, side, *FLAGS)
    phone, laptop = (
        Someone(stack.gateway, token(stack.home, campus.tenant, LEARNER)) for _ in "ab"
    )

    begun = await accepted(phone, START, assessment=exam, key="start")
    attempt = begun["id"]
    await accepted(phone, SAVE, attempt=attempt, answers=FIRST_DEVICE, key="first")
    await accepted(laptop, SAVE, attempt=attempt, answers=SECOND_DEVICE, key="second")
    await turn(stack, campus.tenant, OTHER[side], *FLAGS)
    await phone.close()
    phone = Someone(stack.gateway, token(stack.home, campus.tenant, LEARNER))
    resumed = await accepted(phone, START, assessment=exam, key="again")
    first = await phone.ask(SUBMIT, attempt=attempt, key="submit")
    second = await laptop.ask(SUBMIT, attempt=attempt, key="submit")
    seen = (await laptop.ask(LOOK, attempt=attempt))["attempt"]

    assert resumed["id"] == attempt
    assert len(resumed["answers"]) == 5
    handed_in = first["submitAttempt"]["attempt"]
    assert second["submitAttempt"]["attempt"] == handed_in | clock_of(second)
    assert handed_in["state"] == "GRADED"
    assert handed_in["score"] == {
        **handed_in["score"],
        "raw": POINTS,
        "max": 8.5,
        "late": False,
        "penalty": 0.0,
    }
    assert seen["receipt"] == handed_in["receipt"]
    assert seen["receipt"] == {**seen["receipt"], "answered": 5, "of": 5}
    proof = await banyan(stack, "receipt", "verify", attempt, seen["receipt"]["hash"])
    assert "5 of 5" in proof
    for device in (phone, laptop):
        await device.close()


async def test_time_that_is_granted_reaches_the_one_who_works(
    stack: Stack, system: System, campus: School
) -> None:
    exam = await a_known_exam(stack, system, campus)
    await turn(stack, campus.tenant, "service", *FLAGS)
    anna, teacher = (
        system.someone(campus.tenant, LEARNER),
        system.someone(campus.tenant, TEACHER, "TEACHER"),
    )
    begun = await accepted(anna, START, assessment=exam, key="start")
    bearer = token(stack.home, campus.tenant, LEARNER)
    learner = encode(Kind.LEARNER, campus.tenant, LEARNER)

    async with subscription(stack.gateway, bearer, UPDATES, attempt=begun["id"]) as events:
        before = (await events.next())["attemptUpdated"]["window"]["endsAt"]
        granted = await teacher.ask(GRANT, assessment=exam, learner=learner, key="grant")
        after = (await events.next())["attemptUpdated"]["window"]["endsAt"]

    assert granted["grantTime"] == {"__typename": "TimeGranted", "learnerIds": [learner]}
    assert after > before
    assert (await anna.ask(LOOK, attempt=begun["id"]))["attempt"]["window"]["extraTime"] == "PT10M"


async def test_a_second_attempt_is_refused_whichever_side_had_the_first(
    stack: Stack, system: System, campus: School
) -> None:
    exam = await a_known_exam(stack, system, campus)
    anna = system.someone(campus.tenant, LEARNER)
    await turn(stack, campus.tenant, "legacy", *FLAGS)
    begun = await accepted(anna, START, assessment=exam, key="start")
    await anna.ask(SUBMIT, attempt=begun["id"], key="submit")
    await turn(stack, campus.tenant, "service", *FLAGS)

    async def is_refused() -> bool:
        said = (await anna.ask(START, assessment=exam, key="another"))["startAttempt"]
        return bool(said.get("code") == "ATTEMPT_LIMIT")

    await until(is_refused, most_s=10)
    mine = (await anna.ask(MINE, assessment=exam))["assessment"]
    assert [one["id"] for one in nodes(mine["attempts"])] == [begun["id"]]


async def a_known_exam(stack: Stack, system: System, campus: School) -> str:
    """Made at the monolith; returns once the new side has heard of it, and of who takes it."""
    db = campus.db
    made = await seed.content(db, campus.tenant, campus.course, "assessment", "Finals", dict(EXAM))
    exam = encode(Kind.ASSESSMENT, campus.tenant, made)
    anna = system.someone(campus.tenant, LEARNER)
    await turn(stack, campus.tenant, "service", *READS)

    async def is_known() -> bool:
        answer = await anna.answer(
            "query ($id: ID!) { assessment(id: $id) { window { endsAt } } }", id=exam
        )
        found: dict[str, Any] = (answer.get("data") or {}).get("assessment") or {}
        return bool(found.get("window"))

    await until(is_known, most_s=20)
    return exam


async def accepted(someone: Someone, mutation: str, **said: Any) -> dict[str, Any]:
    """The attempt as the command left it."""
    [answer] = (await someone.ask(mutation, **said)).values()
    assert answer["__typename"] == "AttemptAccepted", answer
    attempt: dict[str, Any] = answer["attempt"]
    return attempt


def clock_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The clock moves on between two answers."""
    return {"window": answer["submitAttempt"]["attempt"]["window"]}
