"""A socket lives as long as its viewer's token, and each event is judged by what holds then."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from gateway.identity.issuer import LIFETIME
from tests.fakes.tenant import LEARNER, OPERATOR, course_id, lesson_id
from tests.unit.gateway.test_websocket import (
    TOPIC,
    UPDATES,
    Door,
    closed,
    door,
    heard,
    say,
)

__all__ = ["door"]


@pytest.fixture
async def restless(tmp_path: Path) -> AsyncIterator[Door]:
    """Looks all the time whether tokens hold."""
    made = Door(tmp_path, beat_s=0.02)
    async with made.opened():
        yield made


async def refreshed(socket: ClientConnection, token: str) -> object:
    await say(socket, type="ping", payload={"authorization": f"Bearer {token}"})
    answer = await heard(socket)
    assert answer["type"] == "pong"
    return answer["payload"]["accepted"]


async def test_a_token_that_holds_no_longer_closes_its_socket(restless: Door) -> None:
    async with restless.signed_in() as socket:
        restless.clock.advance(LIFETIME.total_seconds() + 1)

        assert await closed(socket) == 4403


async def test_a_client_that_shows_a_new_one_in_time_stays(restless: Door) -> None:
    async with restless.signed_in() as socket:
        restless.clock.advance(LIFETIME.total_seconds() - 10)
        accepted = await refreshed(socket, restless.token_of("acme"))
        restless.clock.advance(60)
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})

        assert accepted is True
        assert (await heard(socket))["type"] == "next"


@pytest.mark.parametrize("forged", ["of another", "of another tenant", "forged", "empty"])
async def test_no_token_but_the_viewers_own_is_taken(door: Door, forged: str) -> None:
    tokens = {
        "of another": door.token_of("acme", OPERATOR),
        "of another tenant": door.token_of("other"),
        "forged": door.token[:-4] + "AAAA",
        "empty": "",
    }
    async with door.signed_in() as socket:
        assert await refreshed(socket, tokens[forged]) is False
        await say(socket, type="ping")
        assert await heard(socket) == {"type": "pong"}


async def test_a_ping_before_the_greeting_introduces_nobody(door: Door) -> None:
    async with door.socket() as socket:
        await say(socket, type="ping", payload={"authorization": f"Bearer {door.token}"})
        assert await heard(socket) == {"type": "pong"}
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})

        assert await closed(socket) == 4401


async def test_no_event_is_told_after_the_token_is_spent(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        await heard(socket)
        door.clock.advance(LIFETIME.total_seconds() + 1)
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)

        assert await closed(socket) == 4403


async def test_no_progress_is_told_to_whoever_is_enrolled_no_longer(door: Door) -> None:
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES})
        first = await heard(socket)

        del door.platform.enrolled[course_id("acme")]["acme", LEARNER]
        door.platform.done.add((("acme", LEARNER), lesson_id("acme")))
        door.platform.topics.tell(TOPIC)
        second, end = await heard(socket), await heard(socket)

    assert first["payload"]["data"]
    assert second["payload"]["errors"][0]["extensions"]["code"] == "NOT_FOUND"
    assert second["payload"]["data"] is None
    assert end == {"type": "complete", "id": "1"}
