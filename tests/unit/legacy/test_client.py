"""The monolith's ways of saying things are read as what they mean."""

import asyncio
from urllib.parse import parse_qs

import pytest

from legacy import wire
from legacy.client import LegacyClient, LegacyRefusal
from legacy.conflicts import CODES
from services.contracts.errors import (
    HIDDEN,
    ErrorCode,
    Refused,
    UpstreamError,
    UpstreamMisbehaved,
    UpstreamTimeout,
)
from services.contracts.ids import TenantId, UserId
from services.contracts.viewer import Viewer
from services.kit.caller import Caller
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from tests.fakes.tenant import viewer
from tests.unit.legacy.old_monolith import LOGIN_PAGE, OldMonolith, caller, json

COURSE = {"id": 1, "code": "BIO-1", "title": "Biology"}
PATH = "/courses/1"


@pytest.fixture
def old() -> OldMonolith:
    return OldMonolith()


@pytest.fixture
def client(old: OldMonolith) -> LegacyClient:
    return old.client()


@pytest.mark.parametrize("status", [403, 404])
async def test_what_is_anothers_and_what_is_missing_are_refused_alike(
    old: OldMonolith, client: LegacyClient, status: int
) -> None:
    old.tells[PATH] = [json({"error": f"status {status}"}, status)]

    with pytest.raises(LegacyRefusal) as no:
        await client.get(caller(), PATH, wire.Course)

    assert no.value.refusal == HIDDEN


@pytest.mark.parametrize("sentence", CODES)
async def test_a_conflict_is_known_by_its_sentence(
    old: OldMonolith, client: LegacyClient, sentence: str
) -> None:
    old.tells[PATH] = [json({"error": sentence}, 409)]

    with pytest.raises(LegacyRefusal) as no:
        await client.post(caller(), PATH, {}, wire.Course)

    assert no.value.refusal == Refused(CODES[sentence], sentence)


@pytest.mark.parametrize("said", [{"error": "The moon is in the way."}, {"error": 7}, []])
async def test_a_conflict_of_another_sentence_is_misbehaviour(
    old: OldMonolith, client: LegacyClient, said: object
) -> None:
    old.tells[PATH] = [json(said, 409)]

    with pytest.raises(UpstreamMisbehaved):
        await client.post(caller(), PATH, {}, wire.Course)


async def test_an_input_that_is_refused_is_the_clients_fault(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [json({"error": "A title has 1 to 200 characters."}, 400)]

    with pytest.raises(LegacyRefusal) as no:
        await client.post(caller(), PATH, {"title": ""}, wire.Course)

    assert no.value.refusal.code is ErrorCode.INVALID
    assert not no.value.refusal.retryable


@pytest.mark.parametrize("status", [201, 204, 301, 302, 409, 429, 500, 502, 503])
async def test_any_other_status_is_misbehaviour(
    old: OldMonolith, client: LegacyClient, status: int
) -> None:
    old.tells[PATH] = [json(COURSE, status)]

    with pytest.raises(UpstreamMisbehaved, match=str(status)):
        await client.get(caller(), PATH, wire.Course)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"id": 1, "code": "BIO-1"}',
        b'{"id": "1", "code": "BIO-1", "title": "Biology"}',
        b'{"id": 1, "code": "BIO-1", "title": null}',
        b'{"id": NaN, "code": "BIO-1", "title": "Biology"}',
    ],
)
async def test_json_that_is_not_as_agreed_is_misbehaviour(
    old: OldMonolith, client: LegacyClient, body: bytes
) -> None:
    old.tells[PATH] = [Reply(200, {"content-type": "application/json"}, body)]

    with pytest.raises(UpstreamMisbehaved, match="not a Course"):
        await client.get(caller(), PATH, wire.Course)


async def test_what_it_says_beyond_the_agreed_is_not_heard(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [json({**COURSE, "colour": "green"})]

    assert await client.get(caller(), PATH, wire.Course) == wire.Course(1, "BIO-1", "Biology")


async def test_a_dead_session_is_renewed_once_and_asked_again(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [LOGIN_PAGE, json(COURSE)]

    found = await client.get(caller(), PATH, wire.Course)

    assert found.title == "Biology"
    assert old.asked() == ["/login", PATH, "/login", PATH]
    cookies = [call.headers["cookie"] for call in old.calls if call.url.endswith(PATH)]
    assert cookies == ["MONOSESSION=cookie-1", "MONOSESSION=cookie-2"]


async def test_a_command_to_a_dead_session_did_nothing_and_is_sent_again_as_it_was(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [LOGIN_PAGE, json(COURSE)]

    await client.post(caller(), PATH, {"title": "Cells"}, wire.Course)

    sent = [(call.method, call.body) for call in old.calls if call.url.endswith(PATH)]
    assert sent == [("POST", b'{"title":"Cells"}')] * 2


async def test_a_login_page_to_a_fresh_session_is_misbehaviour(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [LOGIN_PAGE]

    with pytest.raises(UpstreamMisbehaved, match="login page"):
        await client.get(caller(), PATH, wire.Course)

    assert old.asked() == ["/login", PATH, "/login", PATH]


async def test_who_cannot_be_signed_in_asks_nothing(old: OldMonolith, client: LegacyClient) -> None:
    old.sign_in = lambda _: LOGIN_PAGE

    with pytest.raises(UpstreamMisbehaved, match="sign the viewer in"):
        await client.get(caller(), PATH, wire.Course)

    assert old.asked() == ["/login"]


async def test_a_living_session_is_used_again_by_its_viewer_alone(
    old: OldMonolith, client: LegacyClient
) -> None:
    old.tells[PATH] = [json(COURSE)]

    for who in (viewer("acme"), viewer("acme"), viewer("other")):
        await client.get(caller(who), PATH, wire.Course)

    assert old.asked() == ["/login", PATH, PATH, "/login", PATH]


async def test_nothing_in_a_name_changes_what_the_sign_in_says(
    old: OldMonolith, client: LegacyClient
) -> None:
    odd = Viewer(TenantId("acme&user=1"), UserId("4\r\nsecret=x"), frozenset())
    old.tells[PATH] = [json(COURSE)]

    await client.get(caller(odd), PATH, wire.Course)

    assert parse_qs((old.calls[0].body or b"").decode()) == {
        "tenant": ["acme&user=1"],
        "user": ["4\r\nsecret=x"],
        "secret": ["secret"],
    }


class Silent(OldMonolith):
    """It never answers."""

    async def send(self, call: Call, deadline: Deadline) -> Reply:
        await asyncio.Event().wait()
        raise AssertionError


async def test_who_waits_for_a_sign_in_waits_no_longer_than_their_budget() -> None:
    client = Silent().client()
    hurried = Caller(viewer("acme"), Deadline.within(SystemClock(), 0.05))

    with pytest.raises(UpstreamTimeout):
        async with asyncio.timeout(5):
            await client.get(hurried, PATH, wire.Course)

    await client.close()


def test_every_misbehaviour_is_told_to_clients_as_unavailable_for_the_moment() -> None:
    refusal = UpstreamMisbehaved("status 500").refusal

    assert issubclass(UpstreamMisbehaved, UpstreamError)
    assert (refusal.code, refusal.retryable) == (ErrorCode.UPSTREAM_UNAVAILABLE, True)
    assert "500" not in refusal.message
