"""Of the last requests it is remembered what they were made of, and nothing of what they said."""

import asyncio
import gc
import os
import stat
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FunctionType, ModuleType

import httpx
import pytest
from graphql import Node
from msgspec.structs import replace as changed
from starlette.applications import Starlette

from flags.client import Flags
from flags.names import CAPABILITIES
from gateway.building.life import Life
from gateway.execution.operation import Operation
from gateway.transport.results import Run
from gateway.why import files as written
from gateway.why import whys as remembered
from gateway.why.files import FOLDER, WhyFiles
from gateway.why.route import WhyRoute
from gateway.why.setup import whys_of
from gateway.why.why import Decided, Why, lines
from gateway.why.whys import Noted, Whys
from services.kit.account import Asked, Kept
from services.kit.clock import SystemClock
from services.kit.once import flight
from services.kit.settings import Profile, Settings, Whying
from tests.integration.monolith.waiting import until
from tests.unit.gateway.test_http import ASK, Door
from tests.unit.gateway.test_http import door as plain

__all__ = ["plain"]

WHY = Why(
    request_id="00f1",
    at="2026-03-02T09:30:00.000+00:00",
    operation="query Page",
    cost=12.0,
    stages="read;dur=0.10, total;dur=8.00",
    cache="miss",
    freshness="made 0.0 s before, fresh for 60.0 s more",
    sides=[Decided("course.read", "legacy", "everybody is at 0 %", shadow=True)],
    reads=[Kept("outline", "miss")],
    calls=[Asked("monolith", "GET", "/b", "200", 3.0, 2.0), Asked("a", "GET", "/a", "503", 1, 1)],
)


@pytest.fixture
def whys(tmp_path: Path) -> Whys:
    return Whys(WhyFiles(tmp_path), SystemClock(), Flags(tmp_path).decide)


@pytest.fixture
def door(plain: Door, whys: Whys) -> Door:
    plain.endpoint = replace(plain.endpoint, whys=whys)
    return plain


async def asked(door: Door, query: str = ASK) -> str:
    """Its id."""
    return (await door.post({"query": query})).headers["x-request-id"]


async def test_an_answer_is_known_by_the_id_in_its_header(door: Door, whys: Whys) -> None:
    first = await asked(door, "query First { viewer { name } }")
    second = await asked(door)

    found = whys.find(first)
    assert found is not None
    assert (found.request_id, found.operation) == (first, "query First")
    assert found.cost == 1.0
    assert found.sides[0] == Decided("course.read", "legacy", "everybody is at 0 %", shadow=False)
    assert len(found.sides) == len(CAPABILITIES)
    assert found.cache == "not asked"
    assert whys.find(second) is not None
    assert whys.find("0" * 16) is None


async def test_of_a_stranger_no_side_is_told(door: Door, whys: Whys) -> None:
    del door.client.headers["authorization"]

    found = whys.find(await asked(door, "{ platformStatus { checkedAt } }"))

    assert found is not None
    assert found.sides == []


async def test_what_was_said_is_not_remembered(door: Door, whys: Whys) -> None:
    secret = "query ($id: ID!) { course(id: $id) { title } }"
    body = {"query": secret, "variables": {"id": "Y2FuYXJ5"}}
    request_id = (await door.post(body)).headers["x-request-id"]

    told = str(whys.find(request_id))

    assert "Y2FuYXJ5" not in told
    assert door.token not in told
    assert "acme" not in told


async def test_so_many_wait_to_be_written(door: Door, whys: Whys) -> None:
    first = await asked(door)
    for _ in range(remembered.MOST - 1):
        whys._unwritten.append(whys._unwritten[0])
    assert whys.find(first) is not None
    others = [await asked(door) for _ in range(3)]
    whys._unwritten.extend([whys._unwritten[-1]] * (remembered.MOST - 3))

    assert whys.find(first) is None
    assert whys.find(others[-1]) is not None
    assert len(whys._unwritten) == remembered.MOST


async def test_nothing_is_noted_where_nobody_remembers(plain: Door) -> None:
    answer = await plain.post({"query": ASK})

    assert plain.endpoint.whys is None
    assert answer.json() == {"data": {"viewer": {"name": "acme person 4"}}}


async def test_another_process_finds_it_a_moment_later(
    door: Door, whys: Whys, tmp_path: Path
) -> None:
    request_id = await asked(door)
    noted = whys.find(request_id)
    running = flight(whys.run(), "whys")
    try:

        async def is_written() -> bool:
            return WhyFiles(tmp_path).find(request_id) is not None

        await until(is_written)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    assert noted is not None
    assert noted == WhyFiles(tmp_path).find(request_id) == whys.find(request_id)
    assert not whys._unwritten
    [file] = (tmp_path / FOLDER).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.name == f"{os.getpid()}.jsonl"


