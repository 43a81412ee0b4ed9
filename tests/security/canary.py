"""Looks for a mark in everything that leaves a system, in each form in which it may leave."""

import json
from base64 import b64encode
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection, connect

from bench.sending import sent
from services.kit.once import flight
from tests.learner import Someone
from tests.stack import Stack
from tests.subscription import PROTOCOL

MARK = "Kanari7Zq"
UNSEEN = {"postgres"}
"""Folders of a state folder that hold what is kept, not what is said of it."""


def forms(mark: str) -> list[bytes]:
    """As it is, in hex of either case, and in base64 wherever it may begin in a longer text."""
    plain = mark.encode()
    hexed = plain.hex().encode()
    return [plain, hexed, hexed.upper(), *(_in_base64(plain, behind) for behind in range(3))]


def _in_base64(plain: bytes, behind: int) -> bytes:
    """The characters that tell of it alone, whatever the bytes before and after it are."""
    text = b64encode(bytes(behind) + plain)
    return text[-(-behind * 8 // 6) : (behind + len(plain)) * 8 // 6]


@dataclass
class Sweep:
    """`marks` by the place where they were found."""

    mark: str = MARK
    places: set[str] = field(default_factory=set)
    bytes_looked: int = 0
    marks: Counter[str] = field(default_factory=Counter)

    def look(self, place: str, said: Iterable[bytes]) -> None:
        for piece in said:
            self.places.add(place)
            self.bytes_looked += len(piece)
            if found := sum(piece.count(form) for form in forms(self.mark)):
                self.marks[place] += found


@dataclass
class Heard:
    """All that reached some clients, as it came."""

    bodies: list[bytes] = field(default_factory=list)
    heads: list[bytes] = field(default_factory=list)
    frames: list[bytes] = field(default_factory=list)

    def looked_at(self, sweep: Sweep) -> None:
        sweep.look("bodies", self.bodies)
        sweep.look("headers", self.heads)
        sweep.look("frames", self.frames)


class Overheard(Someone):
    """Somebody of whose answers each byte is kept."""

    def __init__(self, gateway: str, bearer: str) -> None:
        super().__init__(gateway, bearer)
        self.gateway, self.bearer, self.heard = gateway, bearer, Heard()

    async def answer(self, query: str, **variables: Any) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        response = await sent(self._http.post(self._url).body_json(body).build())
        told: dict[str, Any] = json.loads(await self._kept(response))
        return told

    async def got(self, query: str) -> int:
        """Asks with the document in the address, as caches like it; gives the status."""
        asked = self._http.get(self._url).query({"query": query})
        response = await sent(asked.header("apollo-require-preflight", "1").build())
        await self._kept(response)
        return int(response.status)

    async def _kept(self, response: Any) -> bytes:
        body = bytes(await response.bytes())
        self.heard.bodies.append(body)
        self.heard.heads.extend(
            f"{name}: {said}".encode() for name, said in response.headers.items()
        )
        return body

    @asynccontextmanager
    async def listening(self, documents: Iterable[str]) -> AsyncIterator[None]:
        """Subscribes to each on one socket, until the block ends."""
        url = self.gateway.replace("http", "ws", 1) + "/graphql"
        async with connect(url, subprotocols=[PROTOCOL]) as socket:
            who = {"authorization": f"Bearer {self.bearer}"}
            await socket.send(json.dumps({"type": "connection_init", "payload": who}))
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
            hearing = flight(self._hear(socket), "hearing")
            for number, document in enumerate(documents):
                asked = {"id": str(number), "type": "subscribe", "payload": {"query": document}}
                await socket.send(json.dumps(asked))
            yield
        await hearing

    async def _hear(self, socket: ClientConnection) -> None:
        async for frame in socket:
            self.heard.frames.append(frame.encode() if isinstance(frame, str) else frame)


def written(home: Path) -> Iterator[tuple[str, bytes]]:
    """Each file of a state folder but for its stores."""
    for path in sorted(home.rglob("*")):
        place = path.relative_to(home)
        if path.is_file() and place.parts[0] not in UNSEEN:
            yield str(place), path.read_bytes()


async def left_behind(stack: Stack, spans: Mapping[str, Iterable[Any]], sweep: Sweep) -> None:
    """Output, logs and other files, the names of what the cache holds, and spans by service."""
    sweep.look("output", [stack.output.read_bytes()])
    for place, said in written(stack.home):
        sweep.look(place, [said])
    async with Redis.from_url(stack.redis) as redis:
        sweep.look("cache keys", [key async for key in redis.scan_iter(count=1000)])
    for service, made in spans.items():
        sweep.look(f"spans of {service}", [span.SerializeToString() for span in made])
