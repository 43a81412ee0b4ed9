"""Row I9: secrets are planted in settings, errors and requests; none is told, by any way."""

from dataclasses import fields
from pathlib import Path

import pytest

from services.kit.redaction import Redaction
from services.kit.settings import Settings
from tests.figures import Recorder
from tests.security.planted import Planted, planted, tell

TEXTS_OF_ONE_PROCESS = 7


@pytest.fixture
def plants(tmp_path: Path) -> Planted:
    return planted(tmp_path)


def test_i9_one_process_tells_no_secret(plants: Planted, figure: Recorder) -> None:
    tell(plants)

    assert len(plants.said) == TEXTS_OF_ONE_PROCESS
    assert plants.found() == []
    figure("I9", planted=len(plants.secrets), ways=len(plants.said), found=0)


def test_i9_fails_without_redaction(
    plants: Planted, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Redaction, "__call__", lambda self, text: text)
    tell(plants)

    found = plants.found()
    assert {way for way, _ in found} == {"logged"}
    assert {name for _, name in found} >= set(plants.secrets) - {"MONOLITH_GATEWAY_SECRET"}
    figure("I9", found_without_redaction=len(found))


def test_i9_fails_without_fields_that_are_not_shown(
    plants: Planted, figure: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "__repr__", _whole)
    tell(plants)

    found = plants.found()
    assert {way for way, _ in found} == {"settings", "deployed"}
    figure("I9", found_without_hidden_fields=len(found))


def _whole(settings: Settings) -> str:
    return str([getattr(settings, one.name) for one in fields(settings)])
