"""Messages of a socket that are made once for all who get the same."""

from dataclasses import dataclass

import msgspec
from websockets.frames import Frame, Opcode


@dataclass(frozen=True, slots=True)
class Ready:
    """A message's text, and the whole frame that it goes in."""

    text: bytes
    frame: bytes


def next_of(payload: bytes, id_: str) -> Ready:
    return _ready(b'{"type":"next","id":%b,"payload":%b}' % (msgspec.json.encode(id_), payload))


def complete(id_: str) -> Ready:
    return _ready(msgspec.json.encode({"type": "complete", "id": id_}))


def _ready(text: bytes) -> Ready:
    return Ready(text, Frame(Opcode.TEXT, text).serialize(mask=False))
