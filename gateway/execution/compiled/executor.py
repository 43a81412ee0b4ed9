"""Runs a compiled operation: level by level, each source once for all that wait for it."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from graphql import ExecutionResult, GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values

from gateway.execution.compiled.completing import located
from gateway.execution.compiled.plan import Command, Path, Plan, Site
from gateway.execution.compiled.run import Nulled, Run
from resolvers.context import Context
from schema.answering import answer, reveal
from schema.binding import ROOT
from services.contracts.errors import Refused


@dataclass(frozen=True, slots=True)
class Asking:
    """A site with its arguments; `instead` is asked for in place of what waits there."""

    site: Site
    args: dict[str, Any]
    instead: str | None = None
    error: Exception | None = None

    @property
    def same(self) -> Any:
        """Equal for what can be asked together."""
        if self.error is not None:
            return self.site
        return (self.site.field, tuple(sorted(self.args.items())))


async def execute(
    schema: GraphQLSchema,
    plan: Plan,
    ctx: Context,
    variables: VariableValues,
    event: Any = None,
) -> ExecutionResult:
    """Data and errors of one operation, or of one event of a subscription."""
    data = dict.fromkeys(plan.keys)
    data.update(plan.typenames)
    run = Run(schema, ctx, variables, data, len(plan.sites))
    for command in plan.commands:
        if run.data is not None:
            await _do(command, run)
    if plan.event is not None:
        await _show(plan.event, event, run)
    for site in plan.roots:
        run.waiting[site.number].append((ROOT, data, None))
    await _answer_all(plan.roots, run)
    return ExecutionResult(run.data, run.errors.all or None)


async def _answer_all(sites: Iterable[Site], run: Run) -> None:
    """Those that ask one source for the same are asked together, different sources at once."""
    groups: defaultdict[Any, list[Asking]] = defaultdict(list)
    for site in sites:
        asking = _asking(site, run.variables)
        groups[asking.same].append(asking)
    if len(groups) == 1:
        [group] = groups.values()
        await _answer_group(group, run)
    elif groups:
        async with asyncio.TaskGroup() as tasks:
            for group in groups.values():
                tasks.create_task(_answer_group(group, run))


def _asking(site: Site, variables: VariableValues) -> Asking:
    try:
        args = site.arguments.given(variables)
    except Exception as error:
        return Asking(site, {}, error=error)
    return Asking(site, {}, str(args["id"])) if site.is_found_by_id else Asking(site, args)


async def _answer_group(group: Sequence[Asking], run: Run) -> None:
    waits = [(asking, *wait) for asking in group for wait in run.take(asking.site)]
    if not waits:
        return
    things = [thing if asking.instead is None else asking.instead for asking, thing, _, _ in waits]
    items = await _items(group[0], run, things)
    for (asking, _, made, path), item in zip(waits, items, strict=True):
        site = asking.site
        try:
            if item.__class__ is not Refused:
                made[site.place.key] = site.finish(item, (path, site.place.key), run)
                continue
        except Nulled as nulled:
            run.null((path, site.place.key), site.strip, nulled.error)
            continue
        _put(asking.site, item, made, path, run)
    inner = [site for asking in group for site in asking.site.inner if run.waiting[site.number]]
    await _answer_all(inner, run)


async def _items(asking: Asking, run: Run, things: list[Any]) -> Sequence[Any]:
    """One for each thing; what went wrong is everybody's."""
    if asking.error is not None:
        return [asking.error] * len(things)

    async def fetch(all_things: list[Any]) -> Sequence[Any]:
        try:
            return await answer(asking.site.field, run.ctx, all_things, asking.args)
        except Exception as error:
            return [error] * len(all_things)

    if asking.site.is_shared:
        return await run.together.ask(asking.same, things, fetch)
    return await fetch(things)


def _put(site: Site, item: Any, made: dict[str, Any], path: Path, run: Run) -> None:
    own = (path, site.place.key)
    try:
        value = reveal(site.field, item) if isinstance(item, Refused) else item
        made[site.place.key] = site.finish(value, own, run)
    except Nulled as nulled:
        run.null(own, site.strip, nulled.error)
    except GraphQLError as refused:
        run.null(own, site.strip, located(refused, site.place, own))


async def _do(command: Command, run: Run) -> None:
    """One field of a mutation, and all that is asked of what it gives, before the next."""
    own = (None, command.place.key)
    try:
        value = await _done(command, run)
    except Exception as error:
        run.null(own, command.strip, located(error, command.place, own))
    else:
        await _show(command, value, run)


async def _show(command: Command, value: Any, run: Run) -> None:
    own = (None, command.place.key)
    try:
        shown = command.finish(value, own, run)
        if run.data is not None:
            run.data[command.place.key] = shown
    except Nulled as nulled:
        run.null(own, command.strip, nulled.error)
    await _answer_all([site for site in command.inner if run.waiting[site.number]], run)


async def _done(command: Command, run: Run) -> Any:
    args = get_argument_values(command.definition, command.place.nodes[0], run.variables)
    info: Any = SimpleNamespace(context=run.ctx)
    resolve: Any = command.definition.resolve
    return await resolve(None, info, **args)
