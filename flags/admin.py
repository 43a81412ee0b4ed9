"""Changes flags at an Unleash server by its admin API, so that nobody is moved but by the change.

A capability is on for whoever any of its strategies lets in, and for everybody where it has none:
so the new ones are made first, and the old ones go when they stand.
"""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx
import msgspec

from flags.document import Feature, Parent, Strategy
from flags.rollout import TENANT
from services.kit.settings import Settings

WAIT_S = 5.0
SCOPE = re.compile(r"(?P<project>[^:\s]+):(?P<environment>[^.\s]+)\.\S+")
"""Of a client token; `*` is every project, `[]` are several."""
FIRST_PROJECT = "default"
TYPE, TAGS = "release", "simple"


class NotChanged(Exception):
    """The server did not do what it was asked for, in a sentence."""


class _Kept(Strategy, frozen=True):
    """A strategy as the server has it."""

    id: str = ""
    disabled: bool = False


class _Environment(msgspec.Struct):
    name: str
    enabled: bool
    strategies: list[_Kept] = []

    def plain(self) -> list[Strategy]:
        """What is in force of it."""
        return [_plain(one) for one in self.strategies if not one.disabled]


class _Known(msgspec.Struct):
    """A feature as the server has it."""

    environments: list[_Environment]
    dependencies: list[Parent] = []


class Admin:
    """One project and environment of the server at `url`, which ends with /api."""

    def __init__(self, url: str, token: str, project: str, environment: str) -> None:
        self._project, self._environment = project, environment
        headers = {"authorization": token}
        self._http = httpx.Client(
            base_url=f"{url}/admin", headers=headers, timeout=WAIT_S, trust_env=False
        )

    def feature(self, name: str) -> Feature | None:
        """As it is in force; None where there is none; raises NotChanged."""
        there = self._there(name)
        return None if there is None else Feature(name, there.enabled, there.plain())

    def put(self, feature: Feature) -> None:
        """Raises NotChanged; what was done until then lets in whom the old or the new would."""
        there = self._there(feature.name) or self._made(feature.name)
        self._know_tenants(feature)
        at = f"{self._features}/{feature.name}/environments/{quote(self._environment, safe='')}"
        standing = there.plain()
        for one in feature.strategies:
            if one not in standing:
                self._ask("POST", f"{at}/strategies", _whole(one))
        for kept in there.strategies:
            if kept.disabled or _plain(kept) not in feature.strategies:
                self._ask("DELETE", f"{at}/strategies/{kept.id}")
        if there.enabled != feature.enabled:
            self._ask("POST", f"{at}/{'on' if feature.enabled else 'off'}")

    def tag(self, name: str, tag: str) -> None:
        """Raises NotChanged."""
        self._ask("POST", f"/features/{name}/tags", {"type": TAGS, "value": tag})

    def untag(self, name: str, tag: str) -> None:
        """Raises NotChanged; nothing where there is no such tag."""
        reply = self._reply("DELETE", f"/features/{name}/tags/{TAGS}/{tag}")
        if reply.status_code != 404:
            _good(reply)

    def close(self) -> None:
        self._http.close()

    @property
    def _features(self) -> str:
        return f"/projects/{quote(self._project, safe='')}/features"

    def _there(self, name: str) -> _Environment | None:
        reply = self._reply("GET", f"{self._features}/{name}")
        if reply.status_code == 404:
            return None
        known = _known(_good(reply).content)
        if known.dependencies:
            others = ", ".join(parent.feature for parent in known.dependencies)
            raise NotChanged(f"{name} depends on {others} in Unleash: change it there.")
        for one in known.environments:
            if one.name == self._environment:
                return one
        raise NotChanged(f"{name} has no environment {self._environment} in Unleash.")

    def _made(self, name: str) -> _Environment:
        self._ask("POST", self._features, {"name": name, "type": TYPE})
        return _Environment(self._environment, enabled=False)

    def _know_tenants(self, feature: Feature) -> None:
        """A server takes constraints by those fields alone that it was told of."""
        named = {one.context_name for way in feature.strategies for one in way.constraints}
        if TENANT in named and self._reply("GET", f"/context/{TENANT}").status_code == 404:
            self._ask("POST", "/context", {"name": TENANT, "description": "whose platform"})

    def _ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> None:
        _good(self._reply(method, path, body))

    def _reply(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> httpx.Response:
        try:
            return self._http.request(method, path, json=body)
        except httpx.HTTPError as broken:
            raise NotChanged(f"The Unleash server does not answer: {broken}.") from broken


def admin_of(settings: Settings) -> Admin:
    """Raises NotChanged where the client's token does not say which flags it reads."""
    found = SCOPE.fullmatch(settings.unleash_token)
    if found is None:
        raise NotChanged("BANYAN_UNLEASH_TOKEN does not say its environment: change flags there.")
    project = FIRST_PROJECT if found["project"] in ("*", "[]") else found["project"]
    url, token = settings.unleash_url.rstrip("/"), settings.unleash_admin_token
    return Admin(url, token, project, found["environment"])


def _good(reply: httpx.Response) -> httpx.Response:
    if reply.status_code in (401, 403):
        raise NotChanged("The Unleash server does not take BANYAN_UNLEASH_ADMIN_TOKEN for this.")
    if not reply.is_success:
        raise NotChanged(f"The Unleash server answered {reply.status_code}: {_message(reply)}")
    return reply


def _known(text: bytes) -> _Known:
    try:
        return msgspec.json.decode(text, type=_Known)
    except msgspec.MsgspecError as wrong:
        raise NotChanged(f"The Unleash server answered in another form: {wrong}.") from wrong


def _message(reply: httpx.Response) -> str:
    try:
        return str(msgspec.json.decode(reply.content)["message"])
    except (ValueError, LookupError, TypeError):
        return "it says no more."


def _plain(one: _Kept) -> Strategy:
    return Strategy(one.name, one.parameters, one.constraints, one.segments)


def _whole(one: Strategy) -> dict[str, Any]:
    constraints = msgspec.to_builtins(one.constraints)
    return {"name": one.name, "parameters": one.parameters, "constraints": constraints}
