"""The heap of a test, settled as the gateway's is: pytest's own is no part of what is measured."""

import gc
from collections.abc import Iterator

import pytest

from gateway.heap import settle


@pytest.fixture
def settled() -> Iterator[None]:
    before, heap = gc.get_threshold(), settle()
    yield
    gc.callbacks.remove(heap.heed)
    gc.unfreeze()
    gc.set_threshold(*before)
