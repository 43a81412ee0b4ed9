"""Every BANYAN_* setting, read once from the environment; an unknown one stops the start."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from services.kit.ports import port_of

PREFIX = "BANYAN_"
ORIGIN = re.compile(r"https?://[^/*\s]+/?")


class Profile(StrEnum):
    DEVELOPMENT = "development"
    PRODUCTION = "production"


class Limiting(StrEnum):
    """What becomes of documents that are larger than the limits."""

    ENFORCE = "enforce"
    WARN = "warn"


class Trust(StrEnum):
    """What becomes of documents that are not in the list of those we know."""

    AUTO = "auto"
    OFF = "off"
    WARN = "warn"
    ONLY = "only"


class Executor(StrEnum):
    """Who runs operations."""

    COMPILED = "compiled"
    GRAPHQL_CORE = "graphql-core"


class BadSetting(ValueError):
    """A setting is unknown, malformed, or does not go with another."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Field `port` is the setting BANYAN_PORT, and so on; beside each stands what it is for."""

    home: Annotated[Path, "the state folder"] = Path(".banyan")
    host: Annotated[str, "the address the gateway listens on"] = "127.0.0.1"
    port: Annotated[int, "the gateway's port; the others follow it"] = 8000
    origins: Annotated[str, "web pages elsewhere that may call, comma separated"] = ""
    proxies: Annotated[str, "whose X-Forwarded-For is believed, comma separated"] = ""
    profile: Annotated[Profile, "development or production"] = Profile.DEVELOPMENT
    workers: Annotated[int, "gateway processes on the one port"] = 2
    drain_s: Annotated[float, "how long a stopping gateway lets requests finish"] = 0.0
    request_budget_ms: Annotated[int, "after this a query answers with what it has"] = 1_400
    upstream_budget_ms: Annotated[int, "after this one upstream call is given up"] = 1_000
    legacy_url: Annotated[str, "where the monolith answers; empty: the one started here"] = field(
        default="", repr=False
    )
    legacy_secret: Annotated[str, "the monolith's secret for signing in on behalf of others"] = (
        field(default="", repr=False)
    )
    legacy_connections: Annotated[int, "calls to the monolith at once, of one process"] = 64
    assessment_url: Annotated[str, "where the assessment service answers; empty: the one here"] = ""
    progress_url: Annotated[str, "where the progress service answers; empty: the one here"] = ""
    live_class_url: Annotated[str, "where the live-class service answers; empty: the one here"] = ""
    feeder_url: Annotated[str, "where the monolith's changes are fed; empty: the one here"] = ""
    service_connections: Annotated[int, "calls to the services at once, of one process"] = 64
    monolith_delay_ms: Annotated[float, "what the monolith started here adds to each request"] = 2.0
    monolith_workers: Annotated[int, "requests the monolith started here works on at once"] = 8
    monolith_session_s: Annotated[int, "how long its cookie sessions last"] = 1_200
    token_issuer: Annotated[str, "the `iss` that bearer tokens must bear"] = "banyan-demo"
    token_audience: Annotated[str, "the `aud` that bearer tokens must bear"] = "banyan"
    token_key: Annotated[str, "what consistency tokens are signed with; empty: one of home"] = (
        field(default="", repr=False)
    )
    service_key: Annotated[str, "what calls to the services are signed with; empty: of home"] = (
        field(default="", repr=False)
    )
    scorer_key: Annotated[str, "as service_key, of the one who is told right answers"] = field(
        default="", repr=False
    )
    jwks_file: Annotated[str, "public keys of the issuer; empty: the demo issuer's"] = ""
    jwks_url: Annotated[str, "where the issuer's public keys are read, again and again"] = field(
        default="", repr=False
    )
    limits: Annotated[Limiting, "documents over the limits: enforce, or warn and run them"] = (
        Limiting.ENFORCE
    )
    cost_budget: Annotated[float, "what a learner's operation may cost; staff's more"] = 10_000.0
    documents: Annotated[str, "a manifest of the clients' documents; empty: none is known"] = ""
    trusted: Annotated[
        Trust, "documents not in it: off, warn, only; auto: only in production if there is one"
    ] = Trust.AUTO
    executor: Annotated[Executor, "who runs operations: compiled, or graphql-core"] = (
        Executor.COMPILED
    )
    compile_after: Annotated[int, "uses of an operation before it is compiled; 0: at once"] = 2
    trace_percent: Annotated[float, "requests traced when a collector is set"] = 100.0
    log_level: Annotated[str, "debug, info, warning or error"] = "info"
    require: Annotated[str, "tools whose absence fails tests instead of skipping them"] = ""
    full_n: Annotated[bool, "fault rows at their full N"] = False

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> "Settings":
        """Reads BANYAN_* of `environ`; raises BadSetting, which names the setting."""
        known = {name_of(field.name): field.name for field in fields(cls)}
        given = {name: text for name, text in environ.items() if name.startswith(PREFIX)}
        for name in given:
            if name not in known:
                raise BadSetting(_unknown(name, list(known)))
        read = {known[name]: _parse(name, known[name], text) for name, text in given.items()}
        return cls(**read).checked()

    def checked(self) -> "Settings":
        """Refuses what cannot work together."""
        if not 1 <= self.port <= 45_000:
            raise BadSetting(f"BANYAN_PORT must lie between 1 and 45000, not {self.port}.")
        if self.workers < 1:
            raise BadSetting(f"BANYAN_WORKERS must be at least 1, not {self.workers}.")
        if self.upstream_budget_ms > self.request_budget_ms:
            raise BadSetting(
                f"BANYAN_UPSTREAM_BUDGET_MS ({self.upstream_budget_ms}) is more than "
                f"BANYAN_REQUEST_BUDGET_MS ({self.request_budget_ms})."
            )
        if self.jwks_file and self.jwks_url:
            raise BadSetting("BANYAN_JWKS_FILE and BANYAN_JWKS_URL are two ways: set one.")
        if self.profile is Profile.PRODUCTION and not (self.jwks_file or self.jwks_url):
            raise BadSetting(
                "BANYAN_JWKS_FILE is needed in production, or BANYAN_JWKS_URL: "
                "there is no demo issuer."
            )
        if self.trusted in (Trust.WARN, Trust.ONLY) and not self.documents:
            raise BadSetting(f"BANYAN_TRUSTED={self.trusted} needs BANYAN_DOCUMENTS.")
        _check_origins(self.origins)
        return self


