"""What the last ticks come to: whoever applies it has what was told, from wherever they resume."""

from hypothesis import given
from hypothesis import strategies as st

from services.live_class.room.cursor import Cursor
from services.live_class.room.ring import KEPT, SAMPLE, Tick, passed, turned

PEOPLE = st.integers(1, 12)


def ticked(rooms: list[set[int]]) -> list[Tick]:
    """The ring after the room was each of these, in turn."""
    ring: list[Tick] = []
    before: set[int] = set()
    for number, now in enumerate(rooms, start=1):
        ring = turned(ring, number, list(now - before), list(before - now))
        before = now
    return ring


@given(st.lists(st.sets(PEOPLE), min_size=1, max_size=KEPT), st.data())
def test_a_copy_from_any_tick_becomes_the_room(rooms: list[set[int]], data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, len(rooms)))
    copy = set(rooms[seen - 1]) if seen else set()

    found = passed(ticked(rooms), seen, len(rooms))

    assert found.missed == 0
    assert (copy | set(found.joined)) - set(found.left) == rooms[-1]
    assert not set(found.joined) & set(found.left)


@given(st.integers(1, 3 * KEPT), st.data())
def test_what_is_not_known_any_more_is_counted(ticks: int, data: st.DataObject) -> None:
    seen = data.draw(st.integers(0, ticks))
    ring = ticked([{number % 7} for number in range(ticks)])

    found = passed(ring, seen, ticks)

    assert len(ring) == min(ticks, KEPT)
    assert found.missed == max(0, ticks - KEPT - seen)


def test_of_a_crowd_some_are_named() -> None:
    ring = ticked([set(range(1_000)), set()])

    found = passed(ring, 0, 2)

    assert (len(found.joined), len(found.left)) == (0, SAMPLE)


@given(st.integers(0, 9**9), st.integers(0, 9**9))
def test_a_cursor_is_read_as_it_was_written(version: int, ticks: int) -> None:
    cursor = Cursor("0a1b2c3d", version, ticks)

    assert Cursor.read(str(cursor)) == cursor
    assert Cursor.read(f"{cursor}x") is None


def test_a_cursor_from_elsewhere_or_from_the_future_is_not_known() -> None:
    newest = Cursor("a", 5, 3)

    assert newest.is_known_at(newest)
    assert Cursor("a", 4, 3).is_known_at(newest)
    unknown = [Cursor("b", 5, 3), Cursor("a", 6, 3), Cursor("a", 5, 4)]
    assert not any(one.is_known_at(newest) for one in unknown)
