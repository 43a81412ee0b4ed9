"""What is sent to Redis by a connection that loses no cancellation, and says that it was closed.

The library sends within `asyncio.wait_for()`, which on Python 3.11 gives the result instead, where
it came in the tick of the cancellation (https://github.com/python/cpython/issues/86296): whoever
was told to end goes on as if nobody had said so. And whoever learns that a node of a cluster is
away closes its free connections, also one that another has just taken and opens: that one fails
with an AttributeError, which nobody takes for a server that is away.
"""

import asyncio
from typing import Any

from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as NotConnected

_send = AbstractConnection.send_packed_command


async def send(self: AbstractConnection, *args: Any, **named: Any) -> None:
    """As the library's. A reply that nobody will read takes the connection along."""
    task = asyncio.current_task()
    told = task.cancelling() if task else 0
    try:
        await _send(self, *args, **named)
    except AttributeError as closed:
        raise NotConnected("The connection was closed while it was opened.") from closed
    if task is not None and task.cancelling() > told:
        await self.disconnect(nowait=True)
        raise asyncio.CancelledError


def mend() -> None:
    """For every connection of this process; said once, and again it changes nothing."""
    AbstractConnection.send_packed_command = send  # type: ignore[method-assign]
