"""A real browser: the machine's Chromium, driven by Playwright."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, async_playwright

from services.kit.settings import Settings

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str:
    """Where it is. Skips loudly without it, or fails where BANYAN_REQUIRE names chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if "chromium" in Settings.read(os.environ).require.split(","):
        pytest.fail("chromium is not installed")
    pytest.skip("chromium is not installed: no page is looked at in a browser")


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """Asks nobody but who is asked for."""
    path = chromium()
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=QUIET)
        try:
            yield running
        finally:
            await running.close()
