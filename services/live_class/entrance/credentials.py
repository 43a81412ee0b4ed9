"""Credentials for a relay that end by themselves: what coturn checks with `use-auth-secret`.

draft-uberti-behave-turn-rest-00: the username is `<unix time of its end>:<who>`, the password
base64(HMAC-SHA1(shared secret, username)).
"""

import hmac
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime

from services.contracts.classroom import IceServer


@dataclass(frozen=True, slots=True)
class Credentials:
    """Good for `ttl_s`. A secret that is shared by all relays of the platform."""

    secret: str = field(repr=False)
    ttl_s: int = 3_600

    def ice_server(self, urls: list[str], tenant: str, user: int, now: datetime) -> IceServer:
        """For one person at the relays of these addresses."""
        ends = int(now.timestamp()) + self.ttl_s
        username = f"{ends}:{tenant}.{user}"
        return IceServer(
            urls, username, self._password(username), datetime.fromtimestamp(ends, UTC)
        )

    def _password(self, username: str) -> str:
        return b64encode(hmac.digest(self.secret.encode(), username.encode(), "sha1")).decode()
