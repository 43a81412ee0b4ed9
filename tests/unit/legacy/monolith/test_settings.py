"""How the monolith's settings are read."""

from pathlib import Path

import pytest

from legacy.monolith.settings import BadSetting, Settings

URL = "postgresql://u:p@127.0.0.1:5432/banyan_monolith"


def test_what_is_not_set_has_its_default() -> None:
    settings = Settings.read({"MONOLITH_DATABASE_URL": URL})

    assert settings == Settings(database_url=URL)


def test_what_is_set_is_read() -> None:
    settings = Settings.read(
        {"MONOLITH_DATABASE_URL": URL, "MONOLITH_WORKERS": "3", "MONOLITH_DELAY_MS": "0.5"}
    )

    assert (settings.workers, settings.delay_ms) == (3, 0.5)


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("MONOLITH_WORKERS", "many", "MONOLITH_WORKERS='many' is not a whole number."),
        ("MONOLITH_DELAY_MS", "slow", "MONOLITH_DELAY_MS='slow' is not a number."),
        ("MONOLITH_WORKERS", "0", "MONOLITH_WORKERS must be at least 1, not 0."),
        ("MONOLITH_DELAY_MS", "-1", "MONOLITH_DELAY_MS must not be negative, not -1.0."),
    ],
)
def test_a_bad_setting_is_named_in_one_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(BadSetting) as bad:
        Settings.read({"MONOLITH_DATABASE_URL": URL, name: text})

    assert str(bad.value) == sentence


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(BadSetting, match="Unknown setting MONOLITH_WORKER;"):
        Settings.read({"MONOLITH_DATABASE_URL": URL, "MONOLITH_WORKER": "3"})


def test_the_database_is_found_by_the_running_system(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"database": "postgresql://u:p@h:1/postgres"}')

    settings = Settings.read({"BANYAN_HOME": str(tmp_path)})

    assert settings.database_url == "postgresql://u:p@h:1/banyan_monolith"


@pytest.mark.parametrize("text", [None, "", "[]", "{}"])
def test_without_an_address_one_sentence_says_what_to_do(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "run.json").write_text(text)

    with pytest.raises(BadSetting, match="Set MONOLITH_DATABASE_URL, or start the system"):
        Settings.read({"BANYAN_HOME": str(tmp_path)})
