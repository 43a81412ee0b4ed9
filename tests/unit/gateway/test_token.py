"""Only a token of the one issuer, whole and in time, makes a viewer."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.token import BadToken, Tokens
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import FakeClock, SystemClock

ANNA = Viewer(TenantId("acme"), UserId("4"), frozenset({Role.LEARNER}))


@pytest.fixture
def issuer(tmp_path: Path) -> DemoIssuer:
    return DemoIssuer(tmp_path, "banyan-demo", "banyan")


@pytest.fixture
def tokens(issuer: DemoIssuer) -> Tokens:
    return Tokens(FixedKeys(issuer.jwks()), "banyan-demo", "banyan")


def test_a_token_of_the_issuer_makes_its_viewer(issuer: DemoIssuer, tokens: Tokens) -> None:
    assert tokens.identity(issuer.token_for(ANNA, SystemClock())).viewer == ANNA


def test_the_issuers_key_is_kept_for_the_next_start_and_for_its_owner_alone(
    issuer: DemoIssuer, tokens: Tokens, tmp_path: Path
) -> None:
    again = DemoIssuer(tmp_path, "banyan-demo", "banyan")

    assert tokens.identity(again.token_for(ANNA, SystemClock())).viewer == ANNA
    assert (tmp_path / "keys" / "issuer.pem").stat().st_mode & 0o077 == 0


def claims(**others: Any) -> dict[str, Any]:
    """What is no longer, or not yet, is given by its distance from now."""
    now = datetime.now(UTC)
    valid = {
        "iss": "banyan-demo",
        "aud": "banyan",
        "sub": "4",
        "tenant": "acme",
        "roles": ["LEARNER"],
        "iat": now,
        "exp": now + timedelta(hours=1),
    }
    told = {name: value for name, value in {**valid, **others}.items() if value is not None}
    return {
        name: now + value if isinstance(value, timedelta) else value for name, value in told.items()
    }


def signed(issuer: DemoIssuer, **others: Any) -> str:
    return jwt.encode(claims(**others), issuer._key, "EdDSA", headers={"kid": "demo"})


def test_the_claims_below_are_accepted_as_they_are(issuer: DemoIssuer, tokens: Tokens) -> None:
    assert tokens.identity(signed(issuer)).viewer == ANNA


PAST = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "somebody"},
        {"aud": "another"},
        {"exp": PAST},
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": 10**400},
        {"iat": None},
        {"iat": timedelta(hours=1)},
        {"iat": -timedelta(days=31)},
        {"nbf": timedelta(hours=1)},
        {"sub": None},
        {"tenant": None},
        {"tenant": "../other"},
        {"sub": "4/5"},
        {"roles": None},
        {"roles": ["EMPEROR"]},
        {"roles": 5},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_token_with_a_wrong_claim_is_refused(
    issuer: DemoIssuer, tokens: Tokens, wrong: dict[str, Any]
) -> None:
    with pytest.raises(BadToken):
        tokens.identity(signed(issuer, **wrong))


def part(content: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def forged(issuer: DemoIssuer) -> dict[str, str]:
    public = issuer.jwks()["keys"][0]["x"]
    theirs = Ed25519PrivateKey.generate()
    body = claims()
    plain = {**body, "iat": 1_700_000_000, "exp": 9_999_999_999}
    none = part({"alg": "none", "kid": "demo"}) + "." + part(plain) + "."
    return {
        "unsigned": none,
        "unsigned, in another case": none.replace(
            part({"alg": "none", "kid": "demo"}), part({"alg": "None", "kid": "demo"})
        ),
        "signed with the public key": jwt.encode(body, public, "HS256", headers={"kid": "demo"}),
        "signed by another key": jwt.encode(body, theirs, "EdDSA", headers={"kid": "demo"}),
        "of an unknown key": jwt.encode(body, theirs, "EdDSA", headers={"kid": "../demo"}),
        "without a key id": jwt.encode(body, theirs, "EdDSA"),
        "cut": signed(issuer)[:-4],
        "huge": "x" * 1_000_000,
        "empty": "",
        "nonsense": "a.b.c",
    }


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_a_forged_token_is_refused(issuer: DemoIssuer, tokens: Tokens) -> None:
    accepted = []
    for name, token in forged(issuer).items():
        try:
            tokens.identity(token)
        except BadToken:
            continue
        accepted.append(name)

    assert accepted == []


def test_a_token_ends_when_it_says(issuer: DemoIssuer, tokens: Tokens) -> None:
    clock = FakeClock(datetime.now(UTC) - timedelta(hours=13))

    with pytest.raises(BadToken):
        tokens.identity(issuer.token_for(ANNA, clock))
