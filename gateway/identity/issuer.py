"""The demo issuer: signs tokens for trying the system out; there is none in production."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.contracts.viewer import Viewer
from services.kit.clock import Clock
from services.kit.kept import kept

KEY_ID = "demo"
ALGORITHM = "EdDSA"
LIFETIME = timedelta(hours=12)


class DemoIssuer:
    """Its key is made once and kept in the state folder, readable by its owner alone."""

    def __init__(self, home: Path, issuer: str, audience: str) -> None:
        self._issuer = issuer
        self._audience = audience
        self._key = _kept_key(home / "keys" / "issuer.pem")

    def token_for(self, viewer: Viewer, clock: Clock, lifetime: timedelta = LIFETIME) -> str:
        now = clock.now()
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": viewer.user,
            "tenant": viewer.tenant,
            "roles": sorted(viewer.roles),
            "iat": now,
            "exp": now + lifetime,
            "locale": viewer.locale,
            "zoneinfo": viewer.zone,
        }
        return jwt.encode(claims, self._key, algorithm=ALGORITHM, headers={"kid": KEY_ID})

    def jwks(self) -> dict[str, Any]:
        """The public key, as a JSON Web Key Set."""
        key = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(self._key.public_key()))
        return {"keys": [{**key, "kid": KEY_ID, "alg": ALGORITHM, "use": "sig"}]}


def _kept_key(path: Path) -> Ed25519PrivateKey:
    pem = kept(path, lambda: _pem(Ed25519PrivateKey.generate()))
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(f"{path} does not hold an Ed25519 key")
    return key


def _pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
