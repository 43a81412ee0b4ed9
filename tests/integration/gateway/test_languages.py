"""The running system tells each client in its language, whichever side refused and by any way."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from gateway.identity.issuer import DemoIssuer
from gateway.locale.tongue import Tongues
from legacy.monolith.database import Connection
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock
from services.kit.settings import Settings
from tests.integration.monolith.school import LEARNER, School, school
from tests.journeys.exam import START, SUBMIT
from tests.journeys.test_attempt import FLAGS, a_known_exam, accepted
from tests.learner import token
from tests.sides import turn
from tests.stack import Stack
from tests.system import NUMBERS, System

LANGUAGES = ("en", "es", "pt", "id")
ASKED = {"en": "en-GB", "es": "es-MX", "pt": "pt-BR,pt;q=0.9", "id": "id-ID"}
PROTOCOL = Subprotocol("graphql-transport-ws")
TONGUES = Tongues.read()
NONE_LEFT = "There are no attempts left."
CLOSED = {"legacy": "This attempt is finished.", "service": "This attempt is closed."}
TOO_FEW = "`first` must lie between 1 and 100."
LATE = """mutation ($attempt: ID!, $key: ID!) { saveAnswers(input: { attemptId: $attempt, key: $key,
  answers: [{ itemId: "q1", sequence: 9, response: { choices: ["b"] } }] }) { __typename
    ... on Error { code message } ... on AttemptConflict { current { window { serverNow } } } } }"""
COURSES = "{ viewer { courses(first: 0) { totalCount } } }"
ZONE = "{ viewer { zone } }"
WIDE = "{ " + " ".join(f"a{n}: __typename" for n in range(6)) + " }"
FOREIGN = "Pages of this origin may not open sockets here."
UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-protocol": PROTOCOL,
}


@dataclass(frozen=True, slots=True)
class Sat:
    """An attempt that is over, on one side; no other may be begun."""

    side: str
    exam: str
    attempt: str
    bearer: str


@pytest.fixture
async def campus(monolith_db: Connection) -> School:
    return await school(monolith_db, f"languages-{next(NUMBERS)}")


@pytest.fixture(params=["legacy", "service"])
async def sat(request: pytest.FixtureRequest, stack: Stack, system: System, campus: School) -> Sat:
    exam = await a_known_exam(stack, system, campus)
    await turn(stack, campus.tenant, request.param, *FLAGS)
    anna = system.someone(campus.tenant, LEARNER)
    begun = await accepted(anna, START, assessment=exam, key="start")
    await accepted(anna, SUBMIT, attempt=begun["id"], key="submit")
    return Sat(request.param, exam, begun["id"], token(stack.home, campus.tenant, LEARNER))


def told(english: str) -> dict[str, str]:
    """What it is in each language."""
    return {language: TONGUES.of([language]).say(english) for language in LANGUAGES}


async def posted(stack: Stack, bearer: str, language: str, query: str, **given: Any) -> Any:
    """From a device of its own."""
    headers = {"authorization": f"Bearer {bearer}", "accept-language": ASKED[language]}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as device:
        body = {"query": query, "variables": given}
        return await device.post(f"{stack.gateway}/graphql", json=body, headers=headers)


async def by_socket(
    stack: Stack, payload: dict[str, Any], header: str, *asked: dict[str, Any]
) -> list[Any]:
    """The payload of the first message that answers each."""
    url = stack.gateway.replace("http", "ws", 1) + "/graphql"
    headers = {"accept-language": header}
    async with connect(url, subprotocols=[PROTOCOL], additional_headers=headers) as socket:
        await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
        await socket.recv()
        answers = []
        for place, one in enumerate(asked):
            await socket.send(json.dumps({"type": "subscribe", "id": str(place), "payload": one}))
            answers.append(json.loads(await socket.recv()))
            if answers[-1]["type"] == "next":
                assert json.loads(await socket.recv())["type"] == "complete"
    return [answer["payload"] for answer in answers]


async def test_the_same_refusals_are_told_in_four_languages_by_one_code(
    stack: Stack, sat: Sat
) -> None:
    limits, conflicts, errors = {}, {}, {}
    for language in LANGUAGES:
        asked = (stack, sat.bearer, language)
        refused = await posted(*asked, START, assessment=sat.exam, key="another")
        limits[language] = refused.json()["data"]["startAttempt"]
        late = await posted(*asked, LATE, attempt=sat.attempt, key=f"late {language}")
        conflicts[language] = late.json()["data"]["saveAnswers"]
        [errors[language]] = (await posted(*asked, COURSES)).json()["errors"]
        assert refused.headers["content-language"] == language

    assert {one["code"] for one in limits.values()} == {"ATTEMPT_LIMIT"}
    assert {at: one["message"] for at, one in limits.items()} == told(NONE_LEFT)
    assert {one["code"] for one in conflicts.values()} == {"ATTEMPT_CLOSED"}
    assert {at: one["message"] for at, one in conflicts.items()} == told(CLOSED[sat.side])
    assert {one["extensions"]["code"] for one in errors.values()} == {"INVALID"}
    assert {at: one["message"] for at, one in errors.items()} == told(TOO_FEW)


async def test_sockets_tell_the_same(stack: Stack, sat: Sat) -> None:
    start = {"query": START, "variables": {"assessment": sat.exam, "key": "another"}}
    limits, errors, documents = {}, {}, {}
    for language in LANGUAGES:
        payload = {"authorization": f"Bearer {sat.bearer}", "locale": language}
        answers = await by_socket(stack, payload, "fr", start, {"query": COURSES}, {"query": WIDE})
        limits[language] = answers[0]["data"]["startAttempt"]
        [errors[language]] = answers[1]["errors"]
        [documents[language]] = answers[2]

    assert {one["code"] for one in limits.values()} == {"ATTEMPT_LIMIT"}
    assert {at: one["message"] for at, one in limits.items()} == told(NONE_LEFT)
    assert {at: one["message"] for at, one in errors.items()} == told(TOO_FEW)
    assert {one["extensions"]["code"] for one in documents.values()} == {"MAX_ROOT_FIELDS"}
    assert len({one["message"] for one in documents.values()}) == len(LANGUAGES)


async def test_a_reply_that_is_kept_is_told_to_each_device_in_its_own_language(
    stack: Stack, sat: Sat
) -> None:
    """The same key again: what was decided once stands, and only its words are others."""
    answers = [
        (await posted(stack, sat.bearer, one, LATE, attempt=sat.attempt, key="k")).json()
        for one in reversed(LANGUAGES)
    ]
    replies = [answer["data"]["saveAnswers"] for answer in answers]

    expected = told(CLOSED[sat.side])
    assert [one["message"] for one in replies] == [*reversed(expected.values())]
    assert {one["code"] for one in replies} == {"ATTEMPT_CLOSED"}
    if sat.side == "service":
        assert len({json.dumps(one["current"]) for one in replies}) == 1


async def test_requests_that_are_refused_and_the_sign_in_are_told_likewise(stack: Stack) -> None:
    batches, sign_ins, origins = [], [], []
    async with httpx.AsyncClient(base_url=stack.gateway, trust_env=False) as client:
        for language in LANGUAGES:
            headers = {"accept-language": ASKED[language]}
            batches.append(await client.post("/graphql", json=[], headers=headers))
            sign_ins.append(await client.post("/session", headers=headers))
            foreign = {**headers, **UPGRADE, "origin": "https://evil.example"}
            origins.append(await client.get("/graphql", headers=foreign))

    assert _codes(batches) == {"BATCH_REFUSED"}
    assert _messages(batches) == [*told("Send one operation a request.").values()]
    assert _codes(sign_ins) == {"UNAUTHENTICATED"}
    assert _messages(sign_ins) == [*told("The bearer token is not valid.").values()]
    assert _codes(origins) == {"FORBIDDEN_ORIGIN"}
    assert _messages(origins) == [*told(FOREIGN).values()]
    told_in = [one.headers["content-language"] for one in (*batches, *sign_ins, *origins)]
    assert told_in == [*LANGUAGES] * 3


async def test_what_the_token_says_counts_for_more_and_a_session_keeps_it(
    stack: Stack, campus: School
) -> None:
    who = Viewer(
        TenantId(campus.tenant),
        UserId(str(LEARNER)),
        frozenset({Role.LEARNER}),
        locale="id",
        zone="Asia/Jakarta",
    )
    settings = Settings()
    issuer = DemoIssuer(stack.home, settings.token_issuer, settings.token_audience)
    bearer = issuer.token_for(who, SystemClock())
    spanish = {"accept-language": "es"}
    async with httpx.AsyncClient(base_url=stack.gateway, trust_env=False, timeout=20) as browser:
        shown = {"authorization": f"Bearer {bearer}"}
        assert (await browser.post("/session", headers=shown)).status_code == 204
        zone = await browser.post("/graphql", json={"query": ZONE})
        refused = await browser.post("/graphql", json={"query": COURSES}, headers=spanish)
    [by_token] = await by_socket(
        stack, {"authorization": f"Bearer {bearer}", "locale": "pt"}, "es", {"query": COURSES}
    )
    [by_header] = await by_socket(stack, {}, "es", {"query": WIDE})

    assert zone.json()["data"]["viewer"] == {"zone": "Asia/Jakarta"}
    assert _messages([refused]) == [told(TOO_FEW)["id"]]
    assert by_token["errors"][0]["message"] == told(TOO_FEW)["id"]
    assert by_header[0]["message"].startswith("Campos raíz del documento")


def _codes(answers: Sequence[httpx.Response]) -> set[str]:
    return {one.json()["errors"][0]["extensions"]["code"] for one in answers}


def _messages(answers: Sequence[httpx.Response]) -> list[str]:
    return [one.json()["errors"][0]["message"] for one in answers]
