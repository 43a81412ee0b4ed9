"""Where a page of the snapshot begins."""

import pytest

from legacy.feeder.snapshot import Key
from services.contracts.snapshot import Kind


def test_nothing_is_before_the_first() -> None:
    assert Key.behind(Kind.ATTEMPTS, "") == Key("", (0, 0))


def test_the_last_stream_of_a_page_is_where_the_next_begins() -> None:
    assert Key.behind(Kind.ATTEMPTS, "attempts/acme/7/4") == Key("acme", (7, 4))


@pytest.mark.parametrize(
    "stream", ["course/acme/7", "attempts/acme/7", "attempts/acme/7/x", "attempts", "/", "7"]
)
def test_what_is_no_stream_of_the_kind_is_refused(stream: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Key.behind(Kind.ATTEMPTS, stream)
