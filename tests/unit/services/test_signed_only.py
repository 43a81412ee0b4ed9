"""The door of a service: what comes in, in whichever pieces, and what does not."""

from collections.abc import Sequence
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from services.kit.clock import FakeClock
from services.kit.signed_only import MOST_BYTES, SignedOnly
from services.kit.signing import CallKeys, Signer, Verifier
from tests.fakes.tenant import NOW

KEYS = CallKeys(b"k" * 32, {})
LEFT: Message = {"type": "http.disconnect"}


class Service:
    """Notes what it was told."""

    def __init__(self) -> None:
        self.told: list[Message] = []
        self.scopes: list[str] = []
        self.door = SignedOnly(self._app, Verifier(KEYS, FakeClock(NOW)))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope["type"])
        if scope["type"] == "http":
            self.told += [await receive(), await receive()]

    async def hears(self, *messages: Message, **scope: Any) -> int | None:
        """The status that the door itself answered with."""
        waiting, answered = list(messages), []

        async def receive() -> Message:
            return waiting.pop(0)

        async def send(message: Message) -> None:
            answered.append(message.get("status"))

        await self.door({**asked([]), **scope}, receive, send)
        return answered[0] if answered else None


def asked(headers: Sequence[tuple[bytes, bytes]], path: str = "/read") -> dict[str, Any]:
    return {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"a=1",
        "headers": headers,
    }


def signed(body: bytes) -> list[tuple[bytes, bytes]]:
    signer = Signer("gateway", KEYS.of_name("gateway"), FakeClock(NOW))
    header = signer.header("POST", "http://service/read?a=1", {}, body)
    return [(name.encode(), value.encode()) for name, value in header.items()]


def part(body: bytes, *, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


@pytest.fixture
def service() -> Service:
    return Service()


async def test_a_body_in_pieces_is_told_whole_and_then_what_comes_behind_it(
    service: Service,
) -> None:
    pieces = [part(b"[1,", more=True), part(b"2]"), LEFT]

    assert await service.hears(*pieces, headers=[(b"accept", b"*/*"), *signed(b"[1,2]")]) is None
    assert service.told == [part(b"[1,2]"), LEFT]


async def test_a_signature_said_twice_is_none(service: Service) -> None:
    headers = signed(b"")

    assert await service.hears(part(b""), headers=[*headers, *headers]) == 401


async def test_a_body_longer_than_any_of_ours_is_not_read(service: Service) -> None:
    long = part(b"x" * (MOST_BYTES + 1), more=True)

    assert await service.hears(long, headers=signed(b"")) == 413


async def test_who_leaves_before_the_end_is_not_answered_to(service: Service) -> None:
    assert await service.hears(part(b"[", more=True), LEFT, headers=signed(b"[")) == 401
    assert service.told == []


async def test_health_and_what_is_no_request_pass(service: Service) -> None:
    both = [part(b""), LEFT]

    assert await service.hears(*both, path="/health/live") is None
    assert await service.hears(type="lifespan") is None
    assert service.scopes == ["http", "lifespan"]


async def test_a_path_that_only_looks_like_health_does_not_pass(service: Service) -> None:
    assert await service.hears(part(b""), path="/healthy") == 401
