"""Faults that a compiler of operations may have, one at a time in ours."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from graphql import GraphQLError, GraphQLInt
from graphql.execution.collect_fields import collect_subfields
from graphql.execution.values import VariableValues, get_argument_values

from gateway.execution.compiled import (
    arguments,
    completing,
    executor,
    planning,
    programs,
    selecting,
    source,
)
from gateway.execution.compiled.plan import ListOf, Place
from gateway.execution.compiled.run import steps_of
from gateway.execution.compiled.selecting import Selecting, name_of

Plant = Callable[[pytest.MonkeyPatch], None]


def null_climbs_a_step_too_far(patch: pytest.MonkeyPatch) -> None:
    real = selecting.strip_of
    patch.setattr(selecting, "strip_of", lambda path: _more(real(path)))


def merged_fields_are_dropped(patch: pytest.MonkeyPatch) -> None:
    real: Any = collect_subfields

    def collect(*given: Any) -> Any:
        return real(*given[:-1], given[-1][:1])

    patch.setattr(selecting, "collect_subfields", collect)


def skip_looks_at_the_wrong_value(patch: pytest.MonkeyPatch) -> None:
    def collect(schema: Any, fragments: Any, variables: VariableValues, *rest: Any) -> Any:
        flipped = {
            name: not value if isinstance(value, bool) else value
            for name, value in variables.coerced.items()
        }
        flipped_values = VariableValues(variables.sources, flipped)
        return collect_subfields(schema, fragments, flipped_values, *rest)

    patch.setattr(selecting, "collect_subfields", collect)


def aliases_are_lost(patch: pytest.MonkeyPatch) -> None:
    def place(self: Selecting, parent: Any, key: str, of: Any) -> Place:
        return Place(name_of(of), [one.node for one in of], parent.name, name_of(of))

    patch.setattr(Selecting, "place", place)


def an_items_null_makes_the_list_null(patch: pytest.MonkeyPatch) -> None:
    real = Selecting.shape

    def shape(self: Selecting, *given: Any) -> Any:
        made = real(self, *given)
        if isinstance(made, ListOf):
            made.item.required = True
        return made

    patch.setattr(Selecting, "shape", shape)


def errors_have_no_locations(patch: pytest.MonkeyPatch) -> None:
    real = completing.located

    def located(error: Exception, place: Place, path: Any) -> GraphQLError:
        made = real(error, place, path)
        return GraphQLError(made.message, path=made.path, original_error=made.original_error)

    patch.setattr(completing, "located", located)
    patch.setattr(executor, "located", located)


def things_of_any_type_are_taken(patch: pytest.MonkeyPatch) -> None:
    def thing(selection: Any, place: Any, value: Any, path: Any, run: Any) -> Any:
        return run.code.select[selection.number](value, path, run)

    patch.setattr(completing, "thing", thing)


def mutations_run_backwards(patch: pytest.MonkeyPatch) -> None:
    def plan_of(*given: Any) -> Any:
        plan = planning.plan_of(*given)
        plan.commands = list(reversed(plan.commands))
        return plan

    patch.setattr(programs, "plan_of", plan_of)


def defaults_of_arguments_are_ignored(patch: pytest.MonkeyPatch) -> None:
    def values(definition: Any, node: Any, variables: Any) -> Any:
        named = {one.name.value for one in node.arguments or ()}
        made = get_argument_values(definition, node, variables).items()
        return {name: value if name in named else None for name, value in made}

    patch.setattr(arguments, "get_argument_values", values)
    patch.setattr(arguments, "given_of", dict)


def integers_have_no_range(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(source, "ORDINARY", {**source.ORDINARY, GraphQLInt: "{0}.__class__ is int"})


def an_interface_is_the_first_of_its_types(patch: pytest.MonkeyPatch) -> None:
    def selection_of(shape: Any, *_: Any) -> Any:
        return next(iter(shape.selections.values()))

    patch.setattr(completing, "selection_of", selection_of)


def what_is_hidden_is_an_error(patch: pytest.MonkeyPatch) -> None:
    def reveal(field: Any, item: Any) -> Any:
        raise GraphQLError(item.message)

    patch.setattr(completing, "reveal", reveal)


def errors_name_the_parent(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(completing, "steps_of", lambda path: steps_of(path)[:-1])


def what_comes_after_a_failure_is_done(patch: pytest.MonkeyPatch) -> None:
    """A mutation's null climbs no further than its own field."""

    def plan_of(*given: Any) -> Any:
        plan = planning.plan_of(*given)
        for command in plan.commands:
            command.strip = 0
        return plan

    patch.setattr(programs, "plan_of", plan_of)


def _more(steps: int | None) -> int | None:
    return None if steps is None else steps + 1


FAULTS: Mapping[str, Plant] = {
    plant.__name__: plant
    for plant in [
        null_climbs_a_step_too_far,
        merged_fields_are_dropped,
        skip_looks_at_the_wrong_value,
        aliases_are_lost,
        an_items_null_makes_the_list_null,
        errors_have_no_locations,
        things_of_any_type_are_taken,
        mutations_run_backwards,
        defaults_of_arguments_are_ignored,
        integers_have_no_range,
        an_interface_is_the_first_of_its_types,
        what_is_hidden_is_an_error,
        errors_name_the_parent,
        what_comes_after_a_failure_is_done,
    ]
}
