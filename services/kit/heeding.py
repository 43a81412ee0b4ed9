"""A Redis connection that does not lose a cancellation, on Python 3.11.

The library sends within `asyncio.wait_for()`, which there gives the result instead, where it came
in the tick of the cancellation (https://github.com/python/cpython/issues/86296; 3.12 mended it):
whoever was told to end goes on as if nobody had said so.
"""

import asyncio
import sys
from typing import Any

from redis.asyncio.connection import AbstractConnection

_send = AbstractConnection.send_packed_command


async def send_heeding(self: AbstractConnection, *args: Any, **named: Any) -> None:
    """As the library's. A reply that nobody will read takes the connection along."""
    task = asyncio.current_task()
    told = task.cancelling() if task else 0
    await _send(self, *args, **named)
    if task is not None and task.cancelling() > told:
        await self.disconnect(nowait=True)
        raise asyncio.CancelledError


def heed() -> None:
    """For every connection of this process; said once, and again it changes nothing."""
    if sys.version_info < (3, 12):
        AbstractConnection.send_packed_command = send_heeding  # type: ignore[method-assign]