def test_what_ended_processes_have_left_goes(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    files = WhyFiles(tmp_path)
    files.add([WHY])
    (folder / "4194999.jsonl").write_bytes(b"{}\n")
    (folder / "1.jsonl").write_bytes(b"cut off")

    files.begin()

    assert sorted(file.name for file in folder.iterdir()) == sorted(
        ["1.jsonl", f"{os.getpid()}.jsonl"]
    )
    assert files.find("00f1") == WHY
    assert files.find("00f") is None


def test_it_is_told_in_lines_calls_in_the_order_they_began() -> None:
    told = "\n".join(lines(WHY))

    assert "request 00f1 at 2026-03-02T09:30:00.000+00:00: query Page, cost 12" in told
    assert "legacy, since everybody is at 0 %; the service is asked too, and compared" in told
    assert "cache: miss; made 0.0 s before, fresh for 60.0 s more" in told
    assert told.index("a GET /a: 503, 1.0 ms") < told.index("monolith GET /b: 200, 2.0 ms")


@pytest.mark.parametrize(
    ("profile", "why", "remembers", "tells"),
    [
        (Profile.DEVELOPMENT, Whying.AUTO, True, True),
        (Profile.DEVELOPMENT, Whying.OFF, False, False),
        (Profile.PRODUCTION, Whying.AUTO, False, False),
        (Profile.PRODUCTION, Whying.ON, True, False),
    ],
)
def test_production_remembers_only_where_asked_and_tells_nobody(
    profile: Profile, why: Whying, remembers: bool, tells: bool, tmp_path: Path
) -> None:
    class Sided:
        flags = Flags(tmp_path)

    settings = Settings(home=tmp_path, profile=profile, why=why)

    made = whys_of(settings, Sided(), SystemClock())  # type: ignore[arg-type]

    assert (made.whys is not None, bool(made.runs), bool(made.routes)) == (
        remembers,
        remembers,
        tells,
    )


@pytest.fixture
async def told(door: Door, whys: Whys) -> AsyncIterator[httpx.AsyncClient]:
    app = Starlette(routes=WhyRoute(whys).routes(), lifespan=Life([], []).lifespan)
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        yield client


async def test_the_panel_is_told_in_lines(door: Door, told: httpx.AsyncClient) -> None:
    request_id = await asked(door)

    known = await told.get(f"/why/{request_id}")
    unknown = await told.get("/why/0000")

    assert known.json()["lines"][0].startswith(f"request {request_id} at ")
    assert known.headers["cache-control"] == "no-store"
    assert unknown.status_code == 404


async def test_the_panel_stands_in_graphiql_only_where_it_is_remembered(
    plain: Door, whys: Whys
) -> None:
    browser = {"accept": "text/html"}
    without = await plain.client.get("/graphql", headers=browser)
    plain.endpoint = replace(plain.endpoint, whys=whys)
    beside = await plain.client.get("/graphql", headers=browser)

    assert "x-request-id" not in without.text
    assert beside.text.index("x-request-id") < beside.text.index("createFetcher")


def test_a_process_keeps_so_many_lines_and_the_newest_are_among_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "MOST", 10)
    files = WhyFiles(tmp_path)
    for number in range(45):
        files.add([changed(WHY, request_id=f"id-{number:02}")])

    kept = [file.read_bytes().count(b"\n") for file in (tmp_path / FOLDER).iterdir()]

    assert sorted(kept) == [5, 10]
    assert files.find("id-44") is not None
    assert files.find("id-30") is not None
    assert files.find("id-29") is None


async def test_no_document_is_kept_for_what_is_remembered(door: Door, whys: Whys) -> None:
    """Each would be gone through by every full collection."""
    await asked(door)

    reached = everything_of(whys._unwritten)

    assert any(isinstance(one, Noted) for one in reached)
    assert not any(isinstance(one, Run | Operation | Node) for one in reached)


def everything_of(thing: object) -> list[object]:
    """What the collector goes through because of it, but for code."""
    found, waiting = dict[int, object](), [thing]
    while waiting:
        one = waiting.pop()
        if id(one) not in found and not isinstance(one, type | ModuleType | FunctionType):
            found[id(one)] = one
            waiting += gc.get_referents(one)
    return list(found.values())
