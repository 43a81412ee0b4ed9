"""A full collection that took long is not made of the same objects again, until much later."""

import gc
from collections.abc import Iterator
from weakref import ref

import pytest

from gateway.heap import ALL_EVERY_S, LONG_S, Heap
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW


class Slow(FakeClock):
    """Each look at it is that much later than the one before."""

    def __init__(self, step_s: float) -> None:
        super().__init__(NOW)
        self.step_s = step_s

    def monotonic_s(self) -> float:
        self.advance(self.step_s)
        return super().monotonic_s()


class Knot:
    """Gone only when a collection finds it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
def clock() -> Slow:
    return Slow(2 * LONG_S)


@pytest.fixture
def heap(clock: Slow) -> Iterator[Heap]:
    gc.collect()
    made = Heap(clock)
    gc.callbacks.append(made.heed)
    yield made
    gc.callbacks.remove(made.heed)
    gc.unfreeze()
    gc.collect()


def test_what_a_long_collection_has_found_is_left_out_of_the_next(heap: Heap) -> None:
    knot = Knot()
    gc.collect()

    gone = ref(knot)
    del knot
    gc.collect()

    assert gc.get_freeze_count() > 0
    assert gone() is not None


def test_after_a_while_one_looks_at_everything(heap: Heap, clock: Slow) -> None:
    knot = Knot()
    gc.collect()

    gone = ref(knot)
    del knot
    clock.advance(ALL_EVERY_S)
    gc.collect()

    assert gone() is None


def test_a_short_one_leaves_nothing_out(heap: Heap, clock: Slow) -> None:
    clock.step_s = LONG_S / 2
    before = gc.get_freeze_count()

    gc.collect()

    assert gc.get_freeze_count() == before


def test_collections_of_the_young_are_left_alone(heap: Heap) -> None:
    before = gc.get_freeze_count()

    gc.collect(1)

    assert gc.get_freeze_count() == before
