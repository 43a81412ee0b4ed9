"""An exam on the new side: one attempt that has everything an attempt can have, and an open one."""

from typing import Any

from services.contracts.ids import Kind, Side, decode, encode
from tests.integration.monolith.waiting import until
from tests.learner import Someone
from tests.security.campus import LEARNER, TEACHER, Campus
from tests.sides import turn
from tests.system import System

FLAGS = ("assessment.read", "assessment.attempts", "assessment.scoring")
OUTCOME = """{ __typename
  ... on AttemptAccepted { attempt { id state score { regradedFrom } } }
  ... on Error { code message } }"""
ANSWERS = """[
  { itemId: "q1", sequence: 1, response: { choices: ["a"] } }
  { itemId: "q2", sequence: 1, response: { choices: ["a", "b"] } }
  { itemId: "q3", sequence: 1, response: { number: 2.5 } }
  { itemId: "q4", sequence: 1, response: { text: "MARK" } }
  { itemId: "q6", sequence: 1, response: { text: "MARK" } }
]"""


async def sit(system: System, campus: Campus) -> None:
    """Its attempts are in `campus.also`: one that was graded and regraded, then an open one."""
    await turn(system.stack, campus.tenant, "service", *FLAGS)
    anna = system.someone(campus.tenant, LEARNER)
    teacher = system.someone(campus.tenant, TEACHER, "TEACHER")
    first = await begun(anna, campus, 1)
    answers = ANSWERS.replace("MARK", campus.mark)
    await done(anna, "submitAttempt", f'attemptId: "{first}" answers: {answers}')
    await done(teacher, "gradeItem", f'attemptId: "{first}" itemId: "q6" points: 2 note: "fair"')
    await done(teacher, "regrade", _regrade(campus))
    await until(lambda: is_regraded(anna, first), most_s=30)
    campus.also[Kind.ASSESSMENT] = [campus.exam]
    campus.also[Kind.ATTEMPT] = [first, await begun(anna, campus, 2)]


async def begun(anna: Someone, campus: Campus, number: int) -> str:
    """Once the new side knows the exam: whoever begins before that begins on the old one."""
    asked = f'{{ assessment(id: "{campus.exam}") {{ window {{ serverNow }} }} }}'

    async def is_known() -> bool:
        exam = (await anna.answer(asked))["data"]["assessment"]
        return bool(exam and exam["window"])

    await until(is_known, most_s=30)
    told = await done(anna, "startAttempt", f'assessmentId: "{campus.exam}"', key=f"start {number}")
    attempt = str(told["attempt"]["id"])
    assert decode(attempt).side is Side.SERVICE
    return attempt


async def done(who: Someone, command: str, given: str, key: str = "") -> Any:
    outcome = OUTCOME if command != "regrade" else "{ __typename ... on Error { code message } }"
    document = (
        f'mutation {{ done: {command}(input: {{ {given} key: "{key or command}" }}) {outcome} }}'
    )
    told = (await who.ask(document))["done"]
    assert "code" not in told, told
    return told


async def is_regraded(anna: Someone, attempt: str) -> bool:
    score = (await anna.ask(f'{{ attempt(id: "{attempt}") {{ score {{ regradedFrom }} }} }}'))[
        "attempt"
    ]["score"]
    return bool(score and score["regradedFrom"] is not None)


def _regrade(campus: Campus) -> str:
    correct = "correct: { number: 2.5 }"
    return f'assessmentId: "{campus.exam}" itemId: "q3" {correct} reason: "a misprint"'


def learner(campus: Campus) -> str:
    return encode(Kind.LEARNER, campus.tenant, LEARNER)
