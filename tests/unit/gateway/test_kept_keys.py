"""Keys on disk: of the same issuer, young enough, and whole, or none."""

from pathlib import Path

import pytest

from gateway.identity.kept_keys import KeptKeys
from services.kit.clock import FakeClock
from tests.fakes.tenant import NOW

DAY_S = 86_400.0
JWKS = {"keys": [{"kid": "demo"}]}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


async def test_what_is_kept_is_found_with_its_age(tmp_path: Path, clock: FakeClock) -> None:
    kept = KeptKeys(tmp_path / "keys" / "jwks.json", "https://issuer", clock)
    await kept.keep(JWKS)
    clock.advance(60.0)

    assert kept.find(DAY_S) == (JWKS, 60.0)
    assert kept.find(59.0) is None


async def test_keys_of_another_issuer_are_not_taken(tmp_path: Path, clock: FakeClock) -> None:
    path = tmp_path / "jwks.json"
    await KeptKeys(path, "https://old.issuer", clock).keep(JWKS)

    assert KeptKeys(path, "https://new.issuer", clock).find(DAY_S) is None


async def test_keys_from_the_future_are_not_taken(tmp_path: Path, clock: FakeClock) -> None:
    path = tmp_path / "jwks.json"
    await KeptKeys(path, "https://issuer", clock).keep(JWKS)
    clock.advance(-10.0)

    assert KeptKeys(path, "https://issuer", clock).find(DAY_S) is None


@pytest.mark.parametrize("text", ["", "{", '{"url": 1}'])
def test_a_spoilt_file_is_as_none(text: str, tmp_path: Path, clock: FakeClock) -> None:
    path = tmp_path / "jwks.json"
    path.write_text(text)

    assert KeptKeys(path, "https://issuer", clock).find(DAY_S) is None


async def test_a_disk_that_takes_nothing_is_no_error(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "file").touch()
    await KeptKeys(tmp_path / "file" / "jwks.json", "https://issuer", clock).keep(JWKS)
