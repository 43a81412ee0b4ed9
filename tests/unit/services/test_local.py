"""A local id has one spelling, as on the old side: no second id names the same thing."""

import pytest

from services.contracts.ids import Kind, Side, encode
from services.kit.caller import Caller
from services.kit.clock import FakeClock
from services.kit.deadline import Deadline
from services.kit.local import local, number
from tests.fakes.tenant import NOW, viewer


@pytest.mark.parametrize("text", ["007", "00", "", "-1", "1.0", "9" * 19, "\u0664"])
def test_another_spelling_names_nothing(text: str) -> None:
    assert number(text) is None


@pytest.mark.parametrize("text", ["0", "7", "9" * 18])
def test_the_one_spelling_is_read(text: str) -> None:
    assert number(text) == int(text)


@pytest.mark.parametrize(("side", "found"), [(None, 3), (Side.LEGACY, 3), (Side.SERVICE, None)])
def test_a_side_is_asked_for_only_where_it_is_given(side: Side | None, found: int | None) -> None:
    caller = Caller(viewer("a"), Deadline.within(FakeClock(NOW), 1.0))
    text = encode(Kind.LIVE_CLASS, "a", 3, Side.LEGACY)

    assert local(caller, Kind.LIVE_CLASS, text, side) == found
