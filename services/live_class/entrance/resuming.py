"""Resume tokens: what a client shows, when its socket is back, to say in which class it was.

Nothing in the contract takes one yet: a gateway may, with `connection_init`. It has the same key.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as BadBase64
from datetime import datetime

import msgspec

from services.kit.settings import Settings
from services.kit.signing import CallKeys

LASTS_S = 3_600
LONGEST = 1_000
SIGNATURE_BYTES = 16
PURPOSE = b"resume tokens of live classes"


class BadResumeToken(ValueError):
    """The text is not a token that we gave out, or no longer one."""


class Resuming(msgspec.Struct, frozen=True):
    """Who was in which class, with relays of which region; `ends_at` in seconds since 1970."""

    tenant: str
    live_class: str
    user: int
    region: str
    ends_at: int


class ResumeTokens:
    """Gives them out and reads them, whichever process made them."""

    def __init__(self, key: bytes) -> None:
        self._key = hmac.digest(key, PURPOSE, "sha256")

    @classmethod
    def of(cls, settings: Settings) -> "ResumeTokens":
        """With the key of calls between our processes."""
        return cls(CallKeys.of(settings).of_name("live_class"))

    def token(self, tenant: str, live_class: str, user: int, region: str, now: datetime) -> str:
        ends_at = int(now.timestamp()) + LASTS_S
        body = msgspec.json.encode(Resuming(tenant, live_class, user, region, ends_at))
        return urlsafe_b64encode(self._sign(body) + body).rstrip(b"=").decode()

    def read(self, token: str, now: datetime) -> Resuming:
        """Raises BadResumeToken. Whoever shows it must still be who it names."""
        plain = _plain(token)
        signature, body = plain[:SIGNATURE_BYTES], plain[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._sign(body)):
            raise BadResumeToken("not signed by us")
        resuming = msgspec.json.decode(body, type=Resuming)
        if resuming.ends_at <= now.timestamp():
            raise BadResumeToken("too old")
        return resuming

    def _sign(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:SIGNATURE_BYTES]


def _plain(token: str) -> bytes:
    if len(token) > LONGEST:
        raise BadResumeToken("too long")
    try:
        return urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (BadBase64, ValueError) as wrong:
        raise BadResumeToken("not base64") from wrong
