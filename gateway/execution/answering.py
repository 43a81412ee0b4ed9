"""Answers one operation of one viewer: out of what is kept, or by executing it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import msgspec
from graphql import ExecutionResult

from gateway.admission.running import run_in
from gateway.bad_request import BadRequest
from gateway.cache.answers import Answers, Facts
from gateway.cache.fetched import Found
from gateway.execution.engine import Engine
from gateway.execution.operation import Operation
from resolvers.context import Context, until
from resolvers.guards import judge_again
from resolvers.say import Say
from resolvers.sight import Sight
from services.contracts.errors import UpstreamUnreachable
from services.contracts.learning import Role
from services.contracts.viewer import Viewer
from services.kit.trail import Trail

Tell: TypeAlias = Callable[[ExecutionResult], bytes]


class Answer(msgspec.Struct, frozen=True):
    """`found` is how it was come by, where the cache had to do with it."""

    body: bytes
    is_sound: bool
    found: Found[bytes] | None = None


@dataclass(frozen=True, slots=True)
class Answering:
    """One request's; `tell` makes a body of a result. Its viewer waits until `ends_s` at most."""

    engine: Engine
    operation: Operation
    viewer: Viewer | None
    received_s: float
    sight: Sight
    say: Say
    tell: Tell
    ends_s: float | None = None

    async def answer(self) -> Answer:
        """What is kept is told without a slot. Raises BadRequest where there is none for it."""
        self.engine.count(self.operation)
        answers, viewer = self.engine.answers, self.viewer
        if answers is None or viewer is None or not is_shared_with(self.operation, viewer):
            return await self._executed(self._context)
        ctx = self._context()
        try:
            found = await self._kept(answers, viewer, ctx)
            if found is None:
                return await self._executed(lambda: ctx)
        finally:
            await ctx.close()
        return Answer(found.value, found.entry is not None, found)

    async def _kept(self, answers: Answers, viewer: Viewer, ctx: Context) -> Found[bytes] | None:
        async def make(trail: Trail) -> tuple[bytes, bool]:
            """For all who wait, so with a budget of its own."""
            try:
                made = await self._executed(
                    lambda: msgspec.structs.replace(self._unhurried(), trail=trail)
                )
            except BadRequest as no_room:
                # Whoever waits may be entitled to a slot, or to what is older.
                raise UpstreamUnreachable("nothing is executed for this viewer now") from no_room
            return made.body, made.is_sound

        async def may(facts: Facts) -> bool:
            return await judge_again(facts, ctx)

        seen, most_s = self.sight.now, ctx.deadline.left_s()
        return await answers.read(self.operation, viewer, make, may, seen, most_s)

    async def _executed(self, begin: Callable[[], Context]) -> Answer:
        """In a slot, and a context that begins with it."""
        slot = await self.engine.admission.enter(self.operation, self.viewer, self.received_s)
        result = await run_in(slot, self.engine.executed(self.operation, begin()))
        return Answer(self.tell(result), not result.errors)

    def _context(self) -> Context:
        ctx = self._unhurried()
        return ctx if self.ends_s is None else until(ctx, self.ends_s)

    def _unhurried(self) -> Context:
        return self.engine.context_for(self.viewer, self.received_s, self.sight, self.say)


def is_shared_with(operation: Operation, viewer: Viewer) -> bool:
    """An operator's role is their token's word, which sources judge anew each time."""
    return operation.planned.keeping.is_shared and not viewer.has(Role.OPERATOR)
