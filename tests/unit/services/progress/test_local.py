"""A local id has one spelling, as on the old side: no second id names the same thing."""

import pytest

from services.live_class import client
from services.progress.client.local import number


@pytest.mark.parametrize("text", ["007", "00", "", "-1", "1.0", "9" * 19, "\u0664"])
def test_another_spelling_names_nothing(text: str) -> None:
    assert number(text) is None
    assert client.NUMBER.fullmatch(text) is None


@pytest.mark.parametrize("text", ["0", "7", "9" * 18])
def test_the_one_spelling_is_read(text: str) -> None:
    assert number(text) == int(text)
    assert client.NUMBER.fullmatch(text)
