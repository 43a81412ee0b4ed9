"""What waits for room is bounded and in order."""

from gateway.transport.outgoing import MOST, MOST_BYTES, Outgoing


def test_it_is_taken_in_the_order_in_which_it_came() -> None:
    waiting = Outgoing()
    for text in (b"1", b"2", b"3"):
        assert waiting.put(text)

    assert list(waiting.take()) == [b"1", b"2", b"3"]
    assert not waiting


def test_there_is_room_for_so_many() -> None:
    waiting = Outgoing()
    assert all(waiting.put(b"x") for _ in range(MOST))

    assert not waiting.put(b"x")
    assert len(list(waiting.take())) == MOST
    assert waiting.put(b"x")


def test_there_is_room_for_so_many_bytes_and_always_for_one() -> None:
    waiting = Outgoing()

    assert waiting.put(b"x" * 2 * MOST_BYTES)
    assert not waiting.put(b"x")
    assert list(waiting.take()) == [b"x" * 2 * MOST_BYTES]
    assert waiting.put(b"x")
