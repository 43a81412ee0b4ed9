"""The issuer's public keys: each signs by one algorithm, which the key decides, never the token."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

LEAST_RSA_BITS = 2_048


@dataclass(frozen=True, slots=True)
class Key:
    public: Any
    algorithm: str


class Keys(Protocol):
    @property
    def generation(self) -> int:
        """Another number whenever the keys are others."""

    def find(self, kid: str) -> Key | None: ...


@dataclass(frozen=True, slots=True)
class FixedKeys:
    """Of a JSON Web Key Set that never changes."""

    jwks: Mapping[str, Any]
    _ring: Mapping[str, Key] = field(init=False)
    generation: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ring", ring_of(self.jwks))

    def find(self, kid: str) -> Key | None:
        return self._ring.get(kid)


def ring_of(jwks: Mapping[str, Any]) -> dict[str, Key]:
    """By key id, those that may sign; raises ValueError where there is none."""
    members = jwks.get("keys")
    read = [_read(member) for member in members] if isinstance(members, list) else []
    ring = dict(found for found in read if found is not None)
    if not ring:
        raise ValueError("no key of RS256, ES256 or EdDSA, with a key id, is in the set")
    return ring


def _read(member: Any) -> tuple[str, Key] | None:
    """A set may hold keys for other purposes, and of kinds that come later: they are left out."""
    if not isinstance(member, dict) or member.get("use", "sig") != "sig":
        return None
    try:
        public = jwt.PyJWK(member).key
    except (jwt.PyJWTError, ValueError, TypeError, KeyError):
        return None
    kid, algorithm = member.get("kid"), _algorithm(public)
    if not isinstance(kid, str) or algorithm is None:
        return None
    return None if member.get("alg", algorithm) != algorithm else (kid, Key(public, algorithm))


def _algorithm(public: Any) -> str | None:
    if isinstance(public, RSAPublicKey):
        return "RS256" if public.key_size >= LEAST_RSA_BITS else None
    if isinstance(public, EllipticCurvePublicKey):
        return "ES256" if isinstance(public.curve, SECP256R1) else None
    return "EdDSA" if isinstance(public, Ed25519PublicKey) else None
