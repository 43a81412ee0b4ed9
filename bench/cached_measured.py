"""One page that a tenant shares, asked of a gateway that keeps it, of one that does not, and of
bare uvicorn: in turns.
"""

import tempfile
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import psutil

from bench.door_server import ANSWER, UVICORN, served
from bench.host import load
from bench.keep_alive import post
from bench.lone_gateway import LEARNER, lone_gateway
from bench.servers import answer, compared, keep_to
from bench.sides import Side
from bench.system import System
from gateway.identity.issuer import DemoIssuer
from gateway.operation.ask import digest
from services.kit.clock import SystemClock

MINE = "{ viewer { courses(first: 1) { edges { node { id } } } } }"
PAGE = """query Page($id: ID!) {
  course(id: $id) {
    id title code
    outline { id title lessons { id title kind } }
    assessments { edges { node { id title kind opensAt closesAt } } }
    liveClasses { id title startsAt endsAt teacher { name } }
  }
}"""
KNOWN = {"persistedQuery": {"version": 1, "sha256Hash": digest(PAGE)}}
KEPT, EACH_ANEW, NOT_KEPT = "kept", "each anew", "not kept"
LIFETIME_S = 3_600
ANY_RATE = {"BANYAN_VIEWER_RATE": "1000000000", "BANYAN_TENANT_RATE": "1000000000"}
"""One viewer asks as often as a class: it is counted all the same."""
SERVER_CORE, CLIENT_CORE = 0, 1


@dataclass(frozen=True, slots=True)
class Measured:
    """`sides` are bare uvicorn, the gateway that keeps the page, the same where each request comes
    with another of `tokens`, and one that keeps nothing.
    """

    sides: list[Side]
    answer_bytes: int
    tokens: int
    loads: tuple[float, float]


async def measured(
    running: System, at_once: int, seconds: float, rounds: int, tokens: int
) -> Measured:
    before = load()
    async with AsyncExitStack() as open_:
        folders = [Path(open_.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        keeps = await open_.enter_async_context(lone_gateway(running, folders[0], ANY_RATE))
        nothing = {**ANY_RATE, "BANYAN_CACHE_MB": "0"}
        keeps_not = await open_.enter_async_context(lone_gateway(running, folders[1], nothing))
        bearer = keeps.issuer.token_for(LEARNER, SystemClock())
        page = await _page(keeps.address, bearer)
        request = page(bearer)
        for address in (keeps.address, keeps_not.address):
            body = await _registered(address, bearer, request)
        (folders[0] / ANSWER).write_bytes(body)
        bare = open_.enter_context(served(UVICORN, folders[0]))
        servers = {UVICORN: bare, KEPT: (keeps.address, keeps.process)}
        servers[EACH_ANEW] = servers[KEPT]
        servers[NOT_KEPT] = (keeps_not.address, keeps_not.process)
        asked = {name: [request] for name in servers}
        asked[EACH_ANEW] = [page(one) for one in _bearers(keeps.issuer, tokens)]
        keep_to(psutil.Process(), CLIENT_CORE)
        for _, process in servers.values():
            keep_to(process, SERVER_CORE)
        sides = await compared(servers, asked, at_once, seconds, rounds)
    return Measured(sides, len(body), tokens, (before, load()))


def _bearers(issuer: DemoIssuer, many: int) -> list[str]:
    """Tokens of one learner, all of them others."""
    clock = SystemClock()
    lives = [timedelta(seconds=LIFETIME_S + nth) for nth in range(many)]
    return [issuer.token_for(LEARNER, clock, life) for life in lives]


async def _page(address: str, bearer: str) -> Callable[[str], bytes]:
    """By the document's hash alone; for any bearer."""
    mine = await answer(address, post(bearer, query=MINE))
    course = mine.partition(b'"id":"')[2].partition(b'"')[0].decode()
    return partial(post, extensions=KNOWN, variables={"id": course})


async def _registered(address: str, bearer: str, request: bytes) -> bytes:
    await answer(address, post(bearer, query=PAGE, extensions=KNOWN, variables={"id": "x"}))
    page = await answer(address, request)
    if not page.startswith(b'{"data":{"course":{"id"'):
        raise RuntimeError(f"no page but {page[:200]!r}")
    return page
