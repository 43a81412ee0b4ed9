"""The status page in a real browser, with scripts and without."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect
from starlette.applications import Starlette

from flags.change import Change
from flags.client import Flags
from flags.file import FlagFile
from flags.hold import Hold
from flags.names import CAPABILITIES, COURSE_READ, LIVE_CLASS_SCHEDULE, PROGRESS_READ
from gateway.building.life import Life
from gateway.health import Health
from gateway.status.board import Board
from gateway.status.composing import Composer
from gateway.status.routes import StatusPage
from gateway.status.sources import Compared
from services.contracts.status import Incident
from services.kit.clock import SystemClock
from tests.browser import browser
from tests.fakes.status import DRILL
from tests.fakes.status_sources import FakeFindings
from tests.integration.monolith.serving import serving
from tests.stack import BANYAN, Stack, environ

BUILD = Path(__file__).parents[3] / "build"
WITHIN_MS = 10_000
HEALTHY = "All capabilities are healthy"
WHY = "31 % of its calls failed within 10 s"


@pytest.fixture
async def chrome() -> AsyncIterator[Browser]:
    async with browser() as running:
        yield running


@contextmanager
def as_before(home: Path) -> Iterator[None]:
    """Other tests have flags of their own in force."""
    file = FlagFile(home).path
    text = file.read_bytes()
    try:
        yield
    finally:
        written = file.with_suffix(".before")
        written.write_bytes(text)
        written.replace(file)


def turn(home: Path, capability: str, percent: int) -> None:
    """As operators do."""
    said = ("flags", "set", capability, "canary", "--percent", str(percent))
    subprocess.run([str(BANYAN), *said], env=environ(home, 8000), check=True, timeout=60)


async def complaints(page: Page) -> list[str]:
    """What the browser has to say against the page, from now on."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda one: said.append(str(one)))
    return said


async def test_it_can_be_read_without_a_script(stack: Stack, chrome: Browser) -> None:
    context = await chrome.new_context(java_script_enabled=False)
    page = await context.new_page()

    await page.goto(f"{stack.gateway}/status")

    await expect(page.get_by_role("heading", level=1)).to_contain_text("capabilit")
    for name in CAPABILITIES:
        await expect(page.get_by_role("rowheader", name=name)).to_be_visible()
    await expect(page.get_by_role("heading", name="Incidents")).to_be_visible()
    await expect(page.locator("#checks + dl time").first).to_be_visible()
    await context.close()


async def test_a_turned_flag_appears_by_itself(stack: Stack, chrome: Browser) -> None:
    page = await chrome.new_page()
    said = await complaints(page)
    with as_before(stack.home):
        await page.goto(f"{stack.gateway}/status")
        shown = page.get_by_role("row").filter(has_text="live_class.schedule")
        await expect(shown).to_contain_text("Old system")
        await page.evaluate("window.isTheSamePage = true")

        await asyncio.to_thread(turn, stack.home, LIVE_CLASS_SCHEDULE.name, 25)

        await expect(shown).to_contain_text("Canary", timeout=WITHIN_MS)
        await expect(shown).to_contain_text("25 %")
        assert await page.evaluate("window.isTheSamePage") is True
        BUILD.mkdir(exist_ok=True)
        await page.screenshot(path=BUILD / "status.png", full_page=True)
    await page.close()
    assert said == []


async def test_everybody_is_told_by_graphql_too(stack: Stack) -> None:
    query = "{ platformStatus { checkedAt outboxAgeSeconds capabilities { name mode } } }"
    async with httpx.AsyncClient(base_url=stack.gateway, timeout=20) as stranger:
        answer = await stranger.post("/graphql", json={"query": query})

    told = answer.json()["data"]["platformStatus"]
    assert {one["name"] for one in told["capabilities"]} == set(CAPABILITIES)
    assert 0 <= told["outboxAgeSeconds"] < 60


async def test_what_is_rolled_back_is_seen_at_once(chrome: Browser, tmp_path: Path) -> None:
    """The real page over flags of our own, one of them held back while somebody looks."""
    flags, clock = Flags(tmp_path), SystemClock()
    now = clock.now()
    Change(COURSE_READ, 25, None).applied(tmp_path)
    Change(PROGRESS_READ, 100, None).applied(tmp_path)
    flags.refresh()
    found = FakeFindings(
        compared={"course.read": Compared(41_530, 2), "progress.read": Compared(9_120, 61)},
        drill=replace(DRILL, at=now - timedelta(days=1)),
        age_s=0.2,
    )
    board = Board(Composer(flags, found.sources, clock), clock)
    page_ = StatusPage(board, Health())
    app = Starlette(routes=page_.routes(), lifespan=Life([board.run], []).lifespan)
    async with serving(app, lifespan="on") as url:
        page = await chrome.new_page(viewport={"width": 1100, "height": 900})
        said = await complaints(page)
        await page.goto(f"{url}/status")
        await expect(page.get_by_role("heading", level=1)).to_have_text(HEALTHY)

        found.ratios["progress.read"] = 0.31
        found.recorded = [Incident("i-1", "progress.read", now, None, WHY)]
        flags.hold({PROGRESS_READ.name: Hold(PROGRESS_READ.name, now, WHY)})

        headline = page.get_by_role("heading", level=1)
        await expect(headline).to_have_text("1 capability is rolled back", timeout=WITHIN_MS)
        await page.screenshot(path=BUILD / "status-rolled-back.png", full_page=True)
        await page.close()
    assert said == []
