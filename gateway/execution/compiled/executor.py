"""Runs a compiled operation: level by level, each source once for all that wait for it."""

from collections.abc import Sequence
from functools import partial
from types import SimpleNamespace
from typing import Any

from graphql import ExecutionResult, GraphQLSchema
from graphql.execution.values import VariableValues, get_argument_values

from gateway.execution.compiled.at_once import at_once
from gateway.execution.compiled.completing import located
from gateway.execution.compiled.groups import Group, groups_of
from gateway.execution.compiled.plan import Command, Path, Plan, Site
from gateway.execution.compiled.run import Nulled, Run
from resolvers.context import Context
from schema.answering import answer
from schema.binding import ROOT


async def execute(
    schema: GraphQLSchema,
    plan: Plan,
    ctx: Context,
    variables: VariableValues,
    event: Any = None,
) -> ExecutionResult:
    """Data and errors of one operation, or of one event of a subscription."""
    data: dict[str, Any] = dict.fromkeys(plan.keys)
    data.update(plan.typenames)
    run = Run(schema, ctx, variables, data, plan)
    for command in plan.commands:
        if run.data is not None:
            await _do(command, run)
    if plan.event is not None:
        await _show(plan.event, event, run)
    for site in plan.roots:
        run.waiting[site.number].append((ROOT, data, None))
    await _answer_all(plan.roots, run)
    return ExecutionResult(run.data, run.errors.all or None)


async def _answer_all(sites: Sequence[Site], run: Run) -> None:
    """Different sources at once."""
    if not sites:
        return
    groups = groups_of(sites, run.variables)
    if len(groups) == 1:
        await _answer_group(groups[0], run)
    else:
        await at_once([_answer_group(group, run) for group in groups])


async def _answer_group(group: Group, run: Run) -> None:
    waits = [run.take(site) for site in group.sites]
    things = group.ids or [thing for of_site in waits for thing, _, _ in of_site]
    if not any(waits):
        return
    items = iter(await _asked(group, run, things))
    for site, of_site in zip(group.sites, waits, strict=True):
        run.code.fill[site.number](of_site, items, run)
    await _answer_all(_ready(group.sites, run), run)


async def _asked(group: Group, run: Run, things: list[Any]) -> Sequence[Any]:
    """Together with other branches that ask for the same, where there may be some."""
    if group.error is not None:
        return [group.error] * len(things)
    if group.sites[0].is_shared:
        return await run.together.ask(group.key, things, partial(_items, group, run))
    return await _items(group, run, things)


async def _items(group: Group, run: Run, things: list[Any]) -> Sequence[Any]:
    """One for each thing; what went wrong is everybody's."""
    try:
        return await answer(group.sites[0].field, run.ctx, things, group.args)
    except Exception as error:
        return [error] * len(things)


def _ready(sites: Sequence[Site | Command], run: Run) -> list[Site]:
    return [inner for site in sites for inner in site.inner if run.waiting[inner.number]]


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
    own: Path = (None, command.place.key)
    try:
        shown = run.code.finish[command.number](value, own, run)
        if run.data is not None:
            run.data[command.place.key] = shown
    except Nulled as nulled:
        run.null(own, command.strip, nulled.error)
    await _answer_all(_ready([command], run), run)


async def _done(command: Command, run: Run) -> Any:
    args = get_argument_values(command.definition, command.place.nodes[0], run.variables)
    info: Any = SimpleNamespace(context=run.ctx)
    resolve: Any = command.definition.resolve
    return await resolve(None, info, **args)
