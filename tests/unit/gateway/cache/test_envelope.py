"""An entry that was damaged, or is another's, is none."""

import pytest

from gateway.cache.envelope import FORMAT, MOST_BYTES, SEAL_BYTES, Entry, _seal_of, seal, unseal

ENTRY = Entry("key", 7, 1_000, 60, 0.1, ["a"], {"guard": ["fact"]}, b"body", 2_000)
START = len(FORMAT) + SEAL_BYTES


def sealed(plain: bytes) -> bytes:
    return FORMAT + _seal_of(plain) + plain


def test_what_was_sealed_is_read() -> None:
    assert unseal(seal(ENTRY), "key") == ENTRY


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        FORMAT,
        b"BNY0" + seal(ENTRY)[4:],
        seal(ENTRY)[:-1],
        seal(ENTRY) + b"x",
        seal(ENTRY)[:START] + b"x" + seal(ENTRY)[START + 1 :],
        sealed(b"\xc1"),
        sealed(bytes(MOST_BYTES)),
    ],
)
def test_whatever_else_it_is_it_is_no_entry(raw: bytes) -> None:
    assert unseal(raw, "key") is None


def test_another_keys_entry_is_none() -> None:
    assert unseal(seal(ENTRY), "another") is None
