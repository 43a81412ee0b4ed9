"""The steps of a command, and what strikes at one of them: the end of its process, or another."""

import os
import signal
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from services.commands.bus import Bus
from services.commands.idempotency import Claim

Blow = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Step:
    """Where a method is called, or has done its work."""

    owner: type
    method: str
    behind: bool = False

    def struck(self, blow: Blow) -> Callable[..., Awaitable[Any]]:
        does, behind = getattr(self.owner, self.method), self.behind

        async def is_struck(*arguments: Any) -> Any:
            if not behind:
                await blow()
            done = await does(*arguments)
            if behind:
                await blow()
            return done

        return is_struck


STEPS = {
    "before the claim": Step(Claim, "stored"),
    "after the claim": Step(Claim, "stored", behind=True),
    "after the write": Step(Claim, "remember"),
    "before the commit": Step(Claim, "remember", behind=True),
    "after the commit": Step(Bus, "_tell"),
}


async def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
