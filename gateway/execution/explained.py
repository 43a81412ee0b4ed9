"""A plan as a tree for people: who is asked at which level, and for what together."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from graphql import GraphQLError, print_ast
from graphql.execution.values import VariableValues

from gateway.execution.compiled.plan import (
    Attribute,
    Command,
    Leaf,
    ListOf,
    OneOf,
    Place,
    Plan,
    Selection,
    Shape,
    Site,
    Thing,
    Told,
)

DEEPER = "  "


@dataclass(frozen=True, slots=True)
class Call:
    """Of one source, for all the places that ask it for the same."""

    sites: Sequence[Site]

    @property
    def inner(self) -> list[Site]:
        return [inner for site in self.sites for inner in site.inner]

    @property
    def told(self) -> str:
        first, *others = self.sites
        also = "".join(f" + {_named(other.place)}" for other in others)
        return f"{_given(first.place, first.shape)}{also}  by {_source(first)}"


def lines(plan: Plan, variables: VariableValues) -> Iterator[str]:
    """What waits for others' answers stands below them, further in."""
    for command in plan.commands:
        yield from _command("command", command, variables)
    if plan.event is not None:
        yield from _command("event", plan.event, variables)
    yield from _level(plan.roots, variables, 1)


def together(sites: Iterable[Site], variables: VariableValues) -> list[Call]:
    """As `groups_of` asks them, but also where the ids that are variables are not known."""
    groups: dict[Any, list[Site]] = {}
    for site in sites:
        groups.setdefault((site.field, _arguments(site, variables)), []).append(site)
    return [Call(group) for group in groups.values()]


def _command(kind: str, command: Command, variables: VariableValues) -> Iterator[str]:
    yield f"{kind}  {_given(command.place, command.shape)}"
    for line in _level(command.inner, variables, 1):
        yield DEEPER + line


def _level(sites: Sequence[Site], variables: VariableValues, level: int) -> Iterator[str]:
    for call in together(sites, variables):
        yield f"{DEEPER * (level - 1)}level {level}  {call.told}"
        yield from _level(call.inner, variables, level + 1)


def _arguments(site: Site, variables: VariableValues) -> Any:
    try:
        given = {} if site.is_found_by_id else site.arguments(variables)
    except GraphQLError:
        return site.number
    return tuple(sorted(given.items()))


def _source(site: Site) -> str:
    fn: Any = site.field.fn
    while isinstance(fn, partial):
        fn = fn.func
    return f"{fn.__module__}.{fn.__qualname__}"


def _given(place: Place, shape: Shape) -> str:
    return f"{_named(place)}: {_type(shape)}{_contents(shape)}"


def _named(place: Place) -> str:
    alias = f"{place.key}: " if place.key != place.name else ""
    said = ", ".join(print_ast(argument) for argument in place.nodes[0].arguments or ())
    return f"{alias}{place.parent}.{place.name}{f'({said})' if said else ''}"


def _type(shape: Shape) -> str:
    required = "!" if shape.required else ""
    match shape:
        case Leaf(type_):
            return f"{type_.name}{required}"
        case ListOf(item):
            return f"[{_type(item)}]{required}"
        case Thing(selection):
            return f"{selection.type.name}{required}"
        case OneOf(name):
            return f"{name}{required}"


def _contents(shape: Shape) -> str:
    """How many values each thing has; of each type that it may be."""
    match shape:
        case Leaf():
            return ""
        case ListOf(item):
            return _contents(item)
        case Thing(selection):
            return f" of {values(selection)}"
        case OneOf(_, selections):
            each = (f"{name} of {values(one)}" for name, one in selections.items())
            return f" ({', '.join(each)})"


def values(selection: Selection) -> int:
    """How many it tells without asking anybody; of what may be of several types, those of all."""
    shapes = [one.shape for one in selection.fields if isinstance(one, Attribute | Told)]
    return sum(map(_values, shapes))


def _values(shape: Shape) -> int:
    match shape:
        case Leaf():
            return 1
        case ListOf(item):
            return _values(item)
        case Thing(selection):
            return values(selection)
        case OneOf(_, selections):
            return sum(map(values, selections.values()))
