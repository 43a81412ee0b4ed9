"""One WebRTC peer in a process of its own: it finds the other by the signals of a class.

Its first line of input says who it is (Peer as JSON), a line more lets it go on where it is told
to wait; what it does it tells in lines of JSON. It goes from gateway to gateway as they die, and
goes on with `after`.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCIceServer,
    RTCIceTransportPolicy,
    RTCPeerConnection,
    RTCSessionDescription,
)
from websockets.exceptions import WebSocketException

from tests.integration.classroom.client import Client, client
from tests.integration.classroom.lecture import JOIN, SEND, SIGNALS

MESSAGES = 50
AGAIN_S = 0.1
PATIENCE_S = 60.0
GONE = (OSError, WebSocketException)


class Peer(msgspec.Struct, frozen=True):
    """`to` is the participant that it calls; None: it waits to be called."""

    gateways: list[str]
    bearer: str
    live_class: str
    to: str | None = None
    relayed: bool = False
    waits: bool = False


def tell(**said: Any) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


class Signalling:
    """Sends and hears by whichever gateway lives; what is done twice has one effect."""

    def __init__(self, own: Peer) -> None:
        self._own = own
        self._at = 0
        self._cursor: str | None = None
        self._sent = 0

    async def ask(self, query: str, **variables: Any) -> Any:
        while True:
            try:
                async with client(self._gateway, self._own.bearer) as here:
                    return await here.ask(query, id=self._own.live_class, **variables)
            except GONE as gone:
                await self._go_on(gone)

    async def send(self, to: str, kind: str, payload: str) -> None:
        self._sent += 1
        said = {"to": to, "kind": kind, "payload": payload, "key": f"{kind} {self._sent}"}
        while (done := await self.ask(SEND, **said))["__typename"] != "SignalSent":
            # Whom it is for has not come yet.
            assert done["code"] in ("NOT_FOUND", "INVALID"), done
            await asyncio.sleep(AGAIN_S)

    async def heard(self) -> AsyncIterator[dict[str, Any]]:
        while True:
            try:
                async with client(self._gateway, self._own.bearer) as here:
                    async for event in self._events(here):
                        yield event
            except GONE as gone:
                await self._go_on(gone)

    async def _events(self, here: Client) -> AsyncIterator[dict[str, Any]]:
        after = {"after": self._cursor} if self._cursor else {}
        heard = await here.listen("signals", SIGNALS, id=self._own.live_class, **after)
        while (event := await heard.next()) is not None:
            self._cursor = event["cursor"]
            yield event

    @property
    def _gateway(self) -> str:
        return self._own.gateways[self._at % len(self._own.gateways)]

    async def _go_on(self, gone: BaseException) -> None:
        self._at += 1
        tell(gone=type(gone).__name__, after=self._cursor)
        await asyncio.sleep(AGAIN_S)


def connection_of(ticket: dict[str, Any], own: Peer) -> RTCPeerConnection:
    servers = [
        RTCIceServer(one["urls"], one["username"], one["credential"])
        for one in ticket["iceServers"]
    ]
    policy = RTCIceTransportPolicy.RELAY if own.relayed else RTCIceTransportPolicy.ALL
    return RTCPeerConnection(RTCConfiguration(servers, policy))


def pair_of(connection: RTCPeerConnection) -> list[str]:
    """The kinds of the two candidates that the data go by."""
    assert connection.sctp is not None
    ice = connection.sctp.transport.transport
    pair = ice._connection._nominated[1]
    return [pair.local_candidate.type, pair.remote_candidate.type]


async def call(own: Peer, to: str, signals: Signalling, connection: RTCPeerConnection) -> None:
    channel, done = connection.createDataChannel("words"), asyncio.Event()
    echoed: list[str] = []

    @channel.on("open")
    def opened() -> None:
        for nth in range(MESSAGES):
            channel.send(f"word {nth}")

    @channel.on("message")
    def echo(message: str) -> None:
        echoed.append(message)
        if len(echoed) == MESSAGES:
            done.set()

    await connection.setLocalDescription(await connection.createOffer())
    await signals.send(to, "OFFER", connection.localDescription.sdp)
    tell(offered=True)
    async for signal in signals.heard():
        if signal.get("kind") == "ANSWER":
            answer = RTCSessionDescription(signal["payload"], "answer")
            await connection.setRemoteDescription(answer)
            break
    await done.wait()
    tell(echoed=echoed, pair=pair_of(connection))
    await signals.send(to, "BYE", "bye")


async def answer(own: Peer, signals: Signalling, connection: RTCPeerConnection) -> None:
    @connection.on("datachannel")
    def opened(channel: RTCDataChannel) -> None:
        channel.on("message", channel.send)
        tell(pair=pair_of(connection))

    async for signal in signals.heard():
        match signal.get("kind"):
            case "OFFER":
                tell(offer=signal["from"]["name"])
                if own.waits:
                    await asyncio.to_thread(sys.stdin.readline)
                offer = RTCSessionDescription(signal["payload"], "offer")
                await connection.setRemoteDescription(offer)
                await connection.setLocalDescription(await connection.createAnswer())
                sdp = connection.localDescription.sdp
                await signals.send(signal["from"]["id"], "ANSWER", sdp)
            case "BYE":
                return


async def main() -> None:
    own = msgspec.json.decode(sys.stdin.readline(), type=Peer)
    signals = Signalling(own)
    ticket = await signals.ask(JOIN, key="join", region="eu-west")
    assert ticket["__typename"] == "JoinTicket", ticket
    tell(joined=ticket["participant"]["id"])
    connection = connection_of(ticket, own)
    async with asyncio.timeout(PATIENCE_S):
        if own.to is None:
            await answer(own, signals, connection)
        else:
            await call(own, own.to, signals, connection)
    await connection.close()


if __name__ == "__main__":
    asyncio.run(main())
