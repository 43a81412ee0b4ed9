"""Waits until what was started answers, or says why it never did."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import TypeAlias

import httpx

from deploy.errors import NeverReady
from deploy.keeper import Keeper

Refuses: TypeAlias = Callable[[], Awaitable[str | None]]
"""Why it does not answer; None when it does."""

TRY_EVERY_S = 0.05
HOPELESS_DEATHS = 3


async def kept(keeper: Keeper, refuses: Refuses, within_s: float) -> None:
    """Waits for a process of ours, but not when it dies again and again."""
    reason = await answered(refuses, within_s, lambda: keeper.deaths >= HOPELESS_DEATHS)
    if reason is not None:
        died = f"died {keeper.deaths} times" if keeper.deaths else f"took over {within_s:.0f} s"
        raise NeverReady(
            f"{keeper.name} did not become ready: it {died} ({reason}); "
            f"the end of {keeper.log.path}:\n{keeper.log.end(lines=15)}"
        )


async def foreign(setting: str, place: str, refuses: Refuses, within_s: float) -> None:
    """Waits for a server that somebody else runs."""
    reason = await answered(refuses, within_s)
    if reason is not None:
        raise NeverReady(f"{setting}: nobody answers as agreed at {place} ({reason}).")


async def answered(
    refuses: Refuses, within_s: float, is_hopeless: Callable[[], bool] = lambda: False
) -> str | None:
    """The last reason why it did not answer in time; None when it did."""
    reason: str | None = "no answer"
    with suppress(TimeoutError):
        async with asyncio.timeout(within_s):
            while True:
                reason = await refuses()
                if reason is None or is_hopeless():
                    break
                await asyncio.sleep(TRY_EVERY_S)
    return reason


def http_refuses(url: str) -> Refuses:
    return partial(_http_refuses, url)


async def _http_refuses(url: str) -> str | None:
    try:
        async with httpx.AsyncClient(timeout=2.0, trust_env=False) as client:
            answer = await client.get(url)
    except httpx.HTTPError as refused:
        return str(refused) or type(refused).__name__
    return None if answer.status_code == httpx.codes.OK else f"{url} says {answer.status_code}"
