"""What is said aloud holds no secret: ours are known by value, others by their form."""

import json

import pytest

from services.kit.redaction import GONE, Redaction

NOTHING = Redaction({})
OURS = Redaction(
    {
        "BANYAN_TOKEN_KEY": "key-of-tokens",
        "KAFKA_SASL_PASSWORD": 'quo"ted pass',
        "DATABASE_URL": "postgresql://banyan:half/of%21it@db/x",
        "DATABASE_READ_URL": "postgresql://a:first-one@r1/x,postgresql://a:second@one@r2/x",
        "SHORT_SECRET": "abc",
    }
)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("redis://:pass@host:1/0 is away", f"redis://:{GONE}@host:1/0 is away"),
        ("http://host:80/a and b@c.d", "http://host:80/a and b@c.d"),
        ("'postgres://u:p@ss@h/x'", f"'postgres://u:{GONE}@h/x'"),
        ("Authorization: Bearer abcdefgh.ij", f"Authorization: {GONE}"),
        ("a bearer abcdefgh.ij came", f"a bearer {GONE} came"),
        ("eyJhbGciOi.eyJpc3Mi.c2ln is bad", f"{GONE} is bad"),
        ("{'cookie': 'MONOSESSION=12'}", f"{{'cookie': '{GONE}'}}"),
        ("MONOSESSION=12; path=/", f"MONOSESSION={GONE}; path=/"),
        ('{"password": "1 2"}', f'{{"password": "{GONE} 2"}}'),
        ("BadToken: not signed by one of us", "BadToken: not signed by one of us"),
    ],
)
def test_what_has_the_form_of_a_secret_is_taken_out(said: str, left: str) -> None:
    assert NOTHING(said) == left


@pytest.mark.parametrize(
    "secret",
    ["key-of-tokens", 'quo"ted pass', "quo%22ted%20pass", "of%21it", "first-one", "second@one"],
)
def test_what_our_environment_keeps_secret_is_known_wherever_it_stands(secret: str) -> None:
    assert OURS(f"before {secret} after") == f"before {GONE} after"
    assert secret not in OURS(json.dumps({"why": f"({secret})"}))


def test_a_short_value_is_a_word() -> None:
    assert OURS("abc") == "abc"


def test_last_words_are_told_without_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise ValueError("invalid: 'key-of-tokens'")
    except ValueError as wrong:
        OURS.heed(type(wrong), wrong, wrong.__traceback__)

    said = capsys.readouterr().err
    assert f"ValueError: invalid: '{GONE}'" in said
    assert "test_redaction.py" in said


def test_a_credential_for_relays_is_taken_out_by_its_form() -> None:
    told = Redaction({})('{"username": "1700000000:acme.7", "credential": "c2VjcmV0LWRpZ2VzdA=="}')

    assert "c2VjcmV0" not in told
