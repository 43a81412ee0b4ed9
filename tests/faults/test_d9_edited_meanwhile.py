"""D9: a quiz is edited and regraded while it is sat: an attempt keeps the version it began with."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from functools import partial

import pytest
from msgspec.structs import replace

from services.assessment.store import held
from services.contracts.assessment import AttemptAccepted, Given, Item, ItemKind, Response
from services.contracts.assessment_api import REGRADE, SAVE, SUBMIT, Outcome, Regrade, Save, Submit
from services.contracts.errors import Refused
from services.contracts.events import ItemKey
from services.events.role import Role
from tests.faults.exams import TEACHER, Exams, at_once, exams
from tests.faults.quiz import ITEMS, QUIZ, RIGHT, answers
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.events.reading import at_work
from tests.integration.monolith.waiting import until
from tests.stack import Stack

EDITED = replace(
    QUIZ,
    title="Another quiz",
    items=[Item("q1", "How many?", ItemKind.NUMERIC, [], 5.0), ITEMS[1]],
    keys=[ItemKey("q1", number=9.0), RIGHT[1]],
)
"""Its first item is another, and its third one is gone."""
REGRADED = Regrade(1, "q2", Response(number=3.0), "a misprint")
KEPT = """
SELECT attempts.user_id, (data ->> 'definition_version')::int, (
    SELECT jsonb_object_agg(item, answers.data -> 'response') FROM answers
    WHERE answers.user_id = attempts.user_id
), (data -> 'score' ->> 'raw')::float8 FROM attempts
"""
IN_THE_END = len(ITEMS) - 1
"""What all answers are worth by the first version, of which one was no right answer after all."""
WAITING = "SELECT count(*) FROM attempts WHERE data -> 'regrades' = '[]'"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Answers that were refused or are not there, attempts of another version, or scored by it."""

    lost: int = 0
    other_version: int = 0
    wrong_score: int = 0


@pytest.fixture
async def hall(stack: Stack) -> AsyncIterator[Exams]:
    async with exams(stack, "banyan_test_d9") as made:
        await made.define()
        yield made


async def test_d9_an_attempt_keeps_its_answers_and_its_version(
    hall: Exams, figure: Recorder
) -> None:
    verdict = await edit_and_regrade(hall, n("D9"))

    figure("D9", attempts=n("D9"), lost_answers=verdict.lost, wrong_scores=verdict.wrong_score)
    figure("D9", of_another_version=verdict.other_version)
    assert verdict == Verdict()


async def test_d9_fails_without_the_version_kept(
    hall: Exams, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    """Reads the definition that there is now."""
    now = held.LOAD.replace("coalesce($6, ", "coalesce(nullif($6::int, $6), ")
    monkeypatch.setattr(held, "LOAD", now)

    verdict = await edit_and_regrade(hall, 10)

    figure("D9", lost_answers_without_the_version=verdict.lost)
    assert verdict.lost > 0
    assert verdict.wrong_score > 0


async def edit_and_regrade(hall: Exams, learners: int) -> Verdict:
    """A third hands in before the quiz is edited, a third before the regrade, a third after it."""
    users = await hall.admit(learners)
    sitting = list(zip(users, await hall.begin(users), strict=True))
    first, second = answers()[:1], answers()[1:]
    replies = await save(hall, sitting, first)
    replies += await submit(hall, sitting[0::3], second)
    await hall.define(EDITED)
    replies += await submit(hall, sitting[1::3], second)
    told = await hall.do(TEACHER, REGRADE, REGRADED)
    assert not isinstance(told, Refused), told
    replies += await save(hall, sitting[2::3], second)
    replies += await submit(hall, sitting[2::3], [])
    refused = sum(not isinstance(one, AttemptAccepted) for one in replies)
    if not refused:
        await regraded(hall)
    return await judge(hall, refused)


async def save(
    hall: Exams, sitting: Sequence[tuple[int, str]], given: list[Given]
) -> list[Outcome | Refused]:
    return await at_once(
        [partial(hall.do, user, SAVE, Save(attempt, given)) for user, attempt in sitting]
    )


async def submit(
    hall: Exams, sitting: Sequence[tuple[int, str]], given: list[Given]
) -> list[Outcome | Refused]:
    return await at_once(
        [partial(hall.do, user, SUBMIT, Submit(attempt, given)) for user, attempt in sitting]
    )


async def regraded(hall: Exams) -> None:
    async def are_all() -> bool:
        return await hall.count(WAITING) == 0

    async with at_work(hall.service.duties[Role.TIME]):
        await until(are_all, most_s=30)


async def judge(hall: Exams, refused: int) -> Verdict:
    """By the answers and the attempts that the service has written down."""
    said = {one.item_id: one.response for one in answers()}
    rows = await hall.rows(KEPT)
    kept = [{item: Response(**one) for item, one in answers.items()} for _, _, answers, _ in rows]
    missing = sum(of_one.get(item) != said[item] for of_one in kept for item in said)
    return Verdict(
        lost=missing + refused,
        other_version=sum(version != 1 for _, version, _, _ in rows),
        wrong_score=sum(raw != IN_THE_END for *_, raw in rows),
    )
