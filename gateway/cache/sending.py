"""How a batch of commands gets to a server, and to a node of a cluster."""

from collections.abc import Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, ClusterDownError, NoScriptError, ResponseError
from redis.exceptions import ConnectionError as NotConnected
from redis.exceptions import TimeoutError as TookTooLong

from gateway.cache.lane import Command
from gateway.cache.scripts import READ, TEXTS, digest
from services.kit.redis import AnyRedis, Cluster

READS = "GETRANGE"
BROKEN = (BusyLoadingError, ClusterDownError, NotConnected, TookTooLong)
"""A reply that says so is none."""


async def to_server(redis: Redis, commands: Sequence[Command]) -> Sequence[Any]:
    """Readings go as one command, which costs a tenth of many."""
    reads = [command for command in commands if command[0] == READS]
    if len(reads) < 2:
        return await _sent(redis, commands)
    others = [command for command in commands if command[0] != READS]
    keys = [key for _, key, *_ in reads]
    most = max(last for *_, last in reads)
    found, *told = await _sent(redis, [("EVALSHA", digest(READ), len(keys), *keys, most), *others])
    if isinstance(found, Exception):
        found = [found] * len(reads)
    of_reads, of_others = iter(found), iter(told)
    return [next(of_reads if command[0] == READS else of_others) for command in commands]


async def to_node(redis: Cluster, name: str, commands: Sequence[Command]) -> Sequence[Any]:
    """What has moved elsewhere is asked there."""
    node = redis.get_node(node_name=name)
    if node is None:
        raise NotConnected(f"{name} is of the cluster no longer")
    return await _sent(redis, commands, target_nodes=node)


async def _sent(redis: AnyRedis, commands: Sequence[Command], **where: Any) -> Sequence[Any]:
    replies = await _piped(redis, commands, **where)
    unknown = [nth for nth, reply in enumerate(replies) if isinstance(reply, NoScriptError)]
    if unknown:
        texts = [_with_text(commands[nth]) for nth in unknown]
        for nth, reply in zip(unknown, await _piped(redis, texts, **where), strict=True):
            replies[nth] = reply
    return replies


async def _piped(redis: AnyRedis, commands: Sequence[Command], **where: Any) -> list[Any]:
    if len(commands) == 1 and isinstance(redis, Redis):
        return [await _alone(redis, commands[0])]
    async with redis.pipeline(transaction=False) as pipe:
        for command in commands:
            pipe.execute_command(*command, **where)
        replies = await pipe.execute(raise_on_error=False)
    for reply in replies:
        if isinstance(reply, BROKEN):
            raise reply
    return list(replies)


async def _alone(redis: Redis, command: Command) -> Any:
    try:
        return await redis.execute_command(*command)  # type: ignore[no-untyped-call]
    except ClusterDownError:
        raise
    except ResponseError as refused:
        return refused


def _with_text(command: Command) -> Command:
    _, name, *rest = command
    return ("EVAL", TEXTS[name], *rest)
