"""What all gateway processes compared so far, for people who ask."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

from flags.names import Capability
from gateway.shadow.compared import Counts
from gateway.shadow.store import ShadowStore
from services.kit.redis import redis_of

CONNECT_S = 2.0


def read(redis_url: str, capabilities: Sequence[Capability]) -> dict[Capability, Counts]:
    """Raises Away."""
    return asyncio.run(_read(redis_url, capabilities))


def forget(redis_url: str, capabilities: Sequence[Capability]) -> None:
    """Raises Away."""
    asyncio.run(_forget(redis_url, capabilities))


async def _read(redis_url: str, capabilities: Sequence[Capability]) -> dict[Capability, Counts]:
    redis = redis_of(redis_url, socket_connect_timeout=CONNECT_S, socket_timeout=CONNECT_S)
    async with aclosing(redis):
        store = ShadowStore(redis)
        return {one: await store.all_of(one) for one in capabilities}


async def _forget(redis_url: str, capabilities: Sequence[Capability]) -> None:
    redis = redis_of(redis_url, socket_connect_timeout=CONNECT_S, socket_timeout=CONNECT_S)
    async with aclosing(redis):
        store = ShadowStore(redis)
        for one in capabilities:
            await store.forget(one)
