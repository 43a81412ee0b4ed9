"""Asks for each thing by itself, since the monolith has no batches (NO_BATCH)."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import Any, TypeVar

from legacy.client import LegacyRefusal
from services.contracts.errors import Refused, UpstreamError, UpstreamMisbehaved
from services.kit.log import Log
from services.kit.told import told

K = TypeVar("K")
T = TypeVar("T")
U = TypeVar("U")
log = Log("legacy")


async def each(keys: Sequence[K], fetch: Callable[[K], Awaitable[T]]) -> list[T | Refused]:
    """One item per key, in order: the thing, or why not; a key given twice is fetched once."""
    async with asyncio.TaskGroup() as calls:
        tasks = {key: calls.create_task(one(fetch(key))) for key in dict.fromkeys(keys)}
    return [tasks[key].result() for key in keys]


async def one(fetching: Awaitable[T]) -> T | Refused:
    """What is fetched, or why it is not given.

    A word that cannot be translated (ValueError, KeyError) spoils the thing it was said of, alone.
    """
    try:
        return await fetching
    except LegacyRefusal as no:
        return no.refusal
    except UpstreamError as failed:
        return _told(failed).refusal
    except (ValueError, KeyError) as unknown:
        return _untranslatable(unknown).refusal


async def both(first: Coroutine[Any, Any, T], second: Coroutine[Any, Any, U]) -> tuple[T, U]:
    """Two things side by side; raises what was wrong with one of them."""
    try:
        async with asyncio.TaskGroup() as calls:
            tasks = calls.create_task(first), calls.create_task(second)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed
    return tasks[0].result(), tasks[1].result()


def known(said: Sequence[K], translate: Callable[[K], T]) -> list[T]:
    """What can be translated of a list whose items cannot be refused; the rest is left out."""
    found = []
    for thing in said:
        try:
            found.append(translate(thing))
        except (ValueError, KeyError) as unknown:
            _untranslatable(unknown)
    return found


def _untranslatable(unknown: Exception) -> UpstreamError:
    return _told(UpstreamMisbehaved(f"untranslatable: {unknown}"))


def _told(failed: UpstreamError) -> UpstreamError:
    log.warning("legacy.failed", kind=type(failed).__name__, why=told(failed))
    return failed
