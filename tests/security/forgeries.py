"""Sixteen kinds of tokens that nobody may come in with, from forged to spoilt."""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP384R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KID = "demo"


@dataclass(frozen=True, slots=True)
class Forger:
    """Has the issuer's own key, for tokens that are wrong in but one thing."""

    key: Ed25519PrivateKey
    tenant: str
    user: str

    def good(self) -> str:
        return self.signed()

    def signed(self, header: dict[str, Any] | None = None, **others: Any) -> str:
        headers = {"kid": KID, **(header or {})}
        return jwt.encode(self.claims(**others), self.key, "EdDSA", headers=headers)

    def claims(self, **others: Any) -> dict[str, Any]:
        now = int(datetime.now(UTC).timestamp())
        good = {
            "iss": "banyan-demo",
            "aud": "banyan",
            "sub": self.user,
            "tenant": self.tenant,
            "roles": ["LEARNER"],
            "iat": now,
            "exp": now + 3_600,
        }
        return {name: value for name, value in {**good, **others}.items() if value is not None}

    def kinds(self) -> dict[str, str]:
        now, hour = datetime.now(UTC), timedelta(hours=1)
        theirs = Ed25519PrivateKey.generate()
        good = self.good()
        return {
            "alg none": self.unsigned("none"),
            "alg None": self.unsigned("None"),
            "HS256 by the public key": _hmac(self.claims(), _public(self.key)),
            "another algorithm": _es384(self.claims()),
            "another's key": jwt.encode(self.claims(), theirs, "EdDSA", headers={"kid": KID}),
            "expired": self.signed(iat=now - 2 * hour, exp=now - hour),
            "not yet": self.signed(nbf=now + hour),
            "wrong kid": self.signed({"kid": "another"}),
            "kid of a path": self.signed({"kid": "../../keys/issuer.pem"}),
            "wrong iss": self.signed(iss="somebody"),
            "wrong aud": self.signed(aud="another"),
            "no exp": self.signed(exp=None),
            "no signature": good.rpartition(".")[0] + ".",
            "unknown crit": self.signed({"crit": ["b64"], "b64": True}),
            "jwk and jku": _embedded(self.claims(), theirs),
            "1 MB": good + "A" * 1_000_000,
        }

    def unsigned(self, algorithm: str) -> str:
        return f"{_part({'alg': algorithm, 'kid': KID})}.{_part(self.claims())}."


def _part(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)


def _hmac(claims: dict[str, Any], key: bytes) -> str:
    return jwt.encode(claims, key, "HS256", headers={"kid": KID})


def _es384(claims: dict[str, Any]) -> str:
    return jwt.encode(claims, generate_private_key(SECP384R1()), "ES384", headers={"kid": KID})


def _embedded(claims: dict[str, Any], key: Ed25519PrivateKey) -> str:
    """It brings the key that it is signed with, under the name of a known one."""
    jwk = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(key.public_key()))
    headers = {"kid": KID, "jwk": jwk, "jku": "http://127.0.0.1:1/keys"}
    return jwt.encode(claims, key, "EdDSA", headers=headers)
