"""Whose pages may open sockets: our own host's, and those that are named."""

import pytest
from starlette.datastructures import Headers

from gateway.transport.origin import is_welcome, origins_of

NAMED = origins_of(" https://app.example/, http://localhost:5173 ,,")


def headers(*origins: str) -> Headers:
    said = [(b"origin", origin.encode()) for origin in origins]
    return Headers(raw=[(b"host", b"api.example:8000"), *said])


@pytest.mark.parametrize(
    "origin", ["https://app.example", "http://localhost:5173", "http://api.example:8000"]
)
def test_pages_that_are_named_or_our_own_are_welcome(origin: str) -> None:
    assert is_welcome(headers(origin), NAMED)


def test_who_is_no_browser_is_welcome() -> None:
    assert is_welcome(headers(), NAMED)


@pytest.mark.parametrize(
    "origins",
    [
        ["https://evil.example"],
        ["null"],
        [""],
        ["https://app.example.evil"],
        ["http://api.example"],
        ["http://["],
        ["https://app.example", "https://evil.example"],
    ],
)
def test_others_are_not(origins: list[str]) -> None:
    assert not is_welcome(headers(*origins), NAMED)


def test_none_is_named_by_nothing() -> None:
    assert origins_of("") == frozenset()
