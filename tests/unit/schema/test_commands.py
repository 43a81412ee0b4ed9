"""Commands to attempts: what a document says arrives in the contract's words, and is told back."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from graphql import ExecutionResult
from msgspec import structs

from resolvers.ports import Sources
from services.contracts.assessment import (
    AtEnd,
    Attempt,
    AttemptAccepted,
    AttemptConflict,
    Given,
    Response,
    Rules,
)
from services.contracts.errors import ErrorCode, Refused
from services.contracts.supervising import Extra
from tests.fakes.asking import CONSISTENCY, ask_of, codes
from tests.fakes.desk import Desk
from tests.fakes.platform import FakePlatform
from tests.fakes.sources import sources_of
from tests.fakes.tenant import (
    TEACHER,
    add_tenant,
    assessment_id,
    attempt_id,
    learner_id,
    viewer,
)

EXAM, OWN = assessment_id("acme"), attempt_id("acme")
RESULT = """{ __typename
  ... on AttemptAccepted { duplicate token attempt { id version asOf { token source } } }
  ... on Error { code message retryable }
  ... on AttemptConflict { current { id version } } }"""


@pytest.fixture
def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme")
    add_tenant(made, "other")
    return made


@pytest.fixture
def attempt(platform: FakePlatform) -> Attempt:
    return structs.replace(platform.attempts[OWN], version=7)


@pytest.fixture
def desk(attempt: Attempt) -> Desk:
    return Desk(AttemptAccepted(attempt))


def at(platform: FakePlatform, desk: Desk) -> Sources:
    return replace(sources_of(platform), attempting=desk, supervising=desk)


async def do(
    platform: FakePlatform, desk: Desk, command: str, selected: str = RESULT, **variables: Any
) -> ExecutionResult:
    """`command` is a mutation with its arguments; `$answers` may stand in them."""
    declared = "($answers: [AnswerInput!]!)" if variables else ""
    document = f"mutation {declared} {{ done: {command} {selected} }}"
    return await ask_of(at(platform, desk), viewer("acme"), document, **variables)


async def code_of(platform: FakePlatform, desk: Desk, command: str, **variables: Any) -> str:
    result = await do(platform, desk, command, "{ __typename ... on Error { code } }", **variables)
    assert result.errors is None, result.errors
    assert result.data is not None
    return str(result.data["done"].get("code"))


def save(answers: str, rest: str = "") -> str:
    return f'saveAnswers(input: {{ attemptId: "{OWN}", key: "k", answers: {answers} {rest} }})'


async def test_what_was_done_is_told_with_a_token_of_what_was_seen(
    platform: FakePlatform, desk: Desk
) -> None:
    command = f'startAttempt(input: {{ assessmentId: "{EXAM}", key: "k" }})'

    result = await do(platform, desk, command)

    token = CONSISTENCY.token({"assessment:attempt/acme/1-4-1": 7})
    assert result.errors is None
    assert result.data == {
        "done": {
            "__typename": "AttemptAccepted",
            "duplicate": False,
            "token": token,
            "attempt": {"id": OWN, "version": 7, "asOf": {"token": token, "source": "SERVICE"}},
        }
    }
    assert desk.said == [("start", EXAM, "k")]


async def test_a_conflict_is_an_error_with_the_attempt_as_it_is(
    platform: FakePlatform, desk: Desk, attempt: Attempt
) -> None:
    desk.outcome = AttemptConflict(ErrorCode.ATTEMPT_CLOSED, "Closed.", attempt)

    result = await do(platform, desk, save("[]"))

    assert result.data == {
        "done": {
            "__typename": "AttemptConflict",
            "code": "ATTEMPT_CLOSED",
            "message": "Closed.",
            "retryable": False,
            "current": {"id": OWN, "version": 7},
        }
    }


@pytest.mark.parametrize("code", [ErrorCode.ATTEMPT_LIMIT, ErrorCode.READ_ONLY])
async def test_a_refusal_is_data(platform: FakePlatform, desk: Desk, code: ErrorCode) -> None:
    desk.outcome = Refused(code, "No.")

    assert await code_of(platform, desk, save("[]")) == code


@pytest.mark.parametrize(
    ("said", "response"),
    [
        ('{ choices: ["a", "b"] }', Response(choices=["a", "b"])),
        ('{ text: "osmosis" }', Response(text="osmosis")),
        ("{ number: 4.5 }", Response(number=4.5)),
        ("{ cleared: true }", Response()),
    ],
)
async def test_each_form_of_an_answer_arrives_as_it_was_said(
    platform: FakePlatform, desk: Desk, said: str, response: Response
) -> None:
    answers = f'[{{ itemId: "q1", sequence: 3, response: {said} }}]'

    await do(platform, desk, save(answers, "expectedVersion: 6"))

    assert desk.said == [("save", OWN, [Given("q1", 3, response)], "k", 6)]


async def test_an_answer_by_variables_is_the_same_answer(
    platform: FakePlatform, desk: Desk
) -> None:
    answers = [{"itemId": "q1", "sequence": 3, "response": {"number": 4}}]

    await do(platform, desk, save("$answers"), answers=answers)

    assert desk.said == [("save", OWN, [Given("q1", 3, Response(number=4.0))], "k", None)]


@pytest.mark.parametrize(
    "said", ['{ text: "a", number: 1 }', "{}", "{ text: null }", "{ cleared: null }"]
)
async def test_an_answer_has_exactly_one_form(
    platform: FakePlatform, desk: Desk, said: str
) -> None:
    result = await do(platform, desk, save(f'[{{ itemId: "q1", sequence: 3, response: {said} }}]'))

    assert result.errors is not None
    assert desk.said == []


@pytest.mark.parametrize(
    "answers",
    [
        '[{ itemId: "q1", sequence: 3, response: { cleared: false } }]',
        '[{ itemId: "q1", sequence: -3, response: { number: 1 } }]',
        '[{ itemId: "q1", sequence: 3, response: { number: 1e999 } }]',
        '[{ itemId: "", sequence: 3, response: { number: 1 } }]',
        '[{ itemId: "q", sequence: 3, response: { number: 1 } },'
        ' { itemId: "q", sequence: 4, response: { number: 2 } }]',
    ],
)
async def test_what_is_no_answer_is_invalid_and_goes_no_further(
    platform: FakePlatform, desk: Desk, answers: str
) -> None:
    assert await code_of(platform, desk, save(answers)) == "INVALID"
    assert desk.said == []


async def test_a_submit_needs_no_answers(platform: FakePlatform, desk: Desk) -> None:
    for rest in ("", "answers: null, expectedVersion: null", "answers: []"):
        await do(platform, desk, f'submitAttempt(input: {{ attemptId: "{OWN}", key: "k" {rest} }})')

    assert desk.said == [("submit", OWN, [], "k", None)] * 3


ACTIONS = ("pause", "resume", "void", "reopen")


@pytest.mark.parametrize("action", ACTIONS)
async def test_staff_act_on_an_attempt_with_a_reason(
    platform: FakePlatform, desk: Desk, action: str
) -> None:
    given = f'attemptId: "{OWN}", reason: "fire", key: "k"'

    await do(platform, desk, f"{action}Attempt(input: {{ {given} }})")

    assert desk.said == [(action, OWN, "fire", "k")]


@pytest.mark.parametrize("action", ACTIONS)
async def test_without_a_reason_nothing_is_done(
    platform: FakePlatform, desk: Desk, action: str
) -> None:
    given = f'attemptId: "{OWN}", reason: "  ", key: "k"'

    assert await code_of(platform, desk, f"{action}Attempt(input: {{ {given} }})") == "INVALID"
    assert desk.said == []


async def test_an_item_is_graded_by_a_human(platform: FakePlatform, desk: Desk) -> None:
    given = f'attemptId: "{OWN}", itemId: "q1", points: 0.5, note: "half", key: "k"'
    await do(platform, desk, f"gradeItem(input: {{ {given} }})")

    assert desk.said == [("grade_item", OWN, "q1", 0.5, "half", "k")]
    for wrong in (given.replace("0.5", "-1.0"), given.replace('"k"', '""')):
        assert await code_of(platform, desk, f"gradeItem(input: {{ {wrong} }})") == "INVALID"


GRANTED = "{ __typename ... on TimeGranted { learnerIds token } ... on Error { code } }"


async def test_time_is_granted_to_many_at_once(platform: FakePlatform, desk: Desk) -> None:
    anna, ben = learner_id("acme"), learner_id("acme", "5")
    given = (
        f'assessmentId: "{EXAM}", learnerIds: ["{anna}", "{ben}", "{anna}"], extra: "PT20M",'
        ' multiplier: 1.5, extraAttempts: 1, reason: "dyslexia", key: "k"'
    )

    result = await do(platform, desk, f"grantTime(input: {{ {given} }})", GRANTED)

    extra = Extra([anna, ben], timedelta(minutes=20), 1.5, 1)
    assert desk.said == [("grant", EXAM, extra, "dyslexia", "k")]
    assert result.data == {
        "done": {
            "__typename": "TimeGranted",
            "learnerIds": [anna, ben],
            "token": CONSISTENCY.token({}),
        }
    }


@pytest.mark.parametrize(
    "wrong", ['extra: "PT169H"', "multiplier: 0.5", "multiplier: 11", "extraAttempts: -1"]
)
async def test_a_grant_out_of_bounds_is_invalid(
    platform: FakePlatform, desk: Desk, wrong: str
) -> None:
    given = f'assessmentId: "{EXAM}", learnerIds: ["{learner_id("acme")}"], reason: "x", key: "k"'

    assert await code_of(platform, desk, f"grantTime(input: {{ {given}, {wrong} }})") == "INVALID"


async def test_a_regrade_says_the_right_answer(platform: FakePlatform, desk: Desk) -> None:
    given = f'assessmentId: "{EXAM}", itemId: "q1", reason: "a typo", key: "k"'
    selected = "{ ... on RegradeAccepted { attempts token } }"

    right = f"regrade(input: {{ {given}, correct: {{ number: 2 }} }})"
    result = await do(platform, desk, right, selected)

    assert desk.said == [("regrade", EXAM, "q1", Response(number=2.0), "a typo", "k")]
    assert result.data == {"done": {"attempts": 3, "token": CONSISTENCY.token({})}}
    nothing = f"regrade(input: {{ {given}, correct: {{ cleared: true }} }})"
    assert await code_of(platform, desk, nothing) == "INVALID"


@pytest.mark.parametrize(
    ("said", "rules"),
    [
        ("atEnd: SUBMIT", Rules(AtEnd.SUBMIT)),
        ("atEnd: STAY_OPEN, lateFor: null", Rules(AtEnd.STAY_OPEN, late_for_s=None)),
        (
            'atEnd: OVERDUE, lateFor: "PT48H", latePenalty: 10, overdue: "PT1H", prepare: "PT10M"',
            Rules(AtEnd.OVERDUE, 172_800, 10.0, 3_600, 600),
        ),
    ],
)
async def test_the_rules_of_an_assessment_are_set_as_a_whole(
    platform: FakePlatform, desk: Desk, said: str, rules: Rules
) -> None:
    given = f'assessmentId: "{EXAM}", key: "k", {said}'

    await do(
        platform, desk, f"setAssessmentRules(input: {{ {given} }})", "{ ... on Error { code } }"
    )

    assert desk.said == [("set_rules", EXAM, rules, "k")]


async def test_a_penalty_of_more_than_all_is_invalid(platform: FakePlatform, desk: Desk) -> None:
    given = f'assessmentId: "{EXAM}", key: "k", atEnd: SUBMIT, latePenalty: 101'

    assert await code_of(platform, desk, f"setAssessmentRules(input: {{ {given} }})") == "INVALID"


@pytest.mark.parametrize("foreign", [attempt_id("other"), "made up", EXAM])
async def test_an_attempt_that_is_nobodys_here_is_not_found_and_not_asked_for(
    platform: FakePlatform, desk: Desk, foreign: str
) -> None:
    command = save("[]").replace(OWN, foreign)

    assert await code_of(platform, desk, command) == "NOT_FOUND"
    assert desk.said == []


async def test_who_takes_a_course_may_not_read_its_submissions(
    platform: FakePlatform, desk: Desk
) -> None:
    asked = f'{{ assessment(id: "{EXAM}") {{ title submissions {{ totalCount }} }} }}'

    learner = await ask_of(at(platform, desk), viewer("acme"), asked)
    teacher = await ask_of(at(platform, desk), viewer("acme", TEACHER), asked)

    assert learner.data == {"assessment": {"title": "acme assessment 1", "submissions": None}}
    assert codes(learner) == ["FORBIDDEN"]
    assert "FORBIDDEN" not in codes(teacher)
