"""Attempts through the contract: begun, answered, handed in, and read by those who may."""

from typing import Any

import pytest

from services.contracts.viewer import Viewer
from tests.fakes.asking import ask, codes
from tests.fakes.platform import FakePlatform
from tests.fakes.tenant import (
    LEARNER,
    OPERATOR,
    OTHER,
    TEACHER,
    add_tenant,
    assessment_id,
    attempt_id,
    learner_id,
    viewer,
)

DONE, FRESH = assessment_id("acme", 1), assessment_id("acme", 2)
START = """mutation ($id: ID!) { done: startAttempt(input: { assessmentId: $id, key: "k" }) {
  ... on AttemptAccepted { attempt { id number state version } } ... on Error { code } } }"""
SUBMIT = """mutation ($id: ID!) { done: submitAttempt(input: { attemptId: $id, key: "s", answers: [
  { itemId: "q1", sequence: 1, response: { number: 2 } } ] }) {
  ... on AttemptAccepted { attempt {
    state answers { itemId sequence choices text number } receipt { answered of hash }
    window { endsAt serverNow extraTime } asOf { freshness lagMs }
    assessment { title } learner { name } } } ... on Error { code } } }"""
MINE = """query ($id: ID!) { assessment(id: $id) {
  attempts { totalCount edges { node { id number } } } window { serverNow closesAt } } }"""
SUBMISSIONS = """query ($id: ID!, $first: Int, $after: String, $state: [AttemptState!]) {
  assessment(id: $id) { submissions(first: $first, after: $after, state: $state) {
    totalCount pageInfo { endCursor hasNextPage }
    edges { node { id learner { name } assessment { title } } } } } }"""


@pytest.fixture
def platform() -> FakePlatform:
    made = FakePlatform()
    add_tenant(made, "acme", courses=2)
    add_tenant(made, "other")
    return made


async def test_an_attempt_is_begun_answered_and_handed_in(platform: FakePlatform) -> None:
    anna = viewer("acme")

    begun = await ask(platform, anna, START, id=FRESH)
    assert begun.errors is None
    assert begun.data is not None
    attempt = begun.data["done"]["attempt"]
    handed_in = await ask(platform, anna, SUBMIT, id=attempt["id"])
    assert handed_in.data is not None
    done = handed_in.data["done"]["attempt"]
    mine = await ask(platform, anna, MINE, id=FRESH)

    assert handed_in.errors is None
    assert (attempt["number"], attempt["state"]) == (1, "IN_PROGRESS")
    assert done["answers"] == [
        {"itemId": "q1", "sequence": 1, "choices": None, "text": None, "number": 2.0}
    ]
    assert (done["receipt"]["answered"], done["receipt"]["of"]) == (1, 1)
    assert done["asOf"] == {"freshness": "CURRENT", "lagMs": 0}
    assert done["learner"] == {"name": "acme person 4"}
    assert mine.data is not None
    assert mine.data["assessment"]["attempts"]["edges"] == [
        {"node": {"id": attempt["id"], "number": 1}}
    ]


async def test_a_window_says_by_which_clock_it_counts(platform: FakePlatform) -> None:
    result = await ask(platform, viewer("acme"), MINE, id=FRESH)

    assert result.data is not None
    window = result.data["assessment"]["window"]
    assert window["serverNow"].endswith("Z")
    assert window["closesAt"] > window["serverNow"]


@pytest.mark.parametrize(
    ("who", "finds"),
    [(LEARNER, True), (OTHER, False), (TEACHER, True), (OPERATOR, True)],
)
async def test_an_attempt_is_found_by_its_owner_and_by_staff(
    platform: FakePlatform, who: str, finds: bool
) -> None:
    query = f'{{ attempt(id: "{attempt_id("acme")}") {{ id learner {{ name }} }} }}'

    result = await ask(platform, viewer("acme", who), query)

    assert result.errors is None
    assert result.data is not None
    assert (result.data["attempt"] is not None) is finds


async def everybodys(platform: FakePlatform, who: Viewer, **more: Any) -> Any:
    result = await ask(platform, who, SUBMISSIONS, id=DONE, **more)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data["assessment"]["submissions"]


async def test_submissions_are_paged_in_order_of_learners(platform: FakePlatform) -> None:
    teacher = viewer("acme", TEACHER)

    first = await everybodys(platform, teacher, first=1)
    second = await everybodys(platform, teacher, first=1, after=first["pageInfo"]["endCursor"])

    shown = [page["edges"][0]["node"] for page in (first, second)]
    assert [node["id"] for node in shown] == [attempt_id("acme"), attempt_id("acme", OTHER)]
    assert [node["learner"]["name"] for node in shown] == ["acme person 4", "acme person 5"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (2, True)
    assert second["pageInfo"]["hasNextPage"] is False


async def test_submissions_are_those_of_the_states_asked_for(platform: FakePlatform) -> None:
    teacher = viewer("acme", TEACHER)

    graded = await everybodys(platform, teacher, state=["GRADED"])
    others = await everybodys(platform, teacher, state=["IN_PROGRESS", "OVERDUE"])

    assert (graded["totalCount"], others["totalCount"]) == (2, 0)


@pytest.mark.parametrize("wrong", [{"first": 0}, {"first": 101}, {"after": "made up"}])
async def test_what_is_no_page_is_invalid(platform: FakePlatform, wrong: dict[str, Any]) -> None:
    result = await ask(platform, viewer("acme", TEACHER), SUBMISSIONS, id=DONE, **wrong)

    assert codes(result) == ["INVALID"]


async def test_a_thing_behind_an_attempt_that_fails_takes_nothing_else(
    platform: FakePlatform,
) -> None:
    del platform.people["acme", LEARNER]
    query = f'{{ attempt(id: "{attempt_id("acme")}") {{ number learner {{ name }} }} }}'

    result = await ask(platform, viewer("acme"), query)

    assert result.data == {"attempt": {"number": 1, "learner": None}}
    assert codes(result) == ["NOT_FOUND"]


async def test_an_anonymous_caller_begins_nothing(platform: FakePlatform) -> None:
    result = await ask(platform, None, START, id=FRESH)

    assert result.data == {"done": {"code": "UNAUTHENTICATED"}}
    assert platform.calls.total() == 0


async def test_a_learner_cannot_name_another_in_what_they_do(platform: FakePlatform) -> None:
    theirs = attempt_id("acme", OTHER)
    grant = (
        f'mutation {{ done: grantTime(input: {{ assessmentId: "{FRESH}", reason: "x", key: "k",'
        f' learnerIds: ["{learner_id("other")}"] }}) {{ ... on Error {{ code }} }} }}'
    )

    submitted = await ask(platform, viewer("acme"), SUBMIT, id=theirs)
    granted = await ask(platform, viewer("acme", TEACHER), grant)

    assert submitted.data == {"done": {"code": "NOT_FOUND"}}
    assert granted.data == {"done": {"code": "NOT_FOUND"}}
