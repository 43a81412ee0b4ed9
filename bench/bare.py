"""The upstream calls of a page made by themselves: what the old platform alone costs it."""

import asyncio
from collections.abc import Sequence
from itertools import groupby
from urllib.parse import urlencode

from services.kit.clock import SystemClock
from services.kit.deadline import Deadline
from services.kit.http import Call
from services.kit.transport import HttpTransport

UPSTREAM = "legacy"
WAITS_S = 30.0

WAITS_FOR = (("/my/",), ("/courses/",), ("/assessments/", "/classes/"))
"""Whose ids come from whose answers: courses from one's own, what is in them from theirs."""


class Session:
    """A learner's session at the monolith, over the transport that the gateway uses."""

    def __init__(self, connections: int, monolith: str) -> None:
        self._connections = connections
        self._transport = HttpTransport(connections)
        self._monolith = monolith
        self._clock = SystemClock()
        self._headers: dict[str, str] = {}

    async def renew(self) -> None:
        """Other connections: the monolith closes those that idle, maybe just when they are used."""
        await self.close()
        self._transport = HttpTransport(self._connections)

    async def close(self) -> None:
        await self._transport.close()

    async def sign_in(self, tenant: str, user: str, secret: str) -> None:
        form = urlencode({"tenant": tenant, "user": user, "secret": secret}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded"}
        call = Call(UPSTREAM, "POST", f"{self._monolith}/login", headers, form)
        reply = await self._transport.send(call, self._deadline())
        self._headers = {"cookie": reply.headers["set-cookie"].partition(";")[0]}

    async def page(self, stages: Sequence[Sequence[str]]) -> None:
        """Stage after stage, the calls of each at once."""
        for paths in stages:
            await asyncio.gather(*(self._get(path) for path in paths))

    async def _get(self, path: str) -> None:
        call = Call(UPSTREAM, "GET", self._monolith + path, self._headers)
        reply = await self._transport.send(call, self._deadline())
        if reply.status != 200 or not reply.headers["content-type"].startswith("application/json"):
            raise RuntimeError(f"The monolith answered {path} with status {reply.status}.")

    def _deadline(self) -> Deadline:
        return Deadline.within(self._clock, WAITS_S)


def stages(paths: Sequence[str]) -> list[list[str]]:
    """The calls in groups that can be made at once, each in need of the one before."""
    return [list(group) for _, group in groupby(sorted(paths, key=_stage), key=_stage)]


def _stage(path: str) -> int:
    return next(place for place, starts in enumerate(WAITS_FOR) if path.startswith(starts))
