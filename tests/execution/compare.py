"""When two executions of one operation are the same.

Data are equal to the byte. Errors are equal as a multiset, in message, path, locations, extensions
and whether clients may read them, but for those under a position that is null by an error from
below. Of these the specification leaves open which are told. "Handling Execution Errors": what
is null by an error that is in the list already adds no other ("only one error should be added to
the errors list per response position"); and as an error propagates, "any sibling response
positions which have not yet executed or have not yet yielded a value may be cancelled". So it
is a matter of timing, in graphql-core too, which sibling failed first and what was told before.

Asked of these errors: the same positions are null by what came from below, each executor tells
at least one error under each of them, none twice, and each is one that graphql-core finds too, in
the very same words, once nothing propagates (`@experimental_disableErrorPropagation`).
"""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql import ExecutionResult, GraphQLError

Position = tuple[str | int, ...]
TOO_FEW = re.compile(r"a source answered \d+ items for \d+ parents")
"""It says how many were asked together, which is what executors differ in."""


@dataclass(slots=True)
class Told:
    """The errors of one execution: by themselves, and by the null that they propagated to."""

    own: Counter[str] = field(default_factory=Counter)
    under: dict[Position, Counter[str]] = field(default_factory=dict)

    @staticmethod
    def of(result: ExecutionResult) -> "Told":
        told = Told()
        for error in result.errors or []:
            at = null_above(result.data, error.path or ())
            errors = told.own if at is None else told.under.setdefault(at, Counter())
            errors[said(error)] += 1
        return told

    @property
    def all(self) -> set[str]:
        return set(self.own) | {one for errors in self.under.values() for one in errors}


def said(error: GraphQLError) -> str:
    """All that a client or the log may see of it."""
    shown = json.dumps(error.formatted, sort_keys=True, default=str)
    is_refusal = isinstance(error.original_error, GraphQLError)
    return TOO_FEW.sub("a source answered too few items", f"{is_refusal} {shown}")


def null_above(data: Any, path: Sequence[str | int]) -> Position | None:
    """The null that stands above `path`; None where the path is there, null or not, to its end."""
    for count, step in enumerate(path):
        if data is None:
            return tuple(path[:count])
        data = data[step]
    return None


def differences(
    one: ExecutionResult, other: ExecutionResult, without_propagation: ExecutionResult
) -> list[str]:
    """What is not the same; empty where all is."""
    found = []
    if json.dumps(one.data) != json.dumps(other.data):
        return [f"data: {json.dumps(one.data)} and {json.dumps(other.data)}"]
    first, second, every = Told.of(one), Told.of(other), Told.of(without_propagation).all
    if first.own != second.own:
        found.append(f"errors: {first.own - second.own} and {second.own - first.own}")
    if set(first.under) != set(second.under):
        found.append(f"nulls from below: {set(first.under) ^ set(second.under)}")
    for told in (first, second):
        unknown = {one for errors in told.under.values() for one in errors} - every
        if unknown:
            found.append(f"errors that are none: {unknown}")
        if any(count > 1 for errors in told.under.values() for count in errors.values()):
            found.append(f"an error told twice: {told.under}")
    return found


def deepest_list(data: Any) -> int:
    """How many lists stand in one another with nothing between."""
    if isinstance(data, dict):
        return max(map(deepest_list, data.values()), default=0)
    if isinstance(data, list):
        return _nested(data)
    return 0


def _nested(data: list[Any]) -> int:
    own = [1 + _nested(one) for one in data if isinstance(one, list)]
    below = [deepest_list(one) for one in data if isinstance(one, dict)]
    return max([1, *own, *below])
