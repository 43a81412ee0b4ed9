"""The messages of graphql-transport-ws, as clients send them and as we do."""

from enum import IntEnum
from typing import Any, TypeAlias

import msgspec

from gateway.operation.ask import Ask

PROTOCOL = "graphql-transport-ws"
MOST_BYTES = 100_000


class Close(IntEnum):
    """Why a socket is closed, by the protocol's codes."""

    TOO_BIG = 1009
    RESTART = 1012
    TRY_LATER = 1013
    BAD_REQUEST = 4400
    UNAUTHORIZED = 4401
    FORBIDDEN = 4403
    NO_SUBPROTOCOL = 4406
    INIT_TIMEOUT = 4408
    DUPLICATE = 4409
    TOO_MANY_INITS = 4429
    NO_PONG = 4499


class Closed(Exception):
    """The socket is to be closed, with this code and reason."""

    def __init__(self, code: Close, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


class Restarting(Closed):
    """This process ends: the client opens another socket, and resumes with `after`."""

    def __init__(self, wait_ms: int) -> None:
        super().__init__(Close.RESTART, f'{{"resume":"after","waitMs":{wait_ms}}}')


class ConnectionInit(msgspec.Struct, frozen=True, tag="connection_init"):
    payload: dict[str, Any] | None = None


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    payload: dict[str, Any] | None = None


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    payload: dict[str, Any] | None = None


class Subscribe(msgspec.Struct, frozen=True, tag="subscribe"):
    id: str
    payload: Ask

    @property
    def ask(self) -> Ask:
        """The protocol wants `query` to be a text: an empty one leaves the document to its name."""
        asked = self.payload
        is_named = asked.document_id is not None or asked.persisted is not None
        return msgspec.structs.replace(asked, query=None) if is_named and not asked.query else asked


class Complete(msgspec.Struct, frozen=True, tag="complete"):
    id: str


FromClient: TypeAlias = ConnectionInit | Ping | Pong | Subscribe | Complete


_DECODER: msgspec.json.Decoder[FromClient] = msgspec.json.Decoder(FromClient)


def read(text: str | bytes) -> FromClient:
    """Raises ValueError for what is no message of the protocol."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, RecursionError) as wrong:
        raise ValueError("not a message of the protocol") from wrong
