"""What a viewer has seen: what they said, read and wrote, what matters most coming first."""

from resolvers.sight import MOST_READ, Sight


def test_of_each_stream_the_greatest_version_is_kept() -> None:
    sight = Sight({"a": 5, "b": 1})
    sight.reads({"a": 3, "b": 2})
    sight.writes({"b": 3})

    assert sight.now == {"a": 5, "b": 3}


def test_what_was_written_comes_first_and_what_was_said_last() -> None:
    sight = Sight({"said": 1})
    sight.reads({"read": 1})
    sight.writes({"written": 1})

    assert list(sight.now) == ["written", "read", "said"]


def test_a_page_of_many_things_leaves_room_for_what_was_said() -> None:
    sight = Sight({"said": 1})
    sight.reads({f"course {n}": 1 for n in range(100)})

    assert len(sight.now) == MOST_READ + 1
    assert list(sight.now)[-1] == "said"


def test_what_is_said_later_is_seen_as_well() -> None:
    sight = Sight({"a": 1})
    sight.hears({"a": 2, "b": 1})

    assert sight.now == {"a": 2, "b": 1}


class Compared(int):
    """A version that counts how often one is held against another."""

    times = 0

    def __lt__(self, other: int) -> bool:
        """As the other's `>`, which the younger type answers."""
        type(self).times += 1
        return super().__lt__(other)


def test_each_thing_of_a_long_page_is_looked_at_once() -> None:
    sight, many = Sight(), 200
    Compared.times = 0

    for number in range(many):
        sight.reads({f"progress:{number}": Compared(1)})

    assert Compared.times <= many
