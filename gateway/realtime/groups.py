"""Who follows what: each subscription becomes a member of the group that is told the same."""

from collections.abc import Hashable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import msgspec
from graphql import ExecutionResult

from gateway.execution.operation import Operation
from gateway.realtime.asked import Asked, failed
from gateway.realtime.group import Group
from gateway.realtime.member import Member
from gateway.realtime.resuming import resumes_by
from gateway.realtime.rights import Rights
from gateway.realtime.rounds import Rounds
from gateway.realtime.sharing import Sharing
from resolvers.context import Context
from resolvers.sight import Sight
from schema.following import Wanted, begin
from services.contracts.viewer import Viewer
from services.kit.clock import SystemClock

if TYPE_CHECKING:
    from gateway.execution.engine import Engine


class Spoken(Protocol):
    """In which language a member is told things."""

    @property
    def locale(self) -> str: ...

    def say(self, sentence: str) -> str: ...


class Groups:
    """Without members a group is no more, nor what it heard."""

    def __init__(self, rights: Rights | None = None, rounds: Rounds | None = None) -> None:
        self._rights = rights or Rights(None, SystemClock())
        self._rounds = rounds or Rounds()
        self._sharing = Sharing()
        self._all: dict[Hashable, Group] = {}

    async def join(
        self, member: Member, engine: "Engine", operation: Operation, sight: Sight, tongue: Spoken
    ) -> ExecutionResult | None:
        """What is wrong where it cannot follow; else it is told by and by what there is."""
        ctx = engine.context_for(member.viewer, None, sight, tongue.say)
        try:
            wanted = await engine.wanted(operation, ctx)
            if isinstance(wanted, ExecutionResult):
                return wanted
            member.told, member.began_s = await begin(wanted, ctx), ctx.clock.monotonic_s()
            member.seen = sight.now
            self._group(member, engine, operation, wanted, ctx, tongue).add(member)
        except Exception as wrong:
            return failed(wrong, operation.kind.value)
        finally:
            await ctx.close()
        return None

    def leave(self, member: Member) -> None:
        if member.group is not None:
            member.group.part(member)

    async def close(self) -> None:
        await self._rounds.close()

    def followers(self, field: str) -> Iterator[tuple[Viewer, str]]:
        """Who follows what by the field of this name, now."""
        for group in self._all.values():
            if group.asked.name == field:
                named = group.asked.wanted.named
                yield from ((one.viewer, named) for one in group.members if one.viewer)

    @property
    def members(self) -> int:
        return sum(len(group.members) for group in self._all.values())

    @property
    def total(self) -> int:
        return len(self._all)

    def _group(
        self,
        member: Member,
        engine: "Engine",
        operation: Operation,
        wanted: Wanted,
        ctx: Context,
        tongue: Spoken,
    ) -> Group:
        is_shared = self._sharing.is_told_alike(wanted.field, operation)
        key = _key(member, operation, tongue.locale, is_shared)
        group = self._all.get(key)
        if group is None:
            sight = Sight() if is_shared else ctx.sight
            asked = Asked(engine, operation, wanted, tongue.say, is_shared, sight)
            group = Group(key, asked, self._rights, self._rounds.owe, self._forget)
            group.hearing = wanted.field.followed.listen(ctx, wanted.named, group.hear)
            self._all[key] = group
        elif not is_shared:
            group.asked.sight.hears(ctx.sight.now)
        return group

    def _forget(self, group: Group) -> None:
        del self._all[group.key]
        if group.hearing is not None:
            group.hearing.stop()


def _key(member: Member, operation: Operation, locale: str, is_shared: bool) -> Hashable:
    """Who asks from elsewhere asks the same: where one stands is the member's own."""
    viewer = member.viewer
    audience = (viewer.tenant if viewer else None) if is_shared else viewer
    said = _variables(operation)
    return operation.document_hash, operation.ask.operation_name, said, audience, locale


def _variables(operation: Operation) -> bytes:
    given: Mapping[str, Any] = operation.ask.variables or {}
    left_out = resumes_by(operation.planned.node)
    told = {name: given[name] for name in sorted(given) if name not in left_out}
    return msgspec.json.encode(told)
