"""Bodies that are no GraphQL request in JSON, or hardly: known kinds, and others made at random."""

import json
import random
from collections.abc import Iterator

QUERY = '{"query": "query Q($v: Boolean!) { __typename @include(if: $v) }", '


def with_variables(text: str) -> bytes:
    return (QUERY + '"operationName": "Q", "variables": {"v": ' + text + "}}").encode()


SOUND = with_variables('true, "w": ["a", {"b": null}]')
KINDS = {
    "deep": with_variables("[" * 40_000 + "]" * 40_000),
    "deeper than is read": b"[" * 99_000,
    "10k digits": with_variables("9" * 10_000),
    "NaN": with_variables("NaN"),
    "infinite": with_variables("1e999"),
    "null": b"null",
    "array": b"[%b]" % SOUND,
    "text": b'"query"',
    "lone surrogate": with_variables('"\\ud800"'),
    "key twice": b'{"query": "{ __typename }", "query": "{ viewer { id } }"}',
    "key twice, inside": with_variables('{"a": 1, "\\u0061": 2}'),
    "not UTF-8": SOUND.replace(b"Q", b"\xff", 1),
    "UTF-16": SOUND.decode().encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + SOUND,
    "two values": SOUND + SOUND,
    "nothing": b"",
}
SPLINTERS = [
    *(b'{ } [ ] , : " \\ null true 1e999 NaN -0 \x00 \xff \\u0000 \\ud800'.split()),
    b'"query"',
    b'"variables"',
    b'"extensions": {"persistedQuery": 1}',
    b'"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "x"}}',
    b'"documentId": "sha256:x"',
    b"9" * 400,
    b"[" * 64,
    "\u202e𝄞".encode(),
]


def at_random(many: int, dice: random.Random) -> Iterator[bytes]:
    for _ in range(many):
        yield dice.choice([spoilt, spoilt, spoilt, made, noise])(dice)


def spoilt(dice: random.Random) -> bytes:
    """A sound body with some of it cut, changed, repeated or put in."""
    body = bytearray(SOUND)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(body) + 1)
        to = at + dice.choice([0, 0, 1, 5, 50])
        body[at:to] = dice.choice([b"", bytes(body[at:to]) * 2, dice.choice(SPLINTERS)])
    return bytes(body)


def made(dice: random.Random) -> bytes:
    """Members of any type, by the names that count."""
    names = ["query", "variables", "operationName", "extensions", "documentId", "other"]
    return json.dumps({name: value(dice) for name in dice.sample(names, 4)}).encode()


def value(dice: random.Random, deep: int = 3) -> object:
    plain = ["{ __typename }", "", "\ud800", "{", None, True, 0, -1.5, 2**70, 1e300, "sha256:"]
    kind = dice.randint(0, 9 if deep else 7)
    if kind == 8:
        return [value(dice, deep - 1) for _ in range(dice.randint(0, 3))]
    if kind == 9:
        keys = ["version", "sha256Hash", "persistedQuery", "v", ""]
        return {key: value(dice, deep - 1) for key in dice.sample(keys, 3)}
    return dice.choice(plain)


def noise(dice: random.Random) -> bytes:
    return dice.randbytes(dice.randint(0, 200))
