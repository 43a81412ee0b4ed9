"""Documents are named by their hash on a socket too."""

from gateway.operation.ask import digest
from tests.unit.gateway.test_texts import named
from tests.unit.gateway.test_websocket import Door, door, heard, say

__all__ = ["door"]

TEXT = "{ viewer { name } }"


async def test_a_hash_is_enough_once_the_text_was_sent(door: Door) -> None:
    by_hash = {"extensions": named(digest(TEXT))}

    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload=by_hash)
        unknown = await heard(socket)
        await say(socket, type="subscribe", id="2", payload={"query": TEXT, **by_hash})
        registered, _ = await heard(socket), await heard(socket)
        await say(socket, type="subscribe", id="3", payload=by_hash)
        known = await heard(socket)

    assert unknown["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
    assert known["payload"] == registered["payload"]
    assert known["payload"]["data"]["viewer"]["name"]


async def test_what_is_too_large_is_refused_and_the_socket_lives(door: Door) -> None:
    bomb = "{ viewer { " + " ".join(f"a{i}: id" for i in range(100)) + " } }"

    async with door.signed_in() as socket:
        await say(socket, type="subscribe", id="1", payload={"query": bomb})
        refused = await heard(socket)
        await say(socket, type="subscribe", id="2", payload={"query": TEXT})
        answered = await heard(socket)

    assert refused["payload"][0]["extensions"]["code"] == "MAX_ALIASES"
    assert answered["type"] == "next"
