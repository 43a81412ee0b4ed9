"""What waits for room is bounded, in order, and of each state the newest."""

from gateway.transport.outgoing import MOST, MOST_BYTES, Outgoing


def test_it_is_taken_in_the_order_in_which_it_came() -> None:
    waiting = Outgoing()
    for text in (b"1", b"2", b"3"):
        assert waiting.put(text)

    assert list(waiting.take()) == [b"1", b"2", b"3"]
    assert not waiting


def test_the_newest_of_a_state_takes_the_place_of_an_older_one() -> None:
    waiting = Outgoing()
    for text, of in ((b"old", "a"), (b"other", "b"), (b"control", None), (b"new", "a")):
        assert waiting.put(text, of)

    assert list(waiting.take()) == [b"new", b"other", b"control"]


def test_there_is_room_for_so_many_and_for_the_newest_of_those() -> None:
    waiting = Outgoing()
    assert all(waiting.put(b"x", str(nth)) for nth in range(MOST))

    assert not waiting.put(b"x")
    assert waiting.put(b"y", "0")
    assert len(list(waiting.take())) == MOST


def test_there_is_room_for_so_many_bytes_and_always_for_one() -> None:
    waiting = Outgoing()

    assert waiting.put(b"x" * 2 * MOST_BYTES)
    assert not waiting.put(b"x")
    assert list(waiting.take()) == [b"x" * 2 * MOST_BYTES]
    assert waiting.put(b"x")
