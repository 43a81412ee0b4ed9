"""Asks an Unleash server for its list of flags, as its client libraries do."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from services.contracts.errors import UpstreamMisbehaved
from services.kit.clock import Clock
from services.kit.deadline import Deadline
from services.kit.http import Call, Reply, Transport

FETCH_S = 5.0
"""In all, however the server behaves; nobody waits for it."""

HINTS = {
    401: ": is BANYAN_UNLEASH_TOKEN a client token of this server?",
    403: ": is BANYAN_UNLEASH_TOKEN a client token?",
    404: ": BANYAN_UNLEASH_URL ends with /api",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """`tag` is the server's name of this list, by which it is asked for a newer one."""

    text: bytes
    tag: str | None


Fetch = Callable[[str | None], Awaitable[Listed | None]]
"""Given the tag of what we have; None when that is still the newest; raises an UpstreamError."""


def fetch_of(transport: Transport, url: str, token: str, clock: Clock) -> Fetch:
    async def fetch(tag: str | None) -> Listed | None:
        # Without a word on the specification we know, a server writes segments out in each rule.
        headers = {
            "authorization": token,
            "unleash-appname": "banyan",
            "accept": "application/json",
        }
        if tag is not None:
            headers["if-none-match"] = tag
        call = Call("unleash", "GET", f"{url}/client/features", headers)
        return _listed(await transport.send(call, Deadline.within(clock, FETCH_S)))

    return fetch


def _listed(reply: Reply) -> Listed | None:
    if reply.status == 304:
        return None
    if reply.status != 200:
        raise UpstreamMisbehaved(f"status {reply.status}{HINTS.get(reply.status, '')}")
    return Listed(reply.body, reply.headers.get("etag"))
