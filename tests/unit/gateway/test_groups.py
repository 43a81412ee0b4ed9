"""Who is asked together, and who alone."""

from typing import Any

import pytest

from gateway.execution.compiled.groups import Group
from schema.answering import BatchField


class Site:
    """As much of one as a group looks at."""

    def __init__(self, field: BatchField) -> None:
        self.field = field


async def answers(ctx: Any, parents: Any) -> list[Any]:
    return []


FIELD, OTHER = BatchField(answers, ()), BatchField(answers, (), optional=True)


def key(field: BatchField, args: dict[str, Any], error: Exception | None = None) -> Any:
    sites: Any = [Site(field)]
    return Group(sites, args, error=error).key


def test_one_source_with_the_same_arguments_is_asked_once() -> None:
    assert key(FIELD, {"a": 1, "b": "x"}) == key(FIELD, {"b": "x", "a": 1})


@pytest.mark.parametrize("other", [(OTHER, {"a": 1}), (FIELD, {"a": 2}), (FIELD, {})])
def test_others_are_asked_apart(other: tuple[BatchField, dict[str, Any]]) -> None:
    assert key(FIELD, {"a": 1}) != key(*other)


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_what_has_no_hash_is_asked_alone(value: Any) -> None:
    assert key(FIELD, {"a": value}) != key(FIELD, {"a": value})


def test_arguments_that_do_not_fit_are_their_own_fault() -> None:
    assert key(FIELD, {}, ValueError()) != key(FIELD, {}, ValueError())