def _check_origins(setting: str) -> None:
    for origin in filter(None, map(str.strip, setting.split(","))):
        if not ORIGIN.fullmatch(origin):
            raise BadSetting(
                f"BANYAN_ORIGINS has pages as https://learn.example, not {_bare(origin)}."
            )


def _bare(origin: str) -> str:
    """Without whoever signs in there, and their password."""
    return origin.rpartition("@")[2]


def url_of(settings: Settings, role: str) -> str:
    """Where a process answers: as its setting says, or on its port here."""
    given: str = getattr(settings, f"{'legacy' if role == 'monolith' else role}_url")
    return (given or f"http://127.0.0.1:{port_of(role, settings.port)}").rstrip("/")


def name_of(field: str) -> str:
    return PREFIX + field.upper()


def table() -> list[tuple[str, str, str]]:
    """Each setting's name, default and purpose."""
    hints = get_type_hints(Settings, include_extras=True)
    return [
        (name_of(field.name), str(field.default), get_args(hints[field.name])[1])
        for field in fields(Settings)
    ]


def _parse(name: str, field: str, text: str) -> Any:
    wanted: Any = get_args(get_type_hints(Settings, include_extras=True)[field])[0]
    try:
        return _flag(text) if wanted is bool else wanted(text)
    except ValueError as wrong:
        raise BadSetting(f"{name}={text!r} is not {_form_of(wanted)}.") from wrong


def _flag(text: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(text)


def _form_of(wanted: Any) -> str:
    if issubclass(wanted, StrEnum):
        return "one of " + ", ".join(wanted)
    return {int: "a whole number", float: "a number", bool: "yes or no"}.get(wanted, "readable")


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " `banyan settings` lists them."
    return f"Unknown setting {name}.{hint}"
