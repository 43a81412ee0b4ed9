"""The list of trusted documents follows its file, and stands when the file is spoilt."""

import json
from pathlib import Path

import pytest

from gateway.operation.ask import digest
from gateway.operation.manifest import BadManifest, Manifest
from gateway.operation.setup import texts_of, trust_of
from gateway.operation.trusted import Trusted
from services.kit.clock import FakeClock
from services.kit.settings import BadSetting, Profile, Settings, Trust
from tests.fakes.tenant import NOW
from tests.unit.gateway.test_texts import OTHER, TEXT, manifest


async def test_a_new_list_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = manifest(tmp_path / "m.json", first=TEXT)
    trusted = Trusted(path)

    manifest(path, second=OTHER)
    await trusted.refresh()

    assert (trusted.text("first"), trusted.text("second")) == (None, OTHER)


@pytest.mark.parametrize("spoilt", [b"", b"{}", b"[1]", b"\xff", b"[" * 100_000])
async def test_the_last_good_list_stands(tmp_path: Path, spoilt: bytes) -> None:
    path = manifest(tmp_path / "m.json", first=TEXT)
    trusted = Trusted(path)

    path.write_bytes(spoilt)
    await trusted.refresh()
    assert trusted.text("first") == TEXT

    path.unlink()
    await trusted.refresh()
    assert trusted.text("first") == TEXT


def test_other_formats_and_two_texts_of_one_id_are_refused(tmp_path: Path) -> None:
    said = json.loads(manifest(tmp_path / "m.json", first=TEXT).read_text())
    doubled = [{**said["operations"][0], "body": OTHER}, *said["operations"]]
    path = tmp_path / "other.json"

    for wrong in ({"version": 2}, {"format": "relay"}, {"operations": doubled}):
        path.write_text(json.dumps({**said, **wrong}))
        with pytest.raises(BadManifest):
            Manifest.read(path)


def test_a_list_binds_by_itself_only_in_production() -> None:
    production = Profile.PRODUCTION

    assert trust_of(Settings(documents="m.json", profile=production)) is Trust.ONLY
    assert trust_of(Settings(documents="m.json")) is Trust.OFF
    assert trust_of(Settings(profile=production)) is Trust.OFF
    assert trust_of(Settings(documents="m", profile=production, trusted=Trust.WARN)) is Trust.WARN


def test_a_list_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSetting, match="BANYAN_DOCUMENTS"):
        texts_of(Settings(documents=str(tmp_path / "none.json")), FakeClock(NOW), None)
    with pytest.raises(BadSetting, match="BANYAN_TRUSTED"):
        Settings.read({"BANYAN_TRUSTED": "only"})


def test_a_document_is_the_one_clients_that_it_is_listed_for(tmp_path: Path) -> None:
    path = tmp_path / "m.json"
    said = json.loads(manifest(path, a=TEXT, b=OTHER, c=OTHER).read_text())
    for operation, client in zip(said["operations"], ("web", "web", "ios"), strict=True):
        operation["clientName"] = client
    path.write_text(json.dumps(said))

    trusted = Trusted(path)

    assert trusted.owner(digest(TEXT)) == "web"
    assert trusted.owner(digest(OTHER)) is None
    assert trusted.holds(digest(OTHER))
    assert not trusted.holds(digest("{ other }"))
