"""Which settings reach which process."""

from pathlib import Path

from deploy.environ import Addresses, Environ
from legacy.monolith.settings import Settings as MonolithSettings
from services.kit.settings import Settings

INHERITED = {
    "PATH": "/bin",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
    "BANYAN_HOME": "relative",
    "BANYAN_LOG_LEVEL": "debug",
    "MONOLITH_PORT": "1",
}


def environ() -> Environ:
    addresses = Addresses(
        gateway="http://127.0.0.1:8000",
        monolith="http://127.0.0.1:8001",
        database="postgresql://postgres:pw@127.0.0.1:8010/postgres",
        redis="redis://:pw@127.0.0.1:8011/0",
    )
    settings = Settings(monolith_delay_ms=30)
    return Environ(INHERITED, Path("/home"), settings, addresses, "shared", 8001)


def test_the_gateway_gets_its_settings_and_every_address() -> None:
    given = environ().of("gateway")

    assert given == {
        "PATH": "/bin",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318",
        "PYTHONUNBUFFERED": "1",
        "BANYAN_HOME": "/home",
        "BANYAN_LOG_LEVEL": "debug",
        "BANYAN_LEGACY_URL": "http://127.0.0.1:8001",
        "BANYAN_LEGACY_SECRET": "shared",
        "DATABASE_URL": "postgresql://postgres:pw@127.0.0.1:8010/postgres",
        "REDIS_URL": "redis://:pw@127.0.0.1:8011/0",
    }


def test_the_monolith_gets_its_own_settings_only() -> None:
    given = environ().of("monolith")

    assert {name for name in given if name.startswith("BANYAN_")} == {"BANYAN_HOME"}
    assert given["MONOLITH_DATABASE_URL"].endswith("@127.0.0.1:8010/banyan_monolith")
    assert given["MONOLITH_GATEWAY_SECRET"] == "shared"
    assert given["MONOLITH_DELAY_MS"] == "30"
    assert given["MONOLITH_PORT"] == "8001"


def test_the_monolith_accepts_what_it_is_given() -> None:
    read = MonolithSettings.read(environ().of("monolith"))

    assert (read.port, read.delay_ms) == (8001, 30.0)
