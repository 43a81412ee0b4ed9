"""A drill's faults: as many calls fail as were asked for, of what was named, and no longer."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from services.kit.clock import FakeClock
from services.kit.rehearsal import LOOK_EVERY_S, Fault, Rehearsing, end

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PATHS = frozenset({"/progress"})


class Service:
    """Counts what it did."""

    def __init__(self, home: Path) -> None:
        self.done = 0
        self.clock = FakeClock(NOW)
        app = Starlette(routes=[Route(path, self._do) for path in ("/progress", "/courses")])
        transport = httpx.ASGITransport(Rehearsing(app, "progress", home, self.clock))
        self._http = httpx.AsyncClient(transport=transport, base_url="http://service")

    async def _do(self, request: Request) -> PlainTextResponse:
        self.done += 1
        return PlainTextResponse("")

    async def failed(self, calls: int, path: str = "/progress") -> int:
        self.clock.advance(LOOK_EVERY_S)
        said = [(await self._http.get(path)).status_code for _ in range(calls)]
        return said.count(500)


def fault(service: str = "progress", percent: int = 20) -> Fault:
    return Fault(service, PATHS, percent, NOW + timedelta(minutes=1))


async def test_as_many_fail_as_were_asked_for_and_did_nothing(tmp_path: Path) -> None:
    service = Service(tmp_path)
    assert await service.failed(50) == 0

    fault().begin(tmp_path)

    assert await service.failed(50) == 10
    assert service.done == 90


async def test_what_was_not_named_does_not_fail(tmp_path: Path) -> None:
    fault(percent=100).begin(tmp_path)

    assert await Service(tmp_path).failed(10, "/courses") == 0


async def test_another_services_drill_is_not_ours(tmp_path: Path) -> None:
    fault("assessment", 100).begin(tmp_path)

    assert await Service(tmp_path).failed(10) == 0


async def test_it_ends_when_it_is_told_to(tmp_path: Path) -> None:
    service = Service(tmp_path)
    fault(percent=100).begin(tmp_path)
    assert await service.failed(5) == 5

    end(tmp_path)

    assert await service.failed(5) == 0


async def test_it_ends_by_itself_when_nobody_is_left_to_end_it(tmp_path: Path) -> None:
    service = Service(tmp_path)
    fault(percent=100).begin(tmp_path)
    assert await service.failed(5) == 5

    service.clock.advance(60)

    assert await service.failed(5) == 0


@pytest.mark.parametrize("text", ["", "{}", "broken"])
async def test_what_cannot_be_read_is_no_drill(tmp_path: Path, text: str) -> None:
    (tmp_path / "rehearsal.json").write_text(text)

    assert await Service(tmp_path).failed(5) == 0
