"""Entries of a process are bounded, and whoever has most gives up first."""

from gateway.cache.envelope import Entry
from gateway.cache.near import OVERHEAD_BYTES, Held, Near

SIZE = OVERHEAD_BYTES + 20


def held(key: str, size: int = 10) -> Held:
    return Held(Entry(key, 1, 0, 60, 0, [], {}, bytes(size)), key, 0, 60)


def test_of_a_tenant_the_one_used_last_stays() -> None:
    near = Near(10 * SIZE)
    for nth in range(10):
        near.put("a", held(f"{nth}"))
    assert near.get("a", "0")

    near.put("a", held("one more"))

    assert near.get("a", "1") is None
    assert near.get("a", "0")
    assert near.bytes == 10 * SIZE


def test_who_has_most_gives_up_first() -> None:
    near = Near(10 * SIZE)
    near.put("b", held("0"))
    for nth in range(20):
        near.put("a", held(f"{nth}"))

    assert near.get("b", "0")


def test_what_would_take_an_eighth_of_all_is_not_kept() -> None:
    near = Near(10 * SIZE)
    near.put("a", held("0"))

    near.put("a", held("0", SIZE))

    assert near.get("a", "0") is None
    assert near.bytes == 0


def test_what_is_dropped_is_gone() -> None:
    near = Near()
    near.put("a", held("0"))
    near.put("a", held("1"))
    near.drop("a", "0")
    near.drop("b", "0")
    assert near.bytes == SIZE

    near.clear()

    assert near.get("a", "1") is None
    assert near.bytes == 0
