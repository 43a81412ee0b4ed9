"""A token may say its owner's language and time zone; what is wrong with it harms nobody."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.identity import locality
from gateway.identity.issuer import DemoIssuer
from gateway.identity.keys import FixedKeys
from gateway.identity.locality import locale_in, zone_in
from gateway.identity.token import Tokens
from services.contracts.ids import TenantId, UserId
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

ANNA = Viewer(TenantId("acme"), UserId("4"), frozenset({Role.LEARNER}), "pt-BR", "America/Bahia")


def test_a_token_tells_them_and_they_make_nobody_somebody_else(tmp_path: Path) -> None:
    issuer = DemoIssuer(tmp_path, "banyan-demo", "banyan")
    tokens = Tokens(FixedKeys(issuer.jwks()), "banyan-demo", "banyan")

    read = tokens.identity(issuer.token_for(ANNA, SystemClock())).viewer

    assert (read.locale, read.zone) == ("pt-BR", "America/Bahia")
    assert read == Viewer(ANNA.tenant, ANNA.user, ANNA.roles)


@pytest.mark.parametrize(
    ("said", "locale"),
    [
        ({}, None),
        ({"locale": "id"}, "id"),
        ({"locale": "es_MX"}, "es_MX"),
        ({"locale": "zh-Hant-TW"}, "zh-Hant-TW"),
        ({"locale": 7}, None),
        ({"locale": "es\r\nx: y"}, None),
        ({"locale": "x" * 9_000}, None),
    ],
)
def test_what_is_no_language_tag_is_none(said: dict[str, Any], locale: str | None) -> None:
    assert locale_in(said) == locale


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "America/Sao_Paulo", "UTC", "Asia/Kathmandu"])
def test_a_zone_of_the_iana_is_known(zone: str) -> None:
    assert zone_in({"zoneinfo": zone}) == zone


@pytest.mark.parametrize(
    "zone", ["", "America", "Mars/Base", "../../etc/passwd", "/etc/passwd", "a\0b", 7, [], "x" * 99]
)
def test_what_is_no_zone_is_utc_and_logged(zone: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    logged: list[str] = []
    monkeypatch.setattr(locality.log, "warning", lambda event, **_: logged.append(event))

    assert zone_in({"zoneinfo": zone, "tenant": "acme"}) == "UTC"
    assert logged == ["token.bad_zone"]


@given(st.text() | st.binary() | st.integers() | st.lists(st.text()))
def test_no_claim_breaks_it(said: Any) -> None:
    claims = {"zoneinfo": said, "locale": said}

    assert isinstance(zone_in(claims), str)
    assert locale_in(claims) in (None, said)
