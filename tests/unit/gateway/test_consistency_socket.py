"""What a client has seen is said on a socket in its first message, or with an operation."""

from typing import Any

import pytest

from gateway.transport.messages import Close
from services.contracts.freshness import Seen
from tests.fakes.asking import CONSISTENCY
from tests.fakes.sources import FakeProgress
from tests.fakes.tenant import course_id
from tests.unit.gateway.test_websocket import UPDATES, Door, closed, door, heard, say

__all__ = ["door"]

COURSE = course_id("acme")
READ = f'{{ course(id: "{COURSE}") {{ progress {{ completed }} }} }}'


@pytest.fixture
def heard_of(monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """What the source is told that its callers have seen."""
    told: list[Seen] = []
    mine = FakeProgress.mine

    async def noted(self: FakeProgress, caller: Any, courses: Any) -> Any:
        told.append(caller.seen)
        return await mine(self, caller, courses)

    monkeypatch.setattr(FakeProgress, "mine", noted)
    return told


async def test_what_was_seen_before_holds_for_every_operation(
    door: Door, heard_of: list[Seen]
) -> None:
    async with door.socket() as socket:
        payload = {
            "authorization": f"Bearer {door.token}",
            "consistency": CONSISTENCY.token({"a": 1}),
        }
        await say(socket, type="connection_init", payload=payload)
        await heard(socket)
        for id_ in "12":
            await say(socket, type="subscribe", id=id_, payload={"query": READ})
            await heard(socket)
            await heard(socket)

    assert [seen["a"] for seen in heard_of] == [1, 1]


async def test_what_an_operation_says_holds_for_itself(door: Door, heard_of: list[Seen]) -> None:
    async with door.signed_in() as socket:
        said = {"consistency": CONSISTENCY.token({"a": 2})}
        await say(socket, type="subscribe", id="1", payload={"query": UPDATES, "extensions": said})
        await heard(socket)
        await say(socket, type="subscribe", id="2", payload={"query": READ})
        await heard(socket)

    assert [seen.get("a") for seen in heard_of] == [2, None]


async def test_an_update_is_no_older_than_the_token_it_is_asked_after(
    door: Door, heard_of: list[Seen]
) -> None:
    query = f"""subscription ($after: ConsistencyToken) {{
      progressUpdated(courseId: "{COURSE}", after: $after) {{ completed }} }}"""
    async with door.signed_in() as socket:
        variables = {"after": CONSISTENCY.token({"a": 3})}
        await say(
            socket, type="subscribe", id="1", payload={"query": query, "variables": variables}
        )
        await heard(socket)

    assert [seen["a"] for seen in heard_of] == [3]


async def test_a_subscription_after_no_token_of_ours_is_invalid(door: Door) -> None:
    query = f'subscription {{ progressUpdated(courseId: "{COURSE}", after: "x") {{ completed }} }}'
    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": query})
        answer = await heard(socket)

    assert answer["payload"]["errors"][0]["extensions"]["code"] == "INVALID"


async def test_an_operation_with_a_bad_token_is_refused_alone(door: Door) -> None:
    async with door.signed_in() as socket:
        payload = {"query": READ, "extensions": {"consistency": "made up"}}
        await say(socket, type="subscribe", id="1", payload=payload)
        answer = await heard(socket)
        await say(socket, type="subscribe", id="1", payload={"query": READ})
        again = await heard(socket)

    assert (answer["type"], answer["payload"][0]["extensions"]["code"]) == ("error", "INVALID")
    assert again["type"] == "next"


@pytest.mark.parametrize("bad", ["made up", 7])
async def test_a_socket_that_begins_with_a_bad_token_is_closed(door: Door, bad: object) -> None:
    async with door.socket() as socket:
        await say(socket, type="connection_init", payload={"consistency": bad})

        assert await closed(socket) == Close.BAD_REQUEST
