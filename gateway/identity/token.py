"""Reads bearer tokens: a signed JWT of the one issuer in, a Viewer out."""

from collections.abc import Mapping
from typing import Any

import jwt

from services.contracts.ids import BadId, Kind, TenantId, UserId, decode, encode
from services.contracts.learning import Role
from services.contracts.viewer import Viewer

ALGORITHMS = ["EdDSA", "ES256", "RS256"]
LONGEST = 8_000
NEEDED = ["iss", "aud", "sub", "exp", "tenant", "roles"]


class BadToken(Exception):
    """The token is not one of ours, or no longer; says nothing more to clients."""


class Tokens:
    """Verifies against a fixed set of public keys (a JSON Web Key Set)."""

    def __init__(self, jwks: Mapping[str, Any], issuer: str, audience: str) -> None:
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(dict(jwks)).keys}
        self._issuer = issuer
        self._audience = audience

    def bearer(self, authorization: str | None) -> Viewer | None:
        """Whom an Authorization header is of; nobody without one. Raises BadToken."""
        if not authorization:
            return None
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise BadToken("not a bearer token")
        return self.viewer(token)

    def viewer(self, token: str) -> Viewer:
        """Raises BadToken."""
        try:
            return _viewer(self._claims(token))
        except (jwt.PyJWTError, BadId, ValueError, TypeError) as wrong:
            raise BadToken(str(wrong)) from wrong

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > LONGEST:
            raise BadToken("too long")
        key = self._keys.get(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise BadToken("unknown key")
        claims: dict[str, Any] = jwt.decode(
            token,
            key.key,
            algorithms=[key.algorithm_name],
            audience=self._audience,
            issuer=self._issuer,
            options={"require": NEEDED},
        )
        return claims


def _viewer(claims: Mapping[str, Any]) -> Viewer:
    tenant, user = str(claims["tenant"]), str(claims["sub"])
    decode(encode(Kind.VIEWER, tenant, user))
    roles = frozenset(Role(role) for role in claims["roles"])
    return Viewer(TenantId(tenant), UserId(user), roles)
