"""One execution of a compiled operation: its answer so far, its errors, and who waits for what."""

from collections.abc import Iterator
from typing import Any, TypeAlias

from graphql import GraphQLError, GraphQLSchema
from graphql.execution.values import VariableValues

from gateway.execution.compiled.plan import Path, Plan, Site
from gateway.execution.compiled.together import Together
from resolvers.context import Context

Wait: TypeAlias = tuple[Any, dict[str, Any], Path]
"""A thing that is asked, its answer so far, and where that stands."""


class Nulled(Exception):
    """Nothing can stand here, where null may not: whoever is above decides."""

    def __init__(self, error: GraphQLError) -> None:
        super().__init__(error.message)
        self.error = error


class Errors:
    """In the order in which they were met; none under what an error has made null already."""

    def __init__(self) -> None:
        self.all: list[GraphQLError] = []
        self._null_at: set[tuple[str | int, ...]] = set()

    def add(self, error: GraphQLError, at: Path) -> None:
        steps = steps_of(at)
        if not self._have_nulled(steps):
            self._null_at.add(steps)
            self.all.append(error)

    def spare(self, at: Path) -> bool:
        """Whether what stands there is still part of the answer."""
        return not self.all or not self._have_nulled(steps_of(at))

    def _have_nulled(self, steps: tuple[str | int, ...]) -> bool:
        return any(steps[:count] in self._null_at for count in range(len(steps) + 1))


class Run:
    """`waiting` has for each site, by its number, who waits there."""

    __slots__ = ("code", "ctx", "data", "errors", "schema", "together", "variables", "waiting")

    def __init__(
        self,
        schema: GraphQLSchema,
        ctx: Context,
        variables: VariableValues,
        data: dict[str, Any],
        plan: Plan,
    ) -> None:
        self.schema = schema
        self.ctx = ctx
        self.variables = variables
        self.data: dict[str, Any] | None = data
        self.errors = Errors()
        self.together = Together()
        self.waiting: list[list[Wait]] = [[] for _ in plan.sites]
        self.code = plan.code

    def take(self, site: Site) -> list[Wait]:
        """All that wait there, who then wait no longer, but for what is null by now."""
        waits, self.waiting[site.number] = self.waiting[site.number], []
        if not self.errors.all:
            return waits
        return [wait for wait in waits if self.errors.spare(wait[2])]

    def null(self, path: Path, strip: int | None, error: GraphQLError) -> None:
        """The value at `path` is null, or what stands `strip` steps above it, or all of it."""
        if strip is None:
            self.errors.add(error, None)
            self.data = None
            return
        for _ in range(strip):
            path = path[0] if path else None
        self.errors.add(error, path)
        self._set_null(steps_of(path))

    def _set_null(self, steps: tuple[str | int, ...]) -> None:
        holder: Any = self.data
        for step in steps[:-1]:
            if holder is None:
                return
            holder = holder[step]
        if holder is not None:
            holder[steps[-1]] = None


def steps_of(path: Path) -> tuple[str | int, ...]:
    return tuple(_upwards(path))[::-1]


def _upwards(path: Path) -> Iterator[str | int]:
    while path is not None:
        path, step = path
        yield step
