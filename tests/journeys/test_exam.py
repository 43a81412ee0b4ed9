"""An exam through real processes, on either side: begun, answered, handed in, and proved."""

import pytest

from legacy.monolith.database import Connection
from services.contracts.ids import Kind, Side, decode, encode
from tests.integration.monolith.school import LEARNER, TEACHER, School, school
from tests.integration.monolith.waiting import until
from tests.learner import Someone, nodes, token
from tests.sides import banyan, turn
from tests.stack import Stack
from tests.subscription import subscription
from tests.system import NUMBERS, System

FLAGS = ("assessment.read", "assessment.attempts", "assessment.scoring")
SIDES = ("legacy", "service")
OUTCOME = """{ __typename
  ... on AttemptAccepted { duplicate attempt { id number state version
    answers { itemId choices text number } window { endsAt serverNow }
    score { raw max scaled provisional } receipt { hash answered of }
    asOf { token source } } }
  ... on Error { code message } }"""
START = f"""mutation ($quiz: ID!, $key: ID!) {{
  done: startAttempt(input: {{ assessmentId: $quiz, key: $key }}) {OUTCOME} }}"""
SAVE = f"""mutation ($attempt: ID!, $answers: [AnswerInput!]!, $key: ID!) {{
  done: saveAnswers(input: {{ attemptId: $attempt, answers: $answers, key: $key }}) {OUTCOME} }}"""
SUBMIT = f"""mutation ($attempt: ID!, $key: ID!) {{
  done: submitAttempt(input: {{ attemptId: $attempt, key: $key }}) {OUTCOME} }}"""
PAGE = """query ($quiz: ID!) { assessment(id: $quiz) {
  score { raw max } window { serverNow } attempts { edges { node { id state } } } } }"""
SUBMISSIONS = """query ($quiz: ID!) { assessment(id: $quiz) {
  submissions { totalCount edges { node { id learner { name } score { raw } } } } } }"""
UPDATES = """subscription ($id: ID!, $after: ConsistencyToken) {
  attemptUpdated(attemptId: $id, after: $after) { state answers { itemId } } }"""
ANSWERS = [
    {"itemId": "q1", "sequence": 1, "response": {"choices": ["a"]}},
    {"itemId": "q2", "sequence": 1, "response": {"choices": ["a", "b", "c"]}},
    {"itemId": "q3", "sequence": 1, "response": {"number": 3.14}},
    {"itemId": "q4", "sequence": 1, "response": {"text": "mitosis"}},
]
RAW, MOST = 6.5, 8.5


@pytest.fixture
async def campus(monolith_db: Connection) -> School:
    return await school(monolith_db, f"exam-{next(NUMBERS)}")


def quiz_of(campus: School) -> str:
    return encode(Kind.ASSESSMENT, campus.tenant, campus.quiz)


async def begin(anna: Someone, quiz: str) -> dict[str, object]:
    """Once the side knows the quiz: whoever begins before that begins on the old one."""

    async def is_known() -> bool:
        page = (await anna.answer(PAGE, quiz=quiz))["data"]["assessment"]
        return bool(page and page["window"])

    await until(is_known, most_s=30)
    told = (await anna.ask(START, quiz=quiz, key="start"))["done"]
    assert told["__typename"] == "AttemptAccepted", told
    attempt: dict[str, object] = told["attempt"]
    return attempt


