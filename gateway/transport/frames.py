"""Messages of a socket that are made once for all who get the same."""

import msgspec


def next_of(payload: bytes, id_: str) -> bytes:
    return b'{"type":"next","id":%b,"payload":%b}' % (msgspec.json.encode(id_), payload)


def complete(id_: str) -> bytes:
    return msgspec.json.encode({"type": "complete", "id": id_})
