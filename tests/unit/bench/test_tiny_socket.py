"""The benches' own end of a WebSocket speaks as the library's server understands it."""

import pytest
from websockets.frames import Frame, Opcode
from websockets.server import ServerProtocol

from bench.tiny_socket import PONG, TEXT, framed, split


def served(kind: Opcode, body: bytes) -> bytes:
    """As a server sends it."""
    return Frame(kind, body).serialize(mask=False)


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_frame_of_any_length_is_read_by_the_librarys_server(length: int) -> None:
    server = ServerProtocol(max_size=None)
    server.state = server.state.OPEN
    server.parser = server.parse()
    next(server.parser)

    server.receive_data(framed(TEXT, b"a" * length))

    assert server.events_received() == [Frame(Opcode.TEXT, b"a" * length)]


@pytest.mark.parametrize("length", [0, 125, 126, 65_535, 65_536])
def test_a_servers_frame_of_any_length_is_split_off(length: int) -> None:
    data = served(Opcode.TEXT, b"a" * length) + served(Opcode.PING, b"b")

    assert split(data) == ([(TEXT, b"a" * length), (9, b"b")], b"")


def test_what_comes_byte_by_byte_is_the_same() -> None:
    data = served(Opcode.TEXT, b"a" * 300) + served(Opcode.PONG, b"")
    found, rest = [], b""

    for byte in data:
        frames, rest = split(rest + bytes([byte]))
        found += frames

    assert found == [(TEXT, b"a" * 300), (PONG, b"")]
    assert rest == b""
