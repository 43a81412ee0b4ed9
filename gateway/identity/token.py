"""Reads bearer tokens: a signed JWT of the one issuer in, an Identity out."""

import math
from collections.abc import Mapping
from typing import Any, Protocol

import jwt
from jwt.types import Options

from gateway.identity.identity import Identity
from gateway.identity.keys import Keys
from gateway.identity.locality import locale_in, zone_in
from gateway.identity.remembered import Remembered
from services.contracts.ids import BadId, Kind, TenantId, UserId, decode, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import Clock, SystemClock

LONGEST = 8_000
LEEWAY_S = 5.0
"""So far may the issuer's clock be ahead of ours; nothing is valid longer for it."""
LONGEST_LIFE_S = 30 * 86_400.0
"""Since it was issued, whatever it says: as long is known who signed out everywhere."""
NEEDED = ["iss", "aud", "sub", "iat", "exp", "tenant", "roles"]
OPTIONS: Options = {
    "require": NEEDED,
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}
"""Times are judged here, by our clock."""
FOREIGN = frozenset({"crit", "jwk", "jku", "x5c", "x5u"})
"""What a token's header may not say: where its key is, or what we must understand of it."""
CLOCK: Clock = SystemClock()


class BadToken(Exception):
    """The token is not one of ours, or no longer; says nothing more to clients."""


class SignedOut(Protocol):
    news: int
    """How often anybody has signed out."""

    def has(self, identity: Identity) -> bool:
        """Whether whoever it is of has signed out since it was issued."""


class Nobody:
    """Nobody has signed out."""

    news = 0

    def has(self, identity: Identity) -> bool:
        return False


class Tokens:
    """Verifies against the issuer's public keys, and knows what it has verified."""

    def __init__(
        self,
        keys: Keys,
        issuer: str,
        audience: str,
        clock: Clock = CLOCK,
        signed_out: SignedOut | None = None,
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._audience = audience
        self._clock = clock
        self._signed_out = signed_out or Nobody()
        self._remembered = Remembered()

    @property
    def marks(self) -> tuple[int, int]:
        """Others whenever a token may have become invalid before its time."""
        return self._keys.generation, self._signed_out.news

    def bearer(self, authorization: str | None) -> Identity | None:
        """Whom an Authorization header is of; nobody without one. Raises BadToken."""
        if not authorization:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise BadToken("not a bearer token")
        return self.identity(token)

    def identity(self, token: str) -> Identity:
        """Raises BadToken."""
        if len(token) > LONGEST or not token.isascii():
            raise BadToken("too long, or not of its letters")
        found = self._remembered.find(token, self._keys.generation)
        if found is not None:
            self._check_known(token, found)
            return found
        read = self._read(token)
        self.check(read)
        self._remembered.keep(token, read)
        return read

    def check(self, identity: Identity) -> None:
        """Raises BadToken once it holds no longer."""
        if self._clock.now().timestamp() >= identity.expires_s:
            raise BadToken("expired")
        if self._signed_out.has(identity):
            raise BadToken("signed out")

    def _check_known(self, token: str, found: Identity) -> None:
        try:
            self.check(found)
        except BadToken:
            self._remembered.forget(token)
            raise

    def _read(self, token: str) -> Identity:
        try:
            claims = self._claims(token)
            self._check_begun(claims)
            return _identity(claims)
        except (
            jwt.PyJWTError,
            BadId,
            ValueError,
            TypeError,
            OverflowError,
            RecursionError,
        ) as wrong:
            raise BadToken(str(wrong)) from wrong

    def _claims(self, token: str) -> dict[str, Any]:
        header = jwt.get_unverified_header(token)
        if not FOREIGN.isdisjoint(header):
            raise BadToken("a header that is not for it to say")
        kid = header.get("kid")
        key = self._keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise BadToken("unknown key")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.public,
            algorithms=[key.algorithm],
            audience=self._audience,
            issuer=self._issuer,
            options=OPTIONS,
        )
        return claims

    def _check_begun(self, claims: Mapping[str, Any]) -> None:
        begun_s = max(_instant(claims["iat"]), _instant(claims.get("nbf", 0)))
        if begun_s > self._clock.now().timestamp() + LEEWAY_S:
            raise BadToken("not yet")


def _identity(claims: Mapping[str, Any]) -> Identity:
    tenant, user = str(claims["tenant"]), str(claims["sub"])
    decode(encode(Kind.VIEWER, tenant, user))
    roles = frozenset(Role(role) for role in claims["roles"])
    issued_s = _instant(claims["iat"])
    expires_s = min(_instant(claims["exp"]), issued_s + LONGEST_LIFE_S)
    session = claims.get("sid", claims.get("jti"))
    name = None if session is None else str(session)[:100]
    zone, locale = zone_in(claims), locale_in(claims)
    viewer = Viewer(TenantId(tenant), UserId(user), roles, locale, zone)
    return Identity(viewer, issued_s, expires_s, name)


def _instant(said: Any) -> float:
    if isinstance(said, bool) or not isinstance(said, int | float) or not math.isfinite(said):
        raise BadToken("an instant is a number")
    return float(said)
