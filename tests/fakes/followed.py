"""What one who follows a source is told, with nobody beside them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import nullcontext
from typing import Any

from resolvers.context import Context
from resolvers.following import Followed
from services.contracts.errors import Refused


async def followed(
    source: Followed, ctx: Context, named: Any, after: str | None = None
) -> AsyncGenerator[Any, None]:
    told: Any = source.begin(ctx, named, after)
    if isinstance(told, Refused):
        yield told
        return
    news = asyncio.Event()
    hearing = source.listen(ctx, named, lambda traceparent: news.set())
    try:
        with source.attend(ctx, named) if source.attend else nullcontext():
            while True:
                look = await source.read(ctx.renewed(), named, told)
                for item in look.items:
                    yield item
                if look.is_over or any(isinstance(item, Refused) for item in look.items):
                    return
                told = look.told
                await news.wait()
                news.clear()
    finally:
        hearing.stop()
