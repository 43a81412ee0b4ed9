"""Settings are read once; what is unknown or cannot work stops the start, by name."""

from pathlib import Path

import pytest

from services.kit.settings import BadSetting, Profile, Settings, table


def test_defaults_need_nothing_set() -> None:
    assert Settings.read({"HOME": "/root"}) == Settings()


def test_each_setting_is_read_in_its_own_type() -> None:
    settings = Settings.read(
        {
            "BANYAN_HOME": "/srv/banyan",
            "BANYAN_PORT": "9000",
            "BANYAN_DRAIN_S": "2.5",
            "BANYAN_FULL_N": "yes",
            "BANYAN_PROFILE": "production",
            "BANYAN_JWKS_FILE": "keys.json",
        }
    )

    assert settings.home == Path("/srv/banyan")
    assert (settings.port, settings.drain_s, settings.full_n) == (9000, 2.5, True)
    assert settings.profile is Profile.PRODUCTION


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({"BANYAN_PROT": "1"}, "Unknown setting BANYAN_PROT. Did you mean BANYAN_PORT?"),
        ({"BANYAN_COLOUR": "red"}, "Unknown setting BANYAN_COLOUR."),
        ({"BANYAN_PORT": "eighty"}, "BANYAN_PORT='eighty' is not a whole number."),
        ({"BANYAN_PORT": "70000"}, "BANYAN_PORT must lie between"),
        ({"BANYAN_WORKERS": "0"}, "BANYAN_WORKERS must lie between 1 and 1024, not 0."),
        ({"BANYAN_DRAIN_S": "20s"}, "BANYAN_DRAIN_S='20s' is not a number."),
        ({"BANYAN_FULL_N": "maybe"}, "BANYAN_FULL_N='maybe' is not yes or no."),
        ({"BANYAN_PROFILE": "prod"}, "is not one of development, production."),
        ({"BANYAN_PROFILE": "production"}, "BANYAN_JWKS_FILE is needed in production"),
        ({"BANYAN_JWKS_FILE": "a", "BANYAN_JWKS_URL": "http://b"}, "are two ways: set one."),
        ({"BANYAN_UPSTREAM_BUDGET_MS": "9000"}, "is more than BANYAN_REQUEST_BUDGET_MS"),
        ({"BANYAN_UPSTREAM_BUDGET_MS": "1"}, "BANYAN_UPSTREAM_BUDGET_MS must lie between 20 and"),
        ({"BANYAN_TENANT_RATE": "nan"}, "BANYAN_TENANT_RATE must not be less than 0, as nan is."),
        ({"BANYAN_TRACE_PERCENT": "120"}, "must lie between 0 and 100, not 120."),
        ({"BANYAN_LOG_LEVEL": "loud"}, "BANYAN_LOG_LEVEL is one of debug, info, warning,"),
        (
            {"BANYAN_LEGACY_URL": "me:pw@old:80"},
            "BANYAN_LEGACY_URL is no address as https://host:port.",
        ),
        ({"BANYAN_UNLEASH_URL": "http://flags/api"}, "and BANYAN_UNLEASH_TOKEN need one another."),
        ({"BANYAN_UNLEASH_TOKEN": "a:b.c"}, "BANYAN_UNLEASH_URL and BANYAN_UNLEASH_TOKEN need"),
        ({"BANYAN_UNLEASH_ADMIN_TOKEN": "a"}, "BANYAN_UNLEASH_ADMIN_TOKEN needs BANYAN_UNLEASH_"),
    ],
)
def test_what_cannot_work_is_refused_by_name(environ: dict[str, str], says: str) -> None:
    with pytest.raises(BadSetting) as refused:
        Settings.read(environ)

    assert says in str(refused.value)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(name.startswith("BANYAN_") and purpose for name, _, purpose in table())


def test_what_is_secret_is_not_shown() -> None:
    keys = ("LEGACY_SECRET", "TOKEN_KEY", "SERVICE_KEY", "SCORER_KEY")
    unleash = ("UNLEASH_URL", "UNLEASH_TOKEN", "UNLEASH_ADMIN_TOKEN")
    names = ("LEGACY_URL", "JWKS_URL", *keys, *unleash)
    settings = Settings.read({f"BANYAN_{name}": "http://a:hidden@b" for name in names})

    assert "hidden" in settings.legacy_secret
    assert "hidden" not in f"{settings} {settings!r}"


def test_a_page_that_is_refused_is_named_without_its_password() -> None:
    with pytest.raises(BadSetting, match=r"not learn\.example/x") as refused:
        Settings.read({"BANYAN_ORIGINS": "https://me:hidden@learn.example/x"})

    assert "hidden" not in str(refused.value)
