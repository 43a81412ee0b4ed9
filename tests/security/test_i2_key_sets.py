"""Row I2: keys that are away, rotated or asked for by names that nobody has."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from gateway.identity import jwks
from gateway.identity.issuer import DemoIssuer
from gateway.identity.jwks import LEAST_S, STALE_S, FetchedKeys, fetch_of
from gateway.identity.kept_keys import KeptKeys
from gateway.identity.token import BadToken, Tokens
from services.contracts.errors import UpstreamUnreachable
from services.kit.clock import FakeClock
from services.kit.transport import HttpTransport
from tests.fakes.tenant import viewer
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving
from tests.integration.monolith.waiting import until

KNOWN_WITHIN_S = 5.0


class Issuer:
    """Tells its public keys over HTTP, and counts how often; `is_down` makes it fail."""

    def __init__(self, home: Path) -> None:
        self._demo = DemoIssuer(home, "banyan-demo", "banyan")
        self._kid = "demo"
        self.is_down = False
        self.asked = 0

    async def answer(self, request: Request) -> Response:
        self.asked += 1
        if self.is_down:
            return Response(status_code=503)
        [key] = self._demo.jwks()["keys"]
        return JSONResponse({"keys": [{**key, "kid": self._kid}, {"kty": "new", "kid": "x"}]})

    def rotate(self) -> None:
        self._demo._key, self._kid = Ed25519PrivateKey.generate(), "second"

    def token(self, clock: FakeClock, kid: str = "", jti: str = "") -> str:
        claims = jwt.decode(
            self._demo.token_for(viewer("acme"), clock), options={"verify_signature": False}
        )
        claims["jti"], claims["exp"] = jti, claims["iat"] + 20 * 86_400
        return jwt.encode(claims, self._demo._key, "EdDSA", headers={"kid": kid or self._kid})


@dataclass(frozen=True, slots=True)
class Door:
    issuer: Issuer
    clock: FakeClock
    keys: FetchedKeys
    tokens: Tokens

    def takes(self, token: str) -> bool:
        try:
            self.tokens.identity(token)
        except BadToken:
            return False
        return True

    async def comes_to_take(self, token: str) -> bool:
        """Whoever was refused comes again."""

        async def taken() -> bool:
            return self.takes(token)

        try:
            await until(taken, KNOWN_WITHIN_S)
        except TimeoutError:
            return False
        return True


@asynccontextmanager
async def opened(home: Path) -> AsyncIterator[Door]:
    issuer, clock, transport = Issuer(home), FakeClock(datetime.now(UTC)), HttpTransport(1)
    app = Starlette(routes=[Route("/keys", issuer.answer)])
    async with serving(app) as url, asyncio.TaskGroup() as tasks:
        kept = KeptKeys(home / "jwks.json", "the issuer's", clock)
        keys = FetchedKeys(fetch_of(transport, f"{url}/keys", clock), clock, kept)
        door = Door(issuer, clock, keys, Tokens(keys, "banyan-demo", "banyan", clock))
        watching = tasks.create_task(keys.watch())
        assert await door.comes_to_take(issuer.token(clock))
        yield door
        watching.cancel()
    await transport.close()


async def flood(door: Door) -> int:
    """Unknown key ids, with time for the issuer to be asked; how often that was done."""
    before = door.issuer.asked
    for nth in range(n("I2")):
        assert not door.takes(door.issuer.token(door.clock, f"unknown {nth}"))
        if nth % 50 == 0:
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.2)
    return door.issuer.asked - before


async def test_i2_unknown_key_ids_make_the_keys_be_read_once(
    tmp_path: Path, figure: Recorder
) -> None:
    async with opened(tmp_path) as door:
        read = await flood(door)

    assert read <= 1
    figure("I2", unknown_kids=n("I2"), readings=read)


async def test_i2_fails_without_a_least_time_between_readings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, figure: Recorder
) -> None:
    monkeypatch.setattr(jwks, "LEAST_S", 0.0)

    async with opened(tmp_path) as door:
        read = await flood(door)

    assert read > 1
    figure("I2", readings_without=read)


async def test_i2_a_new_key_is_known_soon_after_it_was_asked_for(
    tmp_path: Path, figure: Recorder
) -> None:
    async with opened(tmp_path) as door:
        old = door.issuer.token(door.clock)
        door.issuer.rotate()
        began_s = asyncio.get_running_loop().time()

        assert await door.comes_to_take(door.issuer.token(door.clock))
        known_s = asyncio.get_running_loop().time() - began_s
        assert not door.takes(old)
    figure("I2", new_key_known_s=known_s)


async def test_i2_a_gateway_that_starts_while_the_issuer_is_away_knows_its_keys(
    tmp_path: Path, figure: Recorder
) -> None:
    async with opened(tmp_path) as door:
        await until(lambda: is_there(tmp_path / "jwks.json"))
        known = await restarted(door, tmp_path)
        door.clock.advance(STALE_S + 60.0)
        assert await restarted(door, tmp_path) == set()
    figure("I2", known_after_a_start_without_the_issuer=len(known))
    assert known == {"demo"}


async def test_i2_fails_without_the_keys_that_were_kept(tmp_path: Path) -> None:
    async with opened(tmp_path) as door:
        assert await restarted(door, tmp_path / "another home") == set()


async def is_there(path: Path) -> bool:
    return await asyncio.to_thread(path.exists)


async def restarted(door: Door, home: Path) -> set[str]:
    """The ids of the keys that another process knows which reaches no issuer."""

    async def fetch() -> dict[str, object]:
        raise UpstreamUnreachable("the issuer is away")

    kept = KeptKeys(home / "jwks.json", "the issuer's", door.clock)
    keys = FetchedKeys(fetch, door.clock, kept)
    await keys.refresh()
    return {kid for kid in ("demo", "x") if keys.find(kid) is not None}


async def test_i2_good_tokens_pass_for_a_day_while_the_issuer_is_away(
    tmp_path: Path, figure: Recorder
) -> None:
    refused, each = 0, n("I2") // 24
    async with opened(tmp_path) as door:
        door.issuer.is_down = True
        for hour in range(24):
            tokens = [door.issuer.token(door.clock, jti=f"{hour} {nth}") for nth in range(each)]
            refused += sum(not door.takes(token) for token in tokens)
            await door.keys.refresh()
            door.clock.advance(3_600.0 - (hour == 23) * 60.0)
        refused += not door.takes(door.issuer.token(door.clock))

        door.clock.advance(STALE_S - 23 * 3_600.0)
        await door.keys.refresh()
        assert not door.takes(door.issuer.token(door.clock))
    assert refused == 0
    figure("I2", good_refused=refused, shown=24 * each + 1)


def test_i2_the_least_time_is_half_a_minute() -> None:
    assert LEAST_S == 30.0