@pytest.mark.parametrize("side", SIDES)
async def test_an_exam_is_taken_on_either_side(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    await turn(stack, campus.tenant, side, *FLAGS)
    anna, quiz = system.someone(campus.tenant, LEARNER), quiz_of(campus)

    begun = await begin(anna, quiz)
    own = str(begun["id"])
    saved = (await anna.ask(SAVE, attempt=own, answers=ANSWERS, key="save"))["done"]
    done = (await anna.ask(SUBMIT, attempt=own, key="submit"))["done"]
    again = (await anna.ask(SUBMIT, attempt=own, key="submit again"))["done"]
    page = (await anna.ask(PAGE, quiz=quiz))["assessment"]

    assert decode(own).side is (Side.SERVICE if side == "service" else Side.LEGACY)
    assert len(saved["attempt"]["answers"]) == 4
    assert done["attempt"]["state"] == "GRADED"
    assert (done["attempt"]["score"]["raw"], done["attempt"]["score"]["max"]) == (RAW, MOST)
    assert again["duplicate"] is True
    assert again["attempt"]["receipt"] == done["attempt"]["receipt"]
    assert page["score"] == {"raw": RAW, "max": MOST}
    assert nodes(page["attempts"]) == [{"id": own, "state": "GRADED"}]


@pytest.mark.parametrize("side", SIDES)
async def test_a_receipt_is_verified_by_command(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    await turn(stack, campus.tenant, side, *FLAGS)
    anna = system.someone(campus.tenant, LEARNER)
    own = str((await begin(anna, quiz_of(campus)))["id"])
    done = (await anna.ask(SUBMIT, attempt=own, key="submit"))["done"]

    told = await banyan(stack, "receipt", "verify", own, done["attempt"]["receipt"]["hash"])

    assert "0 of 5 items answered" in told
    assert told.startswith("Genuine" if side == "service" else "It matches what the monolith has")


@pytest.mark.parametrize("side", SIDES)
async def test_who_teaches_finds_what_was_handed_in(
    stack: Stack, system: System, campus: School, side: str
) -> None:
    await turn(stack, campus.tenant, side, *FLAGS)
    anna, quiz = system.someone(campus.tenant, LEARNER), quiz_of(campus)
    own = str((await begin(anna, quiz))["id"])
    await anna.ask(SUBMIT, attempt=own, key="submit")

    teacher = system.someone(campus.tenant, TEACHER, "TEACHER")
    found = (await teacher.ask(SUBMISSIONS, quiz=quiz))["assessment"]["submissions"]

    assert nodes(found) == [{"id": own, "learner": {"name": "Person 4"}, "score": {"raw": 0.0}}]


async def test_an_attempt_goes_on_where_it_began_when_the_flag_goes_back(
    stack: Stack, system: System, campus: School
) -> None:
    await turn(stack, campus.tenant, "service", *FLAGS)
    anna, quiz = system.someone(campus.tenant, LEARNER), quiz_of(campus)
    begun = await begin(anna, quiz)

    await turn(stack, campus.tenant, "legacy", *FLAGS)
    again = (await anna.ask(START, quiz=quiz, key="again"))["done"]["attempt"]
    done = (await anna.ask(SUBMIT, attempt=begun["id"], key="submit"))["done"]

    assert again["id"] == begun["id"]
    assert done["attempt"]["state"] == "GRADED"


async def test_a_change_of_an_attempt_arrives_by_socket_and_with_a_token_no_older_one(
    stack: Stack, system: System, campus: School
) -> None:
    await turn(stack, campus.tenant, "service", *FLAGS)
    anna = system.someone(campus.tenant, LEARNER)
    own = str((await begin(anna, quiz_of(campus)))["id"])
    bearer = token(stack.home, campus.tenant, LEARNER)

    async with subscription(stack.gateway, bearer, UPDATES, id=own) as events:
        await events.until({"attemptUpdated": {"state": "IN_PROGRESS", "answers": []}})
        saved = (await anna.ask(SAVE, attempt=own, answers=ANSWERS[:1], key="save"))["done"]
        one = [{"itemId": "q1"}]
        await events.until({"attemptUpdated": {"state": "IN_PROGRESS", "answers": one}})

    seen = saved["attempt"]["asOf"]["token"]
    async with subscription(stack.gateway, bearer, UPDATES, id=own, after=seen) as events:
        await anna.ask(SUBMIT, attempt=own, key="submit")
        assert await events.next() == {"attemptUpdated": {"state": "GRADED", "answers": one}}
