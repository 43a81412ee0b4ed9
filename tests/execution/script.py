"""Asks the nasty schema of sources that answer what a test tells them to."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult, parse, validate

from gateway.execution.compiled.plan import Plan
from resolvers.context import Context, context_for
from services.contracts.errors import Refused
from services.kit.clock import FakeClock
from tests.execution.nasty import AMoth, nasty_schema
from tests.execution.things import ARock, ASheep, AWolf, Made, Speck, mark_of
from tests.fakes import asking
from tests.fakes.asking import CONSISTENCY
from tests.fakes.tenant import NOW, viewer

Said = Mapping[str, Any]


@dataclass
class Script:
    """`said`: by field what a source gives to each parent: a value, an error to raise, or one
    value for each of the parents that are asked. `log`: what was asked and done, in order.
    """

    said: Said
    log: list[str] = field(default_factory=list)
    args: list[dict[str, Any]] = field(default_factory=list)

    async def answer(
        self, name: str, parents: Sequence[Any], args: dict[str, Any], *, may_fail: bool = True
    ) -> list[Any]:
        self.log.append(f"{name} {' '.join(mark_of(one) for one in parents)}")
        self.args.append(args)
        value = self.said[name]
        if isinstance(value, Exception):
            raise value
        return value.of(parents) if isinstance(value, Each) else [value] * len(parents)

    async def do(self, name: str, given: dict[str, Any]) -> Any:
        self.log.append(f"{name} {given['name']}")
        self.args.append(given)
        return self.tell(name, None)

    def tell(self, name: str, parent: Any) -> Any:
        value = self.said[name]
        if isinstance(value, Exception):
            raise value
        return value

    def attribute(self, thing: Made, name: str) -> Any:
        raise AttributeError(f"no {name}")


@dataclass
class Each:
    """A value by the mark of who is asked."""

    by_mark: Mapping[str, Any]

    def of(self, parents: Sequence[Any]) -> list[Any]:
        return [self.by_mark[mark_of(one)] for one in parents]


@dataclass
class Answered:
    """Errors as (path, message); `at` has the lines and columns of each."""

    data: Any
    errors: list[tuple[list[str | int] | None, str]]
    at: list[list[tuple[int, int]]]
    codes: list[Any]


async def ask(said: Said | Script, query: str, event: Any = None, **variables: Any) -> Answered:
    """What either executor answers to a valid document; data are as JSON has them."""
    script = said if isinstance(said, Script) else Script(said)
    assert validate(nasty_schema(), parse(query)) == []
    assert not isinstance(_plan(query, variables), Exception)
    result = await asking.asked(nasty_schema(), query, variables, asking_of(script), event)
    return _answered(result)


def asking_of(sources: Any) -> Context:
    return context_for(viewer("acme"), FakeClock(NOW), 500.0, sources, CONSISTENCY)


def _plan(query: str, variables: dict[str, Any]) -> Plan | Exception | None:
    operation = asking.operation_of(nasty_schema(), query, variables)
    if isinstance(operation, ExecutionResult):
        return None
    return operation.planned.programs.find(operation.variables)


def _answered(result: ExecutionResult) -> Answered:
    errors = sorted(result.errors or [], key=lambda one: [str(step) for step in one.path or ()])
    return Answered(
        json.loads(json.dumps(result.data)),
        [(None if one.path is None else list(one.path), one.message) for one in errors],
        [[(at.line, at.column) for at in one.locations or ()] for one in errors],
        [(one.extensions or {}).get("code") for one in errors],
    )


def wolf(mark: str = "w", **given: Any) -> AWolf:
    return AWolf(Script({}), mark, **given)


def sheep(mark: str = "s", **given: Any) -> ASheep:
    return ASheep(Script({}), mark, **given)


def moth(mark: str = "m", **given: Any) -> AMoth:
    return AMoth(Script({}), mark, **given)


def rock(mark: str = "r", **given: Any) -> ARock:
    return ARock(Script({}), mark, **given)


def speck(mark: str = "d", **given: Any) -> Speck:
    return Speck(Script({}), mark, **given)


def refused(code: Any, message: str = "No.") -> Refused:
    return Refused(code, message)
