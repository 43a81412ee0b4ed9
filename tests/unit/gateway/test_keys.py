"""Which keys may sign, and what it costs to know a token again."""

import time
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from gateway.identity.identity import Identity
from gateway.identity.keys import FixedKeys, Key, ring_of
from gateway.identity.remembered import Remembered
from gateway.identity.token import BadToken, Tokens
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW, viewer

PRIVATE: dict[str, Any] = {
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "RS256": rsa.generate_private_key(65_537, 2_048),
}
SHORT = rsa.generate_private_key(65_537, 1_024)  # noqa: S505
MOST_US = 50.0
IDENTITY = Identity(viewer("acme"), 0.0, 1.0)


def jwk(algorithm: str, private: Any, **more: str) -> dict[str, Any]:
    kind = jwt.get_algorithm_by_name(algorithm)
    made: dict[str, Any] = kind.to_jwk(private.public_key(), as_dict=True)
    return {**made, "kid": algorithm, **more}


def signed(algorithm: str, private: Any, kid: str) -> str:
    claims = {
        "iss": "issuer",
        "aud": "banyan",
        "sub": "4",
        "tenant": "acme",
        "roles": ["LEARNER"],
        "iat": NOW,
        "exp": NOW + timedelta(hours=1),
    }
    return jwt.encode(claims, private, algorithm, headers={"kid": kid})


@pytest.mark.parametrize("algorithm", PRIVATE)
def test_each_algorithm_of_ours_is_taken_and_the_key_decides_which(algorithm: str) -> None:
    keys = FixedKeys({"keys": [jwk(name, private) for name, private in PRIVATE.items()]})
    tokens = Tokens(keys, "issuer", "banyan", FakeClock(NOW))
    other = next(name for name in PRIVATE if name != algorithm)

    token = signed(algorithm, PRIVATE[algorithm], algorithm)
    assert tokens.identity(token).viewer == viewer("acme")
    with pytest.raises(BadToken):
        tokens.identity(signed(algorithm, PRIVATE[algorithm], other))


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize(
    "member",
    [
        jwk("ES384", ec.generate_private_key(ec.SECP384R1())),
        jwk("EdDSA", ed448.Ed448PrivateKey.generate()),
        jwk("RS256", SHORT),
        jwk("RS256", PRIVATE["RS256"], alg="RS512"),
        jwk("RS256", PRIVATE["RS256"], alg="PS256"),
        jwk("EdDSA", PRIVATE["EdDSA"], use="enc"),
        {**jwk("EdDSA", PRIVATE["EdDSA"]), "kid": None},
        {"kty": "oct", "k": urlsafe_b64encode(b"k" * 32).decode(), "kid": "oct", "alg": "HS256"},
        {"kty": "later"},
        "not a key",
    ],
)
def test_a_key_that_may_not_sign_is_left_out(member: Any) -> None:
    good = jwk("ES256", PRIVATE["ES256"])

    assert list(ring_of({"keys": [member, good]})) == ["ES256"]
    with pytest.raises(ValueError, match="no key"):
        ring_of({"keys": [member]})


class Changing:
    """Keys that are another's after a while."""

    def __init__(self) -> None:
        self.generation = 0
        self.asked = 0
        self._key = Key(PRIVATE["EdDSA"].public_key(), "EdDSA")

    def find(self, kid: str) -> Key | None:
        self.asked += 1
        return None if self.generation else self._key


def test_a_token_is_verified_once_until_it_ends() -> None:
    keys, clock = Changing(), FakeClock(NOW)
    tokens = Tokens(keys, "issuer", "banyan", clock)
    token = signed("EdDSA", PRIVATE["EdDSA"], "k")
    began_s = time.thread_time()

    for _ in range(1_000):
        tokens.bearer(f"Bearer {token}")
    each_us = (time.thread_time() - began_s) / 1_000 * 1e6
    clock.advance(3_600)

    assert keys.asked == 1
    assert each_us < MOST_US
    with pytest.raises(BadToken):
        tokens.bearer(f"Bearer {token}")


def test_a_token_of_a_key_that_was_withdrawn_is_remembered_no_longer() -> None:
    keys = Changing()
    tokens = Tokens(keys, "issuer", "banyan", FakeClock(NOW))
    token = signed("EdDSA", PRIVATE["EdDSA"], "k")
    tokens.identity(token)
    keys.generation += 1

    with pytest.raises(BadToken):
        tokens.identity(token)


class Out:
    """Whoever was issued something at this time or before has signed out."""

    until_s = 0.0
    news = 0

    def has(self, identity: Identity) -> bool:
        return identity.issued_s <= self.until_s


def test_a_remembered_token_of_who_signed_out_is_refused() -> None:
    keys, out = Changing(), Out()
    tokens = Tokens(keys, "issuer", "banyan", FakeClock(NOW), out)
    token = signed("EdDSA", PRIVATE["EdDSA"], "k")
    tokens.identity(token)
    out.until_s = datetime.now(UTC).timestamp()

    with pytest.raises(BadToken):
        tokens.identity(token)


def test_no_more_are_remembered_than_there_is_room_for() -> None:
    remembered = Remembered(most=3)
    for nth in range(10):
        remembered.keep(f"token {nth}", IDENTITY)

    assert len(remembered) == 3
    assert remembered.find("token 9", 0) == IDENTITY
    assert remembered.find("token 0", 0) is None
