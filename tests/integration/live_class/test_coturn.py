"""coturn itself takes the credentials that a join gives out, and no others."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from services.contracts.classroom import IceServer
from services.kit.clock import FakeClock, SystemClock
from services.kit.redis import redis_of
from services.kit.settings import Settings
from services.live_class.aside import Aside
from services.live_class.entrance.credentials import Credentials
from services.live_class.entrance.entrance import Entrance
from tests.integration.live_class.coturn import SECRET, Coturn, coturn

FILE = """
[[region]]
name = "here"
latitude = 0.0
longitude = 0.0
urls = ["{url}"]
"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Coturn]:
    with coturn(tmp_path_factory.mktemp("coturn")) as running:
        yield running


@pytest.fixture
async def given(relay: Coturn, tmp_path: Path) -> AsyncIterator[IceServer]:
    """What somebody who joins is given."""
    (tmp_path / "turn.toml").write_text(FILE.format(url=relay.url))
    settings = Settings(home=tmp_path, turn_file=str(tmp_path / "turn.toml"), turn_secret=SECRET)
    redis = redis_of("redis://127.0.0.1:1")
    clock = SystemClock()
    entrance = Entrance.of(settings, Aside(redis, clock), clock)
    [server] = (await entrance.admit("acme", "l42", 7, None)).ice_servers
    yield server
    await redis.aclose()


def test_coturn_relays_for_whoever_has_joined(relay: Coturn, given: IceServer) -> None:
    assert given.urls == [relay.url]
    assert relay.relays(given)


def test_coturn_refuses_credentials_that_have_ended(relay: Coturn) -> None:
    before = SystemClock().now() - timedelta(seconds=610)
    ended = Credentials(SECRET, 600).ice_server([relay.url], "acme", 7, FakeClock(before).now())

    assert not relay.relays(ended)


def test_coturn_refuses_credentials_of_another_secret(relay: Coturn) -> None:
    foreign = Credentials("another-secret").ice_server([relay.url], "acme", 7, SystemClock().now())

    assert not relay.relays(foreign)


def test_coturn_refuses_who_takes_another_name_or_a_later_end(
    relay: Coturn, given: IceServer
) -> None:
    ends, _, who = str(given.username).partition(":")

    assert not relay.relays(given, username=f"{ends}:acme.8")
    assert not relay.relays(given, username=f"{int(ends) + 3_600}:{who}")
    assert not relay.relays(given, credential="")
