"""`banyan analytics` begins only where there is somebody to tell."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from services.analytics.cli import analytics
from services.analytics.run import addresses
from services.kit.settings import Settings

ENVIRON = {
    "DATABASE_URL": "postgresql://localhost/postgres",
    "REDIS_URL": "redis://localhost",
    "LRS_URL": "https://records.example/xapi",
    "LRS_KEY": "us",
}


def test_without_a_record_store_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LRS_URL", raising=False)

    answer = CliRunner().invoke(analytics)

    assert answer.exit_code == 1
    assert "LRS_URL names no learning record store" in answer.output


def test_it_follows_every_source_that_tells_of_learning(tmp_path: Path) -> None:
    at = addresses(Settings(home=tmp_path), ENVIRON)

    assert set(at.feeds) == {"legacy", "assessment", "progress"}
    assert at.database.endswith("/banyan_analytics")
    assert at.door.key == "us"
