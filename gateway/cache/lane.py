"""The way to one server: what is asked of it in one tick of the loop travels together."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from enum import Enum
from typing import Any, Final, Literal, TypeAlias

from redis.exceptions import RedisError

from gateway.cache.breaker import Breaker
from gateway.cache.patience import GRACE_TURNS
from services.kit.log import Log
from services.kit.once import flight

ANSWER_S = 0.05
LONGEST_S = 0.5
"""A batch that nobody waits for any more is read to its end: connections take time to open."""
MOST_UNDER_WAY = 4
"""Batches at once; what is asked meanwhile gathers in the next."""
MOST_COMMANDS = 200
"""Of a batch: of a larger one all would be late together."""


class Silence(Enum):
    AWAY = "away"


AWAY: Final = Silence.AWAY
"""Instead of a reply: the server did not say, in time."""

Command: TypeAlias = tuple[Any, ...]
Send: TypeAlias = Callable[[Sequence[Command]], Awaitable[Sequence[Any]]]
"""Gives a reply for each command, in order; a refused one's is its error. Raises RedisError."""

log = Log("cache")


class Batch:
    """Each question has an answer of its own, so that who leaves harms nobody."""

    def __init__(self, give_up: Callable[["Batch"], None]) -> None:
        loop = asyncio.get_running_loop()
        self.commands: list[Command] = []
        self._answers: list[asyncio.Future[Any]] = []
        self._give_up = give_up
        self._timer: asyncio.Handle = loop.call_later(ANSWER_S, self._late, GRACE_TURNS)
        self.is_over = False

    def add(self, command: Command) -> asyncio.Future[Any]:
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.commands.append(command)
        self._answers.append(answer)
        return answer

    def _late(self, turns: int) -> None:
        if turns:
            self._timer = asyncio.get_running_loop().call_soon(self._late, turns - 1)
        else:
            self._give_up(self)

    def end(self, replies: Sequence[Any] | Literal[Silence.AWAY]) -> None:
        """Once; what comes later was given up."""
        self._timer.cancel()
        self.is_over = True
        told = [AWAY] * len(self._answers) if replies is AWAY else replies
        for answer, reply in zip(self._answers, told, strict=True):
            if not answer.done():
                answer.set_result(reply)


class Lane:
    def __init__(self, send: Send, breaker: Breaker, on_failure: Callable[[], None]) -> None:
        self._send = send
        self._breaker = breaker
        self._on_failure = on_failure
        self._waiting: deque[Batch] = deque()
        self._under_way: set[asyncio.Task[None]] = set()

    @property
    def rests(self) -> bool:
        return self._breaker.rests

    async def ask(self, *command: Any) -> Any:
        """The reply, the error of a refused command, or AWAY; within ANSWER_S, raises nothing."""
        if not self._breaker.lets_through():
            return AWAY
        if not self._waiting or len(self._waiting[-1].commands) >= MOST_COMMANDS:
            self._waiting.append(Batch(self._give_up))
            asyncio.get_running_loop().call_soon(self._leave)
        return await self._waiting[-1].add(command)

    async def close(self) -> None:
        for task in self._under_way:
            task.cancel()
        if self._under_way:
            await asyncio.wait(self._under_way)

    def _leave(self) -> None:
        while self._waiting and len(self._under_way) < MOST_UNDER_WAY:
            task = flight(self._travel(self._waiting.popleft()), "cache batch")
            self._under_way.add(task)
            task.add_done_callback(self._arrived)

    def _arrived(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._leave()

    async def _travel(self, batch: Batch) -> None:
        try:
            async with asyncio.timeout(LONGEST_S):
                replies = await self._send(batch.commands)
        except (RedisError, OSError, TimeoutError) as away:
            self._fail(batch, type(away).__name__)
        else:
            if not batch.is_over:
                self._breaker.worked()
                batch.end(replies)

    def _give_up(self, batch: Batch) -> None:
        if batch in self._waiting:
            self._waiting.remove(batch)
        self._fail(batch, "slow")

    def _fail(self, batch: Batch, why: str) -> None:
        if batch.is_over:
            return
        did_rest = self._breaker.rests
        self._breaker.failed()
        if self._breaker.rests and not did_rest:
            log.warning("cache.redis_away", why=why)
        batch.end(AWAY)
        self._on_failure()
