"""Counts of a process, and what the windows of a fleet keep of them."""

from flags.health import LONG_S, NOTHING, SHORT_S, Counts, Health, Windows, behind, summed
from flags.names import Side

READ, WRITE = "progress.read", "progress.write"


def test_what_a_process_saw_is_taken_once() -> None:
    health = Health()
    health.call(READ)
    health.call(READ, failed=True, slow=True)
    health.call(READ, slow=True)
    health.mismatch(READ, compared=10, differing=2)
    for side in (Side.LEGACY, Side.SERVICE, Side.SERVICE):
        health.routed(READ, side)
    health.call(WRITE)
    health.misread(WRITE)

    taken = health.take()

    assert taken == {
        READ: Counts(3, 1, 1, compared=10, differing=2, to_legacy=1, to_service=2),
        WRITE: Counts(calls=1, failed=1),
    }
    assert health.take() == {}


def test_ratios_of_nothing_are_nothing() -> None:
    assert (NOTHING.error_ratio, NOTHING.mismatch_ratio, NOTHING.legacy_share) == (0, 0, 0)
    counts = Counts(4, 1, compared=10, differing=1, to_legacy=1, to_service=99)
    assert (counts.error_ratio, counts.mismatch_ratio, counts.legacy_share) == (0.25, 0.1, 0.01)


def test_a_window_ends_where_it_ends() -> None:
    windows = Windows()
    for second in range(100):
        windows.add(second + 0.5, {READ: Counts(calls=1)})

    def calls(back_s: int, since: float = 0.0) -> int:
        return windows.sums(99.9, back_s, {READ: since})[READ].calls

    assert (calls(SHORT_S), calls(LONG_S)) == (SHORT_S, LONG_S)
    assert (calls(LONG_S, since=90.0), calls(LONG_S, since=90.1)) == (10, 9)


def test_counts_of_one_second_are_summed() -> None:
    windows = Windows()
    windows.add(5.1, {READ: Counts(calls=1)})
    windows.add(5.9, {READ: Counts(calls=2, failed=1)})

    assert windows.sums(6.0, SHORT_S, {}) == {READ: Counts(calls=3, failed=1)}
    assert summed([]) == NOTHING


def test_what_came_since_is_told_also_when_the_total_was_lost() -> None:
    before = Counts(calls=100, failed=3, compared=5)

    assert behind(Counts(calls=150, failed=4, compared=5), before) == Counts(50, 1)
    assert behind(Counts(calls=20, failed=2), before) == Counts(20, 2)
