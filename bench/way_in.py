"""The gateway's door as a browser's script uses it: what is not taken is sent again."""

import asyncio
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import msgspec
from pyreqwest.client import ClientBuilder
from pyreqwest.exceptions import PyreqwestError

from bench.sending import sent

IDLE_S = 4.0
"""The gateway closes a connection that was idle for 5 s: we let go of it before."""
WAITS_S = 60.0
"""For one answer."""
GIVES_UP_S = 300.0
"""For the thing done, however often it is sent; waiting for a connection does not count."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.25, 4.0
AWAY = {"UPSTREAM_TIMEOUT", "UPSTREAM_UNAVAILABLE"}

Said: TypeAlias = dict[str, Any]


class NotDone(Exception):
    """The answer is a no that stays one, or none has come for long; `code` is what it says."""

    def __init__(self, code: str) -> None:
        super().__init__(f"refused: {code}")
        self.code = code


class Again(Exception):
    """Not now; maybe in `pause_s`."""

    def __init__(self, why: str, pause_s: float | None = None) -> None:
        super().__init__(why)
        self.pause_s = pause_s


@dataclass(frozen=True, slots=True)
class Done:
    """What was answered, and how often it had to be sent again."""

    said: Said
    again: int


class Door:
    """`connections` are kept, and are the most at once: whoever has none waits for one."""

    def __init__(self, gateway: str, connections: int) -> None:
        self._url = f"{gateway}/graphql"
        self._free = asyncio.Semaphore(connections)
        # A proxy of the environment would be measured too.
        self._http = (
            ClientBuilder()
            .no_proxy()
            .pool_max_idle_per_host(connections)
            .pool_idle_timeout(timedelta(seconds=IDLE_S))
            .timeout(timedelta(seconds=WAITS_S))
            .default_headers({"content-type": "application/json"})
            .build()
        )

    async def do(self, bearer: str, mutation: str, variables: Said) -> Done:
        """Until it is taken, always under the key in `variables`; raises NotDone."""
        body = msgspec.json.encode({"query": mutation, "variables": variables})
        again, pause_s, tried_s = 0, FIRST_PAUSE_S, 0.0
        while True:
            try:
                async with self._free:
                    began = time.monotonic()
                    return Done(await self._send(bearer, body), again)
            except Again as refused:
                tried_s += time.monotonic() - began
                if tried_s > GIVES_UP_S:
                    raise NotDone(f"gave up: {refused}") from refused
                await asyncio.sleep(refused.pause_s or pause_s)
            again, pause_s = again + 1, min(pause_s * 2, LONGEST_PAUSE_S)

    async def _send(self, bearer: str, body: bytes) -> Said:
        request = self._http.post(self._url).header("authorization", bearer).body_bytes(body)
        try:
            response = await sent(request.build())
            answer: Said = msgspec.json.decode(bytes(await response.bytes()))
        except (PyreqwestError, msgspec.DecodeError) as broken:
            raise Again(type(broken).__name__) from broken
        return taken(answer)

    async def close(self) -> None:
        await self._http.close()


def taken(answer: Said) -> Said:
    """The one field of the answer; raises Again or NotDone."""
    for error in answer.get("errors", ()):
        code, pause_ms = error["extensions"]["code"], error["extensions"].get("retryAfterMs")
        if code in AWAY or pause_ms is not None:
            raise Again(code, pause_ms and pause_ms / 1000)
        raise NotDone(f"{code}: {error['message']}")
    said: Said = next(iter(answer["data"].values()))
    if "code" not in said:
        return said
    if said["retryable"]:
        pause_ms = said["retryAfterMs"]
        raise Again(said["code"], pause_ms and pause_ms / 1000)
    raise NotDone(said["code"])
