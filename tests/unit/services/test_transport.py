"""What is given up ends at the upstream, and no connection gives one call another's answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from services.contracts.errors import (
    UpstreamCrowded,
    UpstreamMisbehaved,
    UpstreamNotFound,
    UpstreamRefusing,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from services.kit import transport as module
from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply
from services.kit.origin import BadCall, Origin
from services.kit.signing import Signer
from services.kit.transport import HttpTransport
from tests.integration.monolith.waiting import until
from tests.receiver import Receiver, Way

BUDGET_S = 5.0
Scripted = Callable[[bytes], Awaitable[str]]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    yield made
    await made.stop()


@pytest.fixture
async def transport() -> AsyncIterator[HttpTransport]:
    made = HttpTransport(connections=2, most_bytes=1_000)
    yield made
    await made.close()


@pytest.fixture
async def scripted() -> AsyncIterator[Scripted]:
    """A server that answers each connection's first request with the bytes given."""
    servers: list[asyncio.Server] = []

    async def start(said: bytes) -> str:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(said)
            writer.write_eof()
            await reader.read()
            writer.close()

        servers.append(await asyncio.start_server(serve, "127.0.0.1", 0))
        return f"http://127.0.0.1:{servers[-1].sockets[0].getsockname()[1]}"

    yield start
    for server in servers:
        server.close()


async def ask(transport: HttpTransport, url: str, seconds: float = BUDGET_S) -> Reply:
    deadline = Deadline.within(SystemClock(), seconds)
    return await transport.send(Call("legacy", "GET", f"{url}/x"), deadline)


async def test_calls_one_after_another_use_one_connection(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url = await receiver.start()

    for _ in range(5):
        await ask(transport, url)

    assert (len(receiver.heard), receiver.connections) == (5, 1)


async def test_a_call_that_was_given_up_ends_at_the_upstream(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url, receiver.way = await receiver.start(), Way.HANG
    asking = asyncio.ensure_future(ask(transport, url))
    await until(lambda: heard(receiver))

    asking.cancel()
    await asyncio.wait([asking])

    await until(lambda: ended(receiver))
    assert receiver.heard[0].is_given_up


async def test_a_deadline_ends_it_at_the_upstream_too(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url, receiver.way = await receiver.start(), Way.HANG

    with pytest.raises(UpstreamTimeout):
        await ask(transport, url, 0.05)

    await until(lambda: ended(receiver))
    assert receiver.heard[0].is_given_up


async def test_nothing_is_begun_after_the_deadline(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url = await receiver.start()

    with pytest.raises(UpstreamTimeout):
        await ask(transport, url, 0.0)

    assert receiver.connections == 0


async def test_who_waits_for_a_connection_in_vain_is_told_so(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url, receiver.way = await receiver.start(), Way.HANG
    holding = [asyncio.ensure_future(ask(transport, url, 1.0)) for _ in range(2)]
    await until(lambda: heard(receiver, 2))

    with pytest.raises(UpstreamCrowded):
        await ask(transport, url, 0.05)

    await asyncio.wait(holding)
    assert len(receiver.heard) == 2


@pytest.mark.parametrize(
    ("said", "body"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi", b"hi"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", b"hi"),
        (
            b"HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
            b"hi",
        ),
        (b"HTTP/1.1 200 OK\r\n\r\nuntil the end", b"until the end"),
        (b"HTTP/1.0 200 OK\r\ncontent-length: 0\r\n\r\n", b""),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
async def test_a_body_ends_where_its_head_says(
    transport: HttpTransport, scripted: Scripted, said: bytes, body: bytes
) -> None:
    reply = await ask(transport, await scripted(said))

    assert reply.status in (200, 204)
    assert reply.body == body
    assert "link" not in reply.headers


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf", UpstreamUnreachable),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhalf", UpstreamUnreachable),
        (b"HTTP/1.1 200 OK\r\ncontent-le", UpstreamUnreachable),
        (b"SSH-2.0-OpenSSH\r\n", UpstreamUnreachable),
        (b"", UpstreamUnreachable),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 1_001, UpstreamMisbehaved),
        (b"HTTP/1.1 200 OK\r\nx: " + b"x" * 70_000 + b"\r\n\r\n", UpstreamMisbehaved),
    ],
)
async def test_what_is_no_whole_answer_is_an_error(
    transport: HttpTransport, scripted: Scripted, said: bytes, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await ask(transport, await scripted(said))


async def test_what_nobody_asked_for_is_no_call_s_answer(
    transport: HttpTransport, scripted: Scripted
) -> None:
    one = b"HTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 2\r\n\r\nhi"
    url = await scripted(one + one.replace(b"x: 1", b"y: 1").replace(b"hi", b"ho"))

    first, second = [await ask(transport, url) for _ in range(2)]

    assert (first.body, second.body) == (b"hi", b"hi")
    assert "y" not in first.headers


async def test_a_connection_that_was_closed_meanwhile_is_not_used(
    transport: HttpTransport, receiver: Receiver
) -> None:
    url = await receiver.start()
    await asyncio.gather(ask(transport, url), ask(transport, url))
    for task in receiver._open:
        task.cancel()
    await asyncio.sleep(0.05)

    await ask(transport, url)

    assert receiver.connections == 3


async def test_one_that_idled_for_long_is_not_either(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE_S", -1.0)
    transport, url = HttpTransport(2), await receiver.start()

    for _ in range(3):
        await ask(transport, url)

    await transport.close()
    assert receiver.connections == 3


@pytest.mark.parametrize(
    ("url", "error"),
    [("http://127.0.0.1:1", UpstreamRefusing), ("http://nowhere.invalid", UpstreamNotFound)],
)
async def test_who_is_not_there_is_told_by_name(
    transport: HttpTransport, url: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await ask(transport, url)


async def test_a_call_that_would_be_two_is_not_sent(
    transport: HttpTransport, receiver: Receiver
) -> None:
    call = Call("legacy", "GET", f"{await receiver.start()}/x", {"x": "y\r\nz: 1"})

    with pytest.raises(UpstreamUnreachable):
        await transport.send(call, Deadline.within(SystemClock(), BUDGET_S))

    assert receiver.heard == []


async def test_a_call_is_signed_where_there_is_a_signer(receiver: Receiver) -> None:
    transport = HttpTransport(1, signer=Signer("gateway", b"key", SystemClock()))

    reply = await ask(transport, await receiver.start())

    await transport.close()
    assert reply.status == 200


def test_a_value_cannot_end_its_line() -> None:
    origin = Origin.of("http://one.example:8000")
    for value in ("a\r\nb: c", "a\nb", "a\rb", "a\0b"):
        with pytest.raises(BadCall):
            origin.request("GET", "/", {"x": value}, b"")
    for target in ("/ HTTP/1.1\r\nx: y\r\n\r\n", "/a b"):
        with pytest.raises(BadCall):
            origin.request("GET", target, {}, b"")


def test_an_account_in_the_address_signs_in() -> None:
    origin = Origin.of("http://bff:hid%20den@one.example")

    head = origin.request("POST", "/login", {}, b"ab").decode()

    assert "host: one.example\r\n" in head
    assert "authorization: Basic YmZmOmhpZCBkZW4=\r\n" in head
    assert head.endswith("content-length: 2\r\n\r\nab")


async def heard(receiver: Receiver, many: int = 1) -> bool:
    return len(receiver.heard) >= many


async def ended(receiver: Receiver) -> bool:
    return all(one.ended_s is not None for one in receiver.heard)
