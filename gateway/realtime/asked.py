"""What all members of a group asked, and how it is read and told for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import TYPE_CHECKING, Any

import msgspec
from graphql import ExecutionResult, GraphQLError

from gateway.errors import payload
from gateway.execution.operation import Operation
from gateway.realtime.event import Event
from gateway.realtime.member import Member
from resolvers.context import Context
from resolvers.following import Look
from resolvers.say import Say
from resolvers.sight import Sight
from schema.answering import error_of
from schema.following import Wanted, look, verdict
from services.contracts.errors import Refused
from services.contracts.freshness import merged
from services.contracts.viewer import Viewer

if TYPE_CHECKING:
    from gateway.execution.engine import Engine


@dataclass(frozen=True, slots=True)
class Asked:
    """`sight` is its one viewer's; of what all are told alike nobody's."""

    engine: "Engine"
    operation: Operation
    wanted: Wanted
    say: Say
    is_shared: bool
    sight: Sight

    @property
    def name(self) -> str:
        """Of the field."""
        return self.wanted.name

    async def look(self, members: Sequence[Member]) -> Look:
        """What is new to these, who stand at one place; read for one of them."""
        first = members[0]
        ctx = self._context(first.viewer, self._sight_of(members)).renewed()
        try:
            return await look(self.wanted, ctx, first.told, first.began_s)
        finally:
            await ctx.close()

    async def verdict(self, viewer: Viewer | None) -> Refused | None:
        """By what is known of the viewer now, and not by what was when they began to listen."""
        return await self._judged(viewer, self.wanted.named, self.wanted.field.guards)

    async def revealed(self, viewer: Viewer | None, items: Sequence[Any]) -> Refused | None:
        if not self.wanted.field.reveals:
            return None
        for item in items:
            found = await self._judged(viewer, item, self.wanted.field.reveals)
            if found is not None:
                return found
        return None

    async def _judged(self, viewer: Viewer | None, thing: Any, guards: Any) -> Refused | None:
        # What each may do is kept until a change of it is heard, unless nothing can be heard.
        ctx = self._context(viewer, self.sight)
        try:
            return await verdict(guards, ctx, thing)
        finally:
            await ctx.close()

    async def show(self, item: Any, viewer: Viewer | None) -> Event:
        ctx = self._context(viewer, self.sight)
        return self.event(await self.engine.execute(self.engine.schema, self.operation, ctx, item))

    def event(self, result: ExecutionResult) -> Event:
        told = payload(result, token_hex(8), self.say)
        seen = {} if self.is_shared else self.sight.now
        return Event(msgspec.json.encode(told), seen)

    def refusal(self, refused: Refused) -> Event:
        return self.event(ExecutionResult(None, [error_of(refused)]))

    def failure(self, unforeseen: Exception) -> Event:
        """Told masked, and logged."""
        return self.event(failed(unforeseen, self.name))

    def _sight_of(self, members: Sequence[Member]) -> Sight:
        if not self.is_shared:
            return self.sight
        return Sight(merged(*[one.seen for one in members if one.seen]))

    def _context(self, viewer: Viewer | None, sight: Sight) -> Context:
        return self.engine.context_for(viewer, None, sight, self.say)


def failed(unforeseen: Exception, at: str) -> ExecutionResult:
    """Of the field that was asked; what is not a refusal is masked by whoever shows it."""
    if isinstance(unforeseen, GraphQLError):
        return ExecutionResult(None, [unforeseen])
    return ExecutionResult(None, [GraphQLError("", path=[at], original_error=unforeseen)])
