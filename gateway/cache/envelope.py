"""Entries as they stand in Redis: each says what it is, and one that was damaged is none."""

from hashlib import blake2b

import msgspec

FORMAT = b"BNY1"
"""Another release may have another: what it wrote is a miss here."""
SEAL_BYTES = 16
MOST_BYTES = 1_000_000


class Entry(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """What was made for `key`, and of what.

    `as_of`: what of the log of changes was heard when it began to be made; `until_ms`: when it ends
    by itself, 0 where it does not. `facts` has for each guard, by name, what it has to judge.
    """

    key: str
    as_of: int
    made_ms: int
    fresh_s: float
    cost_s: float
    tags: list[str]
    facts: dict[str, list[str]]
    body: bytes
    until_ms: int = 0

    @property
    def fresh_until_ms(self) -> int:
        return self.made_ms + round(self.fresh_s * 1e3)


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Entry)


def seal(entry: Entry) -> bytes:
    plain = _encoder.encode(entry)
    return FORMAT + _seal_of(plain) + plain


def unseal(raw: bytes, key: str) -> Entry | None:
    """None for what is no whole entry of this format, or another key's."""
    start = len(FORMAT) + SEAL_BYTES
    if len(raw) > MOST_BYTES or raw[: len(FORMAT)] != FORMAT:
        return None
    plain = raw[start:]
    if raw[len(FORMAT) : start] != _seal_of(plain):
        return None
    try:
        entry = _decoder.decode(plain)
    except msgspec.MsgspecError:
        return None
    return entry if entry.key == key else None


def _seal_of(plain: bytes) -> bytes:
    return blake2b(plain, digest_size=SEAL_BYTES, person=FORMAT).digest()
