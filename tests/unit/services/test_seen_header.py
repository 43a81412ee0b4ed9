import pytest

from services.contracts.seen_header import SEEN, BadSeen, header_of, seen_of


def test_what_was_seen_crosses_in_a_header() -> None:
    seen = {"progress:completions/demo/1/4": 7, "legacy:completions/demo/1/4": 2}

    assert seen_of(header_of(seen)) == seen


def test_who_has_seen_nothing_sends_no_header() -> None:
    assert header_of({}) == {}
    assert seen_of({}) == {}


@pytest.mark.parametrize("text", ["{", "e30x", "WzFd", "eyJhIjoiYiJ9", "\xff"])
def test_what_the_gateway_does_not_send_is_refused(text: str) -> None:
    with pytest.raises(BadSeen):
        seen_of({SEEN: text})
