"""Headers are looked up as Starlette finds them."""

import pytest
from starlette.datastructures import Headers

from gateway.transport.head import Head

RAW = [
    (b"accept", b"a"),
    (b"accept-language", b"es"),
    (b"accept-language", b"pt"),
    (b"x-name", "é".encode("latin-1")),
]
SCOPE = {"type": "http", "headers": RAW}


@pytest.mark.parametrize("name", ["accept", "Accept", "accept-language", "x-name", "x-missing"])
def test_each_is_found_as_starlette_finds_it(name: str) -> None:
    ours, theirs = Head(SCOPE), Headers(scope=SCOPE)

    assert ours.get(name) == theirs.get(name)
    assert ours.getlist(name) == theirs.getlist(name)
    assert (name in ours) == (name in theirs)
    assert (ours.get(name, "none"), len(ours), list(ours)) == (
        theirs.get(name, "none"),
        len(theirs),
        list(theirs),
    )


def test_a_missing_one_is_a_key_error() -> None:
    with pytest.raises(KeyError, match="x-missing"):
        Head(SCOPE)["x-missing"]
