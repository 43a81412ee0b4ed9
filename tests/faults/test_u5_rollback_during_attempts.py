"""U5: attempts that run on the new side stay there when it is rolled back, with all answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from gateway.attempts.owner import side_of
from legacy.monolith.database import Connection
from services.contracts import assessment_api
from services.contracts.ids import AttemptId, Side
from tests import pair
from tests.faults.exams import at_once
from tests.faults.registry import n
from tests.faults.rolling import ATTEMPTS, LEARNERS, Platform, Traffic, platform, rolled_back_s
from tests.figures import Recorder
from tests.journeys.exam import FIRST_DEVICE, SAVE, SECOND_DEVICE, START, SUBMIT
from tests.learner import Someone
from tests.stack import Stack

LISTS = (assessment_api.MINE, assessment_api.WINDOWS)
EVERY, WITHIN_S = 3, 10.0
AT_ONCE = 10
ANSWERS = "query ($attempt: ID!) { attempt(id: $attempt) { id state answers { itemId } } }"
ALL = {str(one["itemId"]) for one in (*FIRST_DEVICE, *SECOND_DEVICE)}


@dataclass(frozen=True, slots=True)
class Sitting:
    """One learner's attempt at one exam."""

    who: Someone
    exam: str
    attempt: str

    async def saves(self, answers: Sequence[dict[str, Any]], key: str) -> bool:
        return await _is_accepted(
            self.who,
            SAVE,
            "saveAnswers",
            attempt=self.attempt,
            answers=answers,
            key=f"{key} {self.exam}",
        )

    async def submits(self) -> bool:
        return await _is_accepted(
            self.who, SUBMIT, "submitAttempt", attempt=self.attempt, key=f"submit {self.exam}"
        )

    async def kept(self) -> set[str]:
        """The items that have an answer."""
        answer = await self.who.answer(ANSWERS, attempt=self.attempt)
        found = (answer.get("data") or {}).get("attempt") or {"answers": []}
        return {one["itemId"] for one in found["answers"]}


@dataclass
class Told:
    """What became of attempts over a rollback, and of those that began after it."""

    begun: int = 0
    acknowledged: int = 0
    lost: int = 0
    moved: int = 0
    took_s: float = 0.0
    begun_after: Side = Side.EITHER


async def over_a_rollback(made: Platform, wanted: int) -> Told:
    """Each learner has saved half of what they know when the service's reads become sick."""
    told, exams = Told(), wanted // len(LEARNERS)
    who = [(one, made.quiz(nth)) for nth in range(exams) for one in made.people]
    sittings = await at_once([partial(_begun, *one) for one in who], AT_ONCE)
    told.begun = sum(side_of(AttemptId(one.attempt)) is Side.SERVICE for one in sittings)
    await at_once([partial(one.saves, FIRST_DEVICE, "half") for one in sittings], AT_ONCE)
    told.took_s = await _rolled_back(made)
    before = len(made.monolith.requests())
    rest = [partial(one.saves, SECOND_DEVICE, "rest") for one in sittings]
    saved = await at_once(rest, AT_ONCE)
    handed_in = await at_once([one.submits for one in sittings], AT_ONCE)
    told.acknowledged = sum(saved) + sum(handed_in)
    told.moved = pair.count(made.monolith.requests()[before:], "POST /attempts/")
    kept = await at_once([one.kept for one in sittings], AT_ONCE)
    told.lost = sum(len(ALL - one) for one in kept)
    after = await _begun(made.people[0], made.quiz(exams))
    told.begun_after = side_of(AttemptId(after.attempt))
    return told


async def _begun(who: Someone, exam: str) -> Sitting:
    result = (await who.ask(START, assessment=exam, key=f"start {exam}"))["startAttempt"]
    assert result["__typename"] == "AttemptAccepted", result
    return Sitting(who, exam, str(result["attempt"]["id"]))


async def _rolled_back(made: Platform) -> float:
    """What others' lists need fails; what is done to attempts does not."""

    async def lists(who: Someone) -> dict[str, Any]:
        return await who.answer(ATTEMPTS, id=made.quiz())

    made.assessment.heard.clear()
    made.assessment.only = frozenset(one.path for one in LISTS)
    made.assessment.every = EVERY
    async with Traffic(made, lists).flows():
        took_s = await rolled_back_s(made.assessment, LISTS)
    made.assessment.every = 0
    return took_s


async def _is_accepted(who: Someone, document: str, command: str, **said: Any) -> bool:
    result = ((await who.answer(document, **said)).get("data") or {}).get(command) or {}
    return result.get("__typename") == "AttemptAccepted"


async def test_u5_attempts_stay_where_they_began_and_lose_nothing(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    exams = n("U5") // len(LEARNERS)
    async with platform(stack, monolith_db, tmp_path, exams + 1, gateways=1) as made:
        told = await over_a_rollback(made, n("U5"))

    figure(
        "U5",
        attempts=told.begun,
        moved_attempts=told.moved,
        lost_answers=told.lost,
        rolled_back_in_s=round(told.took_s, 1),
    )
    assert told.begun == n("U5")
    assert told.took_s < WITHIN_S
    assert told.acknowledged == 2 * n("U5")
    assert (told.moved, told.lost) == (0, 0)
    assert told.begun_after is Side.LEGACY


async def test_u5_fails_without_the_pin(
    stack: Stack, monolith_db: Connection, tmp_path: Path, figure: Recorder
) -> None:
    unpinned = "tests.faults.unpinned_gateway"
    async with platform(stack, monolith_db, tmp_path, 2, unpinned, gateways=1) as made:
        told = await over_a_rollback(made, len(LEARNERS))

    figure("U5", lost_answers_without_the_pin=told.lost)
    assert told.begun == len(LEARNERS)
    assert told.lost > 0
