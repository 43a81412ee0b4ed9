"""Who may come in, put together of the settings."""

import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway.identity.issuer import DemoIssuer
from gateway.identity.jwks import FetchedKeys, fetch_of
from gateway.identity.kept_keys import KeptKeys
from gateway.identity.keys import FixedKeys
from gateway.identity.session import Sessions
from gateway.identity.signed_out import SignedOutEverywhere
from gateway.identity.token import Tokens
from gateway.realtime.hub import Hub
from services.kit.clock import Clock
from services.kit.redis import AnyRedis
from services.kit.settings import BadSetting, Settings
from services.kit.transport import HttpTransport

MOST_BYTES = 256_000
"""Of a key set."""


@dataclass(frozen=True, slots=True)
class Identities:
    """`keys` are None where they never change."""

    tokens: Tokens
    sessions: Sessions
    signed_out: SignedOutEverywhere
    keys: FetchedKeys | None
    to_issuer: HttpTransport

    def runs(self) -> list[Callable[[], Coroutine[Any, Any, None]]]:
        """What runs beside the requests, until it is cancelled."""
        if self.keys is None:
            return [self.signed_out.watch]
        return [self.signed_out.watch, self.keys.watch]

    def needs(self) -> list[Callable[[], bool]]:
        """What must hold before anybody can come in."""
        return [] if self.keys is None else [self.keys.has_any]


def identities_of(settings: Settings, redis: AnyRedis, hub: Hub, clock: Clock) -> Identities:
    to_issuer = HttpTransport(1, MOST_BYTES)
    signed_out = SignedOutEverywhere(redis, hub, clock)
    fetched = _fetched(settings, to_issuer, clock)
    keys = fetched or FixedKeys(_jwks(settings))
    tokens = Tokens(keys, settings.token_issuer, settings.token_audience, clock, signed_out)
    return Identities(tokens, Sessions(redis, clock), signed_out, fetched, to_issuer)


def _fetched(settings: Settings, to_issuer: HttpTransport, clock: Clock) -> FetchedKeys | None:
    if not settings.jwks_url:
        return None
    kept = KeptKeys(settings.home / "keys" / "jwks.json", settings.jwks_url, clock)
    return FetchedKeys(fetch_of(to_issuer, settings.jwks_url, clock), clock, kept)


def _jwks(settings: Settings) -> dict[str, object]:
    if settings.jwks_file:
        try:
            keys: dict[str, object] = json.loads(Path(settings.jwks_file).read_text())
        except (OSError, ValueError) as bad:
            raise BadSetting(f"BANYAN_JWKS_FILE={settings.jwks_file}: {bad}") from bad
        return keys
    return DemoIssuer(settings.home, settings.token_issuer, settings.token_audience).jwks()
