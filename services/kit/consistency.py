"""Consistency tokens: a signed, short map {stream: version}, "I have seen at least this".

What comes first in the map matters most: it is kept where there is not room for all.
"""

import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from itertools import islice
from pathlib import Path

import msgspec

from services.contracts.freshness import ConsistencyToken, Seen, merged
from services.kit.kept import kept

FILE = "keys/consistency"
HEADER = "banyan-consistency"
SIGNATURE_BYTES = 16
MOST_STREAMS = 32
LONGEST = 5_000
"""Of a token's text: so many streams fit, whatever their names."""
MOST_TOKENS = 4


class BadToken(ValueError):
    """The text is not a token that we gave out."""


class Consistency:
    """Gives out tokens and reads those that were made with its key, by whichever process."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    @classmethod
    def of_home(cls, home: Path) -> "Consistency":
        """With the key of a state folder, made by whoever needs it first."""
        return cls(kept(home / FILE, lambda: secrets.token_bytes(32)))

    def token(self, seen: Seen) -> ConsistencyToken:
        """Of the first MOST_STREAMS streams."""
        body = msgspec.json.encode(dict(islice(seen.items(), MOST_STREAMS)))
        return ConsistencyToken(urlsafe_b64encode(self._sign(body) + body).rstrip(b"=").decode())

    def seen(self, token: str) -> dict[str, int]:
        """Raises BadToken."""
        plain = _plain(token)
        signature, body = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise BadToken("not signed by us")
        return msgspec.json.decode(body, type=dict[str, int])

    def seen_of(self, text: str) -> dict[str, int]:
        """Of one token or of several, with commas between; raises BadToken."""
        tokens = [token.strip() for token in text.split(",")]
        if len(tokens) > MOST_TOKENS:
            raise BadToken("too many")
        return merged(*map(self.seen, tokens))

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:SIGNATURE_BYTES]


def _plain(token: str) -> bytes:
    if len(token) > LONGEST:
        raise BadToken("too long")
    try:
        return urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (BadBase64, ValueError) as wrong:
        raise BadToken("not base64") from wrong
