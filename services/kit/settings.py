"""Every BANYAN_* setting, read once from the environment; an unknown one stops the start."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, get_args, get_type_hints

from services.kit.addresses import not_an_address, not_origins
from services.kit.ports import port_of
from services.kit.ranges import outside
from services.kit.serves import Serves
from services.kit.setting_text import form_of, parsed

PREFIX = "BANYAN_"
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


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


class Whying(StrEnum):
    """Whether it is remembered what answers were made of."""

    AUTO = "auto"
    ON = "on"
    OFF = "off"


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
    gateway_serves: Annotated[Serves, "what a gateway answers: http, realtime, both"] = Serves.BOTH
    realtime_workers: Annotated[int, "processes for sockets alone; 0: workers serve both"] = 0
    drain_s: Annotated[float, "over how long a stopping gateway closes what is open"] = 0.0
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
    service_connections: Annotated[int, "calls to one service at once, of one process"] = 64
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
    scorer_key: Annotated[str, "as service_key, for right answers"] = field(default="", repr=False)
    turn_file: Annotated[str, "where relays for media stand, as TOML; empty: there are none"] = ""
    turn_secret: Annotated[str, "what the relays share with us, coturn's static-auth-secret"] = (
        field(default="", repr=False)
    )
    turn_ttl_s: Annotated[int, "how long a credential for relays is good"] = 3_600
    turn_classes: Annotated[int, "classes that one person has relays for at once"] = 12
    class_starts_per_s: Annotated[int, "how many begin in a class each second as it opens"] = 500
    jwks_file: Annotated[str, "public keys of the issuer; empty: the demo issuer's"] = ""
    jwks_url: Annotated[str, "where the issuer's public keys are read, again and again"] = field(
        default="", repr=False
    )
    unleash_url: Annotated[str, "an Unleash server's, as https://host/api; empty: flags.json"] = (
        field(default="", repr=False)
    )
    unleash_token: Annotated[str, "the server's client token, as project:environment.secret"] = (
        field(default="", repr=False)
    )
    unleash_admin_token: Annotated[str, "its admin token, for `banyan flags set` alone"] = field(
        default="", repr=False
    )
    limits: Annotated[Limiting, "documents over the limits: enforce, or warn and run them"] = (
        Limiting.ENFORCE
    )
    cost_budget: Annotated[float, "what a learner's operation may cost; staff's more"] = 10_000.0
    concurrency: Annotated[int, "operations one process runs at once at most; 0: no limit"] = 4096
    viewer_rate: Annotated[float, "cost a second of one viewer, staff's more; 0: no limit"] = (
        20_000.0
    )
    tenant_rate: Annotated[float, "cost a second of one tenant; 0: no limit"] = 500_000.0
    tenant_weights: Annotated[str, "tenants with more than one share, as acme=4,blue=2"] = ""
    documents: Annotated[str, "a manifest of the clients' documents; empty: none is known"] = ""
    trusted: Annotated[
        Trust, "documents not in it: off, warn, only; auto: only in production if there is one"
    ] = Trust.AUTO
    executor: Annotated[Executor, "who runs operations: compiled, or graphql-core"] = (
        Executor.COMPILED
    )
    compile_after: Annotated[int, "uses of an operation before it is compiled; 0: at once"] = 2
    cache_mb: Annotated[int, "what one process keeps of answers; 0: nothing is kept or shared"] = 64
    rollback: Annotated[bool, "a capability whose service is sick is rolled back by itself"] = True
    rollback_hold_s: Annotated[float, "how long it is held; each time it is sick again, twice"] = (
        60.0
    )
    rollback_step_s: Annotated[float, "how long each step of its way back is judged"] = 60.0
    read_fallback: Annotated[bool, "what a service fails to read, a monolith in use is asked"] = (
        True
    )
    why: Annotated[Whying, "remember what answers were made of: on, off; auto: in development"] = (
        Whying.AUTO
    )
    trace_percent: Annotated[float, "requests traced when a collector is set"] = 100.0
    drills: Annotated[bool, "drills may make services fail in production too"] = False
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
        self._check_each()
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
        if self.turn_file and not self.turn_secret:
            raise BadSetting("BANYAN_TURN_FILE needs BANYAN_TURN_SECRET.")
        self._check_flag_server()
        return self

    @property
    def takes_drills(self) -> bool:
        return self.drills or self.profile is Profile.DEVELOPMENT

    def _check_each(self) -> None:
        """What is wrong with one by itself."""
        for at in fields(self):
            value, says = getattr(self, at.name), None
            if type(value) in (int, float):
                says = outside(at.name, value)
            elif at.name.endswith("_url"):
                says = not_an_address(value)
            if says:
                raise BadSetting(f"{name_of(at.name)} {says}")
        if says := not_origins(self.origins):
            raise BadSetting(f"BANYAN_ORIGINS {says}")
        if self.log_level.lower() not in LOG_LEVELS:
            raise BadSetting(f"BANYAN_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}.")

    def _check_flag_server(self) -> None:
        if bool(self.unleash_url) != bool(self.unleash_token):
            raise BadSetting("BANYAN_UNLEASH_URL and BANYAN_UNLEASH_TOKEN need one another.")
        if self.unleash_admin_token and not self.unleash_url:
            raise BadSetting("BANYAN_UNLEASH_ADMIN_TOKEN needs BANYAN_UNLEASH_URL.")


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
        return parsed(wanted, text)
    except ValueError as wrong:
        raise BadSetting(f"{name}={text!r} is not {form_of(wanted)}.") from wrong


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean {near[0]}?" if near else " `banyan settings` lists them."
    return f"Unknown setting {name}.{hint}"
