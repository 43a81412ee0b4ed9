"""Row I7: a service takes calls of our own processes alone, whole, fresh, and each once."""

import hmac
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import ASGIApp

from services.contracts.question import Ids, Question
from services.contracts.viewer_headers import TENANT, headers_of
from services.kit.answering import Asking, value_route
from services.kit.clock import FakeClock, SystemClock
from services.kit.signed_only import SignedOnly
from services.kit.signing import HEADER, SCORER, CallKeys, Signed, Signer, Verifier
from tests.fakes.tenant import viewer
from tests.faults.registry import n
from tests.figures import Recorder
from tests.integration.monolith.serving import serving

READ = Question("/read", Ids, list[int])
KEYS = CallKeys(b"k" * 32, {SCORER: b"s" * 32})
BODY = b'{"ids":[1]}'
MOST_TIMES = 5.0
QUERIES = [f"{more}consumer={SCORER}" for more in ("", "consumer=x&", f"consumer={SCORER}&")]


@dataclass
class Service:
    """Counts what it was asked; `url` is where."""

    url: str = ""
    answered: int = 0
    told_keys: int = 0
    signer: Signer = field(
        default_factory=lambda: Signer("gateway", KEYS.of_name("gateway"), SystemClock())
    )

    def app(self) -> Starlette:
        async def read(asking: Asking[Ids]) -> list[int]:
            self.answered += 1
            return asking.said.ids

        async def events(request: Request) -> PlainTextResponse:
            self.told_keys += request.query_params.get("consumer") == SCORER
            return PlainTextResponse("told")

        async def health(request: Request) -> PlainTextResponse:
            return PlainTextResponse("live")

        feed, live = Route("/events", events), Route("/health/live", health)
        return Starlette(routes=[value_route(READ, read, "reader"), feed, live])

    def headers(self, tenant: str = "acme", signer: Signer | None = None) -> dict[str, str]:
        said = headers_of(viewer(tenant))
        url = self.url + READ.path
        return {**said, **(signer or self.signer).header("POST", url, said, BODY)}


@asynccontextmanager
async def up(door: Callable[[ASGIApp], ASGIApp]) -> AsyncIterator[Service]:
    service = Service()
    async with serving(door(service.app())) as service.url:
        yield service


def guarded(app: ASGIApp) -> ASGIApp:
    return SignedOnly(app, Verifier(KEYS, SystemClock()))


def open_to_all(app: ASGIApp) -> ASGIApp:
    return app


def forged(service: Service, nth: int) -> dict[str, str]:
    """Of seven kinds, in turn; the last is what somebody overheard a minute ago."""
    good = service.headers()
    theirs = Signer("gateway", b"x" * 32, SystemClock())
    scorer = Signer(SCORER, KEYS.of_name("gateway"), SystemClock())
    minute_ago = FakeClock(datetime.now(UTC) - timedelta(minutes=1))
    kinds: list[dict[str, str]] = [
        headers_of(viewer("acme")),
        {**good, TENANT: "other"},
        {**good, "deadline-ms-left": "9000000000"},
        {**good, HEADER: good[HEADER][:-1] + ("0" if good[HEADER][-1] != "0" else "1")},
        service.headers(signer=theirs),
        service.headers(signer=scorer),
        service.headers(signer=Signer("gateway", KEYS.of_name("gateway"), minute_ago)),
    ]
    return kinds[nth % len(kinds)]


async def attacked(service: Service) -> list[int]:
    """Forged calls, one good call, and that one again as often; gives their statuses."""
    async with httpx.AsyncClient(base_url=service.url, trust_env=False) as client:

        async def call(headers: dict[str, str]) -> int:
            return (await client.post(READ.path, content=BODY, headers=headers)).status_code

        statuses = [await call(forged(service, nth)) for nth in range(n("I7"))]
        good = service.headers()
        assert await call(good) == 200
        return statuses + [await call(good) for _ in range(n("I7"))]


async def got(url: str, headers: dict[str, str]) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(url, headers=headers)).status_code


async def test_i7_forged_and_replayed_calls_are_not_taken(figure: Recorder) -> None:
    async with up(guarded) as service:
        statuses = await attacked(service)
        live = await got(f"{service.url}/health/live", {})

    assert (service.answered, live) == (1, 200)
    assert set(statuses) == {401}
    figure("I7", accepted=service.answered - 1, forged=n("I7"), replayed=n("I7"))


async def test_i7_fails_without_the_signed_door(figure: Recorder) -> None:
    async with up(open_to_all) as service:
        await attacked(service)

    assert service.answered > 2 * n("I7")
    figure("I7", accepted_without=service.answered - 1)


@pytest.mark.parametrize("name", ["gateway", "progress", SCORER])
async def test_i7_only_the_one_who_scores_asks_in_their_name(name: str) -> None:
    signer = Signer(name, KEYS.of_name(name), SystemClock())
    async with up(guarded) as service:
        for query in QUERIES:
            url = f"{service.url}/events?{query}"
            assert await got(url, signer.header("GET", url)) == (200 if name == SCORER else 401)

    assert (service.told_keys > 0) == (name == SCORER)


def cpu_us(work: Iterable[object]) -> float:
    """Of each, on this thread, so that a busy machine does not count."""
    began_s, many = time.thread_time(), sum(1 for _ in work)
    return (time.thread_time() - began_s) / many * 1e6


def arithmetic(_: int) -> str:
    """What a signature cannot be had without: two digests of what is said."""
    return sha256(BODY).hexdigest() + hmac.digest(b"k" * 32, b"x" * 200, "sha256").hex()


def test_i7_signing_and_verifying_take_few_times_their_arithmetic(figure: Recorder) -> None:
    """In turns, of which the best counts: the machine's speed is in both sides of the ratio."""
    clock, said, each = SystemClock(), headers_of(viewer("acme")), range(1_000)
    signer, verifier = Signer("gateway", KEYS.of_name("gateway"), clock), Verifier(KEYS, clock)

    def signed(_: int) -> dict[str, str]:
        return signer.header("POST", "http://a/read", said, BODY)

    least, sign, verify = [], [], []
    for _ in range(5):
        calls = [Signed("POST", "/read", {**said, **signed(nth)}, BODY) for nth in each]
        least.append(cpu_us(map(arithmetic, each)))
        sign.append(cpu_us(map(signed, each)))
        verify.append(cpu_us(map(verifier.name, calls)))

    figure("I7", sign_us=min(sign), verify_us=min(verify), arithmetic_us=min(least))
    assert max(min(sign), min(verify)) < MOST_TIMES * min(least)
